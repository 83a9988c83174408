"""A run's manifest in words and rows: what went in, what the council set, what each stage counted; shows no family."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from criteria import load_framework
from pipeline.config import Settings
from pipeline.record.manifest import Manifest, Pointer, StageEntry, manifest_digest
from schemas.rules import RULES, message
from web.published import Published


ELSEWHERE = ("inbox", "notify", "schedule", "cluster", "protection", "retention")
"""Parts of the settings that shape no result."""

LONGEST = 300
Row = dict[str, Any]


def about(manifest: Manifest, washed: str) -> list[tuple[str, str]]:
    """What the run is and what it rests on, as pairs; `washed` is when and by whom, from the audit log."""
    libraries = ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())
    return [
        ("Run", manifest.run_id),
        ("Washed", washed),
        ("On the list", f"{manifest.table('master_list').rows:,} families"),
        ("Undetermined", f"{manifest.table('undetermined').rows:,} families"),
        ("Settings", pointer(manifest.settings_file, "the defaults")),
        ("Framework", pointer(manifest.framework, "none")),
        ("Decisions of reviewers", decisions(manifest)),
        ("Linkage model", pointer(manifest.model_file, "trained on this wash's own extracts")),
        ("Register of claims", pointer(manifest.claims_register, "none was read")),
        ("Extracts left out on purpose", ", ".join(manifest.without) or "none"),
        ("Files that were not read", ", ".join(manifest.not_read) or "none"),
        ("Audit log when it was published", head(manifest)),
        ("Signed with the key", manifest.signer or "none"),
        ("Code", manifest.code_version),
        ("Libraries", libraries),
        ("The manifest's own digest", manifest_digest(manifest)),
    ]


def pointer(held: Pointer | None, without: str) -> str:
    """What is held by its digest, or what is said where there is nothing."""
    return f"{held.name} (sha256 {held.sha256[:12]})" if held else without


def head(manifest: Manifest) -> str:
    """How the audit log stood when the run was published."""
    held = manifest.audit
    return f"{held.lines:,} lines, the last with the digest {held.digest[:16]}" if held else "not kept by that version"


def decisions(manifest: Manifest) -> str:
    """Where the decisions about links came from, and what became of them."""
    given = [pointer(held, "") for held in (manifest.decisions, manifest.judgements) if held]
    counts = {name.removeprefix("judgements").strip("_"): count for name, count in manifest.stage("link").counts.items()
              if name.startswith("judgements")}
    became = [f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if name and count]
    return "; ".join([*given, f"{counts.get('', 0):,} in all", *became]) if given else "none"


def inputs(manifest: Manifest) -> list[Row]:
    """A row for each file that went in, and one for all of them."""
    rows: list[Row] = [
        {"extract": file.extract, "file": file.path, "read": file.rows_read, "accepted": file.rows_accepted,
         "quarantined": file.rows_quarantined, "erased": file.rows_erased or 0, "sha256": file.sha256[:12]}
        for file in manifest.inputs
    ]
    counts = {name: sum(row[name] for row in rows) for name in ("read", "accepted", "quarantined", "erased")}
    return [*rows, {"extract": "all", "file": f"{len(rows)} files", **counts, "sha256": ""}]


def quarantined(run: Published) -> list[Row]:
    """How many rows of each file were quarantined by each rule, the rule in words; no value of any row."""
    if not run.has("quarantine"):
        return []
    rows = run.table("quarantine", ["extract", "file", "rule", "column"])
    keys = ["extract", "file", "rule", "column"]
    counts = rows.groupby(keys, dropna=False, observed=True, sort=True).size().reset_index(name="rows")
    return [
        {"extract": extract, "file": file, "why": rule_words(rule, column), "rows": count}
        for extract, file, rule, column, count in counts.itertuples(index=False)
    ]


def rule_words(rule: str, column: Any) -> str:
    """A rule in words, for a column."""
    return message(rule, None if pd.isna(column) else str(column)) if rule in RULES else str(rule).replace("_", " ")


def changed_figures(run: Published) -> list[Row]:
    """The figures of the programme that the council's settings changed, with what was published and why."""
    changes = load_framework(run.settings.criteria).changes
    return [{"key": one.key, "published": said(one.published), "used": said(one.used), "reason": one.reason}
            for one in changes]


def own_settings(run: Published) -> list[Row]:
    """The settings that are not the packaged ones, but for those that shape no result."""
    own, usual = _flattened(run.settings), _flattened(Settings())
    return [{"key": key, "value": said(value), "usual": said(usual.get(key))}
            for key, value in own.items() if usual.get(key) != value]


def said(value: Any) -> str:
    """A setting's value as a person reads it; what is long is cut."""
    if value is None or value in ([], {}):
        return "nothing"
    text = ", ".join(map(_one, value)) if isinstance(value, list) else _one(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def stages(manifest: Manifest) -> list[Row]:
    """The stages in order: name, seconds, what was counted and which tables were written."""
    return [
        {"name": stage.name, "seconds": manifest.timings.get(stage.name), "counts": _counts(stage),
         "tables": [{"name": table.name, "rows": table.rows} for table in stage.tables]}
        for stage in manifest.stages
    ]


def warnings(manifest: Manifest) -> list[str]:
    """Everything that a reader of the run is warned of."""
    return [warning for stage in manifest.stages for warning in stage.warnings]


def _counts(stage: StageEntry) -> list[Row]:
    return [{"what": name.replace("_", " "), "count": count} for name, count in stage.counts.items() if count]


def _flattened(settings: Settings) -> dict[str, Any]:
    return dict(_flat(settings.model_dump(mode="json", exclude=set(ELSEWHERE))))


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        key = f"{above}{name}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


def _one(value: Any) -> str:
    """A layout by its files, another part by its code or name, else as it stands."""
    if isinstance(value, dict):
        if "files" in value:
            return ", ".join(value["files"]) or "columns joined from the files named before"
        return str(value.get("code") or value.get("name") or json.dumps(value, ensure_ascii=False))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
