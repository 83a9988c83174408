"""What Prefect keeps of a wash: artifacts that hold counts and the place of the run; decides nothing, names nobody."""

from collections.abc import Iterable
from pathlib import Path

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from pipeline.record.manifest import Manifest
from pipeline.record.tables import read_table
from pipeline.wash import Washed


Row = dict[str, str | int]


def publish_summary(washed: Washed) -> None:
    """Leave the funnel, the counts of each extract and of each verdict, and a link to the run, with Prefect."""
    create_markdown_artifact(key="wash-summary", markdown=markdown_summary(washed))
    create_table_artifact(key="wash-extracts", table=extract_counts(washed.manifest))
    create_table_artifact(key="wash-verdicts", table=verdict_counts(washed.folder))
    create_link_artifact(key="wash-run", link=washed.folder.resolve().as_uri(), link_text=washed.folder.name)


def markdown_summary(washed: Washed) -> str:
    """The funnel of a wash as markdown."""
    lines = [f"| {step.replace('_', ' ')} | {count:,} |" for step, count in funnel_counts(washed.folder)]
    title = f"# Wash as of {washed.manifest.as_of:%d %B %Y}, run {washed.manifest.run_id}"
    note = ["This wash had been published before: nothing was washed again.", ""] if washed.already else []
    return "\n".join([title, "", *note, "| step | count |", "|---|---:|", *lines, ""])


def funnel_counts(folder: Path) -> list[tuple[str, int]]:
    """The steps of the funnel of the run in `folder`, and their counts."""
    funnel = read_table(folder / "tables" / "funnel.parquet")
    return [(str(step), int(count)) for step, count in zip(funnel["step"], funnel["count"], strict=True)]


def extract_counts(manifest: Manifest) -> list[Row]:
    """A row for each extract: rows read, accepted, quarantined."""
    stages = [stage for stage in manifest.stages if stage.name.startswith("ingest ")]
    parts = ("read", "accepted", "quarantined")
    return [
        {"extract": stage.name.removeprefix("ingest ")} | {part: stage.counts[f"rows_{part}"] for part in parts}
        for stage in stages
    ]


def verdict_counts(folder: Path) -> list[Row]:
    """A row for each criterion and verdict: households."""
    verdicts = read_table(folder / "tables" / "verdicts.parquet", ["criterion", "verdict"])
    counts = verdicts.groupby(["criterion", "verdict"], observed=True).size()
    keys: Iterable[tuple[str, str]] = counts.index
    return [
        {"criterion": criterion, "verdict": verdict, "households": int(count)}
        for (criterion, verdict), count in zip(keys, counts, strict=True)
    ]
