"""The scheduled wash: the month's folder, once its extracts are there, washed, and people told; decides no result."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from prefect import flow, runtime, task
from prefect.cache_policies import NO_CACHE

from flows.clean import cleanly
from flows.data_wash import data_wash
from flows.inbox import as_of_of, left_out, missing_extracts, month_folder
from flows.notify import News, news_of, news_of_failure, say, tell
from flows.orphan import end_with_runner
from flows.steps import forget_error
from pipeline.config import Settings, load_settings
from pipeline.wash import Washed
from schemas.errors import DataWashError, ExtractRefusedError
from schemas.process import be_private


MINUTE = 60.0
CRASHED = "Its process ended before the wash did: it was killed, or the machine stopped. Run it again."


class Order(NamedTuple):
    """What a scheduled wash was asked for. `month` is like 2013-09; without it and `as_of`, the month before."""

    outputs: Path
    settings: Path | None
    month: str | None
    as_of: date | None
    without: tuple[str, ...]


def _run_name() -> str:
    return f"scheduled-{runtime.flow_run.scheduled_start_time:%Y-%m-%d}"


def _tell_of_crash(flow: Any, flow_run: Any, state: Any) -> None:
    given = flow_run.parameters.get("settings")
    path = Path(given) if given else None
    _told(path, load_settings(path), news_of_failure("by schedule", DataWashError(CRASHED)))


@flow(
    name="scheduled-wash",
    flow_run_name=_run_name,
    persist_result=False,
    log_prints=False,
    on_failure=[forget_error],
    on_crashed=[_tell_of_crash],
)
def scheduled_wash(
    outputs: str,
    settings: str | None = None,
    month: str | None = None,
    as_of: date | None = None,
    without: list[str] | None = None,
) -> None:
    """Wash the folder of a month (like 2013-09; else the month before the scheduled start), and tell people."""
    be_private()
    end_with_runner()
    order = Order(Path(outputs), Path(settings) if settings else None, month, as_of, tuple(without or ()))
    cleanly(_washed_and_told, order)


def _washed_and_told(order: Order) -> None:
    settings = load_settings(order.settings)
    try:
        news = cleanly(_news_of_wash, order, settings)
    except DataWashError as error:
        _told(order.settings, settings, news_of_failure("by schedule", error))
        raise
    _told(order.settings, settings, news)


def _news_of_wash(order: Order, settings: Settings) -> News:
    as_of = as_of_of(order.month, order.as_of, runtime.flow_run.scheduled_start_time, settings.schedule.timezone)
    folder = month_folder(settings.inbox, order.settings, as_of)
    _wait_for_extracts(folder, settings, order.without)
    without = tuple(dict.fromkeys([*order.without, *left_out(folder, settings)]))
    washed: Washed = data_wash(
        folder=str(folder),
        as_of=as_of,
        outputs=str(order.outputs),
        settings=str(order.settings) if order.settings else None,
        without=list(without) or None,
    )
    return news_of(washed, without)


def _wait_for_extracts(folder: Path, settings: Settings, without: tuple[str, ...]) -> None:
    """Look for the extracts that a wash must have, as often and as far apart as `[inbox]` says."""
    inbox = settings.inbox

    @task(
        name="wait for extracts",
        task_run_name="wait for extracts",
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=inbox.tries - 1,
        retry_delay_seconds=inbox.wait_minutes * MINUTE,
    )
    def look() -> None:
        if missing := missing_extracts(folder, settings, without):
            raise ExtractRefusedError(
                f"{folder.name} lacks {'; '.join(missing)}. Looked {inbox.tries} times, {inbox.wait_minutes:g} minutes "
                "apart. Add the files and run the wash again, or leave an extract out."
            )

    look()


def _told(path: Path | None, settings: Settings, news: News) -> None:
    """Tell `news`, in the log of the schedule too; where that cannot be done, the wash stands all the same."""
    say(news)
    try:
        tell(settings.notify, path.parent if path else Path(), news, datetime.now(UTC))
    except OSError as error:
        say(News("The news could not be told as [notify] says", (f"{type(error).__name__}.",)))
