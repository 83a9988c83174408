"""What the command line looks like; imports nothing that is slow to load, and decides nothing but names and options."""

from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from cli import arguments
from cli.accounts import accounts
from cli.checking import audit, open_file, verify
from cli.claims import claims
from cli.keys import keys
from cli.retaining import hold, purge
from cli.say import remark, tell
from cli.subject import subject


def _say_version(context: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from pipeline.record.code_version import code_version

    click.echo(f"datawash {version('datawash')}, code {code_version()}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version and the digest of the code, as a run's manifest has it, and exit.",
)
def datawash() -> None:
    """Find the families that the programme should help, with the evidence behind every row.

    \b
    Exit codes: 0 done · 1 a bug · 2 how the command was called · 3 settings · 4 an extract refused
                5 another wash is running · 6 disk or folder · 7 not what it was · 8 a replay differs
    """


@datawash.command()
@arguments.folder
@arguments.as_of(needed=True)
@arguments.settings
@click.option("--previous", metavar="RUN|none", help="The run that this one follows (default: the latest before it).")
@click.option("--judgements", type=arguments.EXISTING, metavar="FILE", help="Decisions about pairs of records.")
@click.option("--without", multiple=True, metavar="EXTRACT", help="Go on without an optional extract; may be repeated.")
@arguments.outputs
@arguments.engine
@arguments.as_json
def wash(prefect: bool | None, as_json: bool, **asked: Any) -> int:
    """Wash the extracts in DIR and publish the run.

    A run holds the master list with its evidence, the undetermined families, the request to DWP and the links to
    review. The same wash again says that it is already washed, and where.
    """
    from cli.wash import wash_folder

    return tell(wash_folder(prefect, **asked), as_json=as_json)


@datawash.command()
@arguments.folder
@arguments.settings
@arguments.as_of(needed=False)
@arguments.as_json
def check(folder: Path, settings: Path | None, as_of: date | None, as_json: bool) -> int:
    """Check the settings and the extracts in DIR; wash nothing."""
    from cli.check import check_folder

    return tell(check_folder(folder, settings, as_of or date.today()), as_json=as_json)


@datawash.command("map")
@click.argument("file", type=arguments.EXISTING)
@click.option("--extract", metavar="NAME", help="The extract that FILE is (default: the likeliest).")
@arguments.as_json
def propose(file: Path, extract: str | None, as_json: bool) -> int:
    """Propose settings that read FILE's headers; apply nothing."""
    from cli.proposal import propose_layout

    return tell(propose_layout(file, extract), as_json=as_json)


@datawash.command()
@arguments.outputs
@arguments.as_json
def runs(outputs: Path, as_json: bool) -> int:
    """List the published runs."""
    from cli.runs import list_runs

    return tell(list_runs(outputs), as_json=as_json)


@datawash.command()
@arguments.run_name
@arguments.outputs
@arguments.as_json
def show(run: str, outputs: Path, as_json: bool) -> int:
    """Say what went into RUN, what was counted, what came out."""
    from cli.runs import show_run

    return tell(show_run(outputs, run), as_json=as_json)


@datawash.command()
@arguments.run_name
@click.argument("who", metavar="FAMILY|PERSON")
@arguments.outputs
@arguments.as_json
def explain(run: str, who: str, outputs: Path, as_json: bool) -> int:
    """Say what holds a family or a person together, and what shows it.

    FAMILY is an id such as F0000001 or H0000001, PERSON one such as P0000001.
    """
    from cli.explain import explain_id

    return tell(explain_id(outputs, run, who), as_json=as_json)


@datawash.command()
@arguments.run_name
@click.argument("who", metavar="FAMILY")
@click.option("--out", type=arguments.FILE, metavar="FILE", help="Where to write the PDF (default: packs/ below DIR).")
@click.option("--xlsx", type=arguments.FILE, metavar="FILE", help="Write the same as a workbook, too.")
@arguments.outputs
@arguments.as_json
def pack(run: str, who: str, out: Path | None, xlsx: Path | None, outputs: Path, as_json: bool) -> int:
    """Write the evidence pack of a family for an auditor, as PDF.

    FAMILY is an id such as F0000001, or the reference that the caseload gives the family. The audit log has each pack.
    """
    from cli.pack import pack_family

    return tell(pack_family(outputs, run, who, out, xlsx), as_json=as_json)


@datawash.group()
def linkage() -> None:
    """Look into how a run linked its records, or reuse it."""


@linkage.command("model")
@arguments.run_name
@click.option("--out", type=arguments.FILE, metavar="FILE", required=True, help="Where to write it, as JSON.")
@arguments.outputs
@arguments.as_json
def save_linkage_model(run: str, out: Path, outputs: Path, as_json: bool) -> int:
    """Write the model that RUN linked its records by.

    Settings that name the file (`model = "FILE"` under `[linkage]`) weigh with it instead of training one.
    """
    from cli.linkage_model import save_run_model

    return tell(save_run_model(outputs, run, out), as_json=as_json)


@datawash.command()
@arguments.run_name
@click.option("--into", type=arguments.FILE, metavar="DIR", help="Keep the second wash here (default: remove it).")
@arguments.outputs
@arguments.engine
@arguments.as_json
def replay(run: str, into: Path | None, outputs: Path, prefect: bool | None, as_json: bool) -> int:
    """Wash RUN again from the archive, elsewhere, and compare."""
    from cli.replay import replay_again

    return tell(replay_again(outputs, run, into, prefect), as_json=as_json)


@linkage.command()
@arguments.run_name
@click.option("--labels", type=arguments.EXISTING, metavar="FILE", help="Judged pairs to hold the run against.")
@click.option("--out", type=arguments.FILE, metavar="FILE", help="Where to write it (default: reports/ below DIR).")
@arguments.outputs
@arguments.as_json
def report(run: str, labels: Path | None, out: Path | None, outputs: Path, as_json: bool) -> int:
    """Draw what the model learnt, what it joined, and who is left out, as one HTML file.

    FILE of --labels has left_id, right_id and judgement (match, no_match); a file of judgements will do. With it the
    report gives precision, recall and calibration.
    """
    from cli.linkage_report import draw_report

    return tell(draw_report(outputs, run, labels, out), as_json=as_json)


@datawash.command()
@click.argument("to", metavar="FILE|DIR", type=arguments.FILE)
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: those of the latest run).")
@arguments.outputs
@arguments.as_json
def backup(to: Path, settings: Path | None, outputs: Path, as_json: bool) -> int:
    """Back up everything below the outputs to one file.

    Runs, archive, decisions, claims, audit log, accounts; encrypted where [protection] names keys. The pages may go on;
    no wash begins meanwhile.
    """
    from cli.backup import back_up

    return tell(back_up(outputs, to, settings), as_json=as_json)


