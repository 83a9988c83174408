"""Arguments and options that several commands share; decides how a date is written and where outputs stand."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click


class Day(click.ParamType):
    """A date as ISO has it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that `value` says; a usage error that shows how to write one."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(_wanted(param), None, ctx)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What is said when the date is not given."""
        return f"{_wanted(param)}."


Decorator = Callable[[Any], Any]
FILE = click.Path(path_type=Path)
EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)

folder = click.argument("folder", metavar="DIR", type=FILE)
run_name = click.argument("run", metavar="RUN")
settings = click.option("--settings", type=FILE, metavar="FILE", help="Settings (default: DIR/wash.toml, if any).")
outputs = click.option(
    "--outputs",
    type=FILE,
    default=Path("outputs"),
    envvar="DATAWASH_OUTPUTS",
    show_default=True,
    show_envvar=True,
    metavar="DIR",
    help="Where runs and the archive stand.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, nothing else there.")
engine = click.option(
    "--prefect/--plain",
    "prefect",
    default=None,
    help="As a Prefect flow, or at once. Default: Prefect when PREFECT_API_URL or a [cluster] is set.",
)


def as_of(*, needed: bool) -> Decorator:
    """The day as of which families are looked at."""
    said = "The day as of which families are looked at" + ("." if needed else " (default: today).")
    return click.option("--as-of", type=Day(), required=needed, metavar="DATE", help=said)


def _wanted(param: click.Parameter | None) -> str:
    return f"{param.opts[0] if param else 'a date'} wants a date like 2013-09-30"