@datawash.command()
@click.argument("file", type=arguments.EXISTING)
@click.option("--drill", is_flag=True, help="Into a private folder that is removed again: does the backup work?")
@click.option("--replay", is_flag=True, help="Wash the latest run again from what came back, and compare.")
@arguments.outputs
@arguments.as_json
def restore(file: Path, drill: bool, replay: bool, outputs: Path, as_json: bool) -> int:
    """Bring a backup back, and verify all of it.

    Into an outputs folder that is empty or not there, and into no other.
    """
    from cli.backup import restore as bring_back

    return tell(bring_back(file, outputs, drill=drill, replay=replay), as_json=as_json)


@datawash.command("report")
@arguments.run_name
@click.option("--out", type=arguments.FILE, metavar="FILE", help="Draw it again, to FILE (default: RUN's own stands).")
@arguments.outputs
@arguments.as_json
def report_run(run: str, out: Path | None, outputs: Path, as_json: bool) -> int:
    """Show RUN in pictures, as one HTML file that names nobody.

    What came in, the way to families, what changed, how sure links are. Every run has it as report.html.
    """
    from cli.report import report_in_pictures

    return tell(report_in_pictures(outputs, run, out), as_json=as_json)


@datawash.command()
@arguments.run_name
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: those of the run).")
@arguments.outputs
@arguments.as_json
def costs(run: str, settings: Path | None, outputs: Path, as_json: bool) -> int:
    """Add up what the programme of RUN brings and costs.

    The council's share of the national number; fees and results by year and quarter, earned and forecast; the part of
    the assumed cost that it bears. As XLSX, CSV, HTML and SVG in reports/ below the outputs.
    """
    from cli.steering import tell_costs

    return tell(tell_costs(outputs, run, settings), as_json=as_json)


@datawash.command()
@arguments.run_name
@click.option(
    "--of",
    type=click.Choice(["programme", "eligible"]),
    default="programme",
    show_default=True,
    help="Families on the caseload, or those on the master list.",
)
@click.option("--before", multiple=True, metavar="RUN", help="A run whose profile readers have; may be repeated.")
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: those of the run).")
@arguments.outputs
@arguments.as_json
def profile(
    run: str, of: str, before: tuple[str, ...], settings: Path | None, outputs: Path, as_json: bool
) -> int:
    """Release what RUN's families are like, in counts.

    Small numbers are left out; beside the others stands what the national monitoring published. A release is
    recorded, and the next is held against it: no difference of two tells of a small number of families.
    """
    from cli.steering import tell_profile

    return tell(tell_profile(outputs, run, of, before, settings), as_json=as_json)


@datawash.command()
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: DIR/pages.toml, if any).")
@click.option("--host", metavar="ADDRESS", help="Where to listen (default: 127.0.0.1, this machine alone).")
@click.option("--port", type=click.IntRange(1, 65535), help="The port (default: 8600).")
@click.option("--open", "opened", is_flag=True, help="Open them in this machine's browser, signed in.")
@arguments.outputs
def serve(settings: Path | None, host: str | None, port: int | None, opened: bool, outputs: Path) -> int:
    """Serve the pages over the published runs until stopped."""
    from cli.serve import serve_pages

    return serve_pages(outputs, settings, host, port, opened=opened)


@datawash.command()
@arguments.outputs
@arguments.as_json
def doctor(outputs: Path, as_json: bool) -> int:
    """Say whether this machine is fit for families' data.

    Who may read what stands in DIR, disk encryption, swap, core dumps, keys, room, what was left behind. It changes
    nothing.
    """
    from cli.doctor import tell_health

    return tell(tell_health(outputs), as_json=as_json)


@datawash.command()
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: the packaged ones).")
@arguments.outputs
def schedule(settings: Path | None, outputs: Path) -> int:
    """Serve the monthly wash on a Prefect server until stopped."""
    from cli.place import warn_of_place
    from flows.deployments import serve_schedule

    warn_of_place(outputs)
    serve_schedule(settings, outputs, remark)
    return 0


datawash.add_command(accounts)
datawash.add_command(claims)
datawash.add_command(keys)
for command in (verify, open_file, audit):
    datawash.add_command(command)
datawash.add_command(purge)
datawash.add_command(hold)
datawash.add_command(subject)
