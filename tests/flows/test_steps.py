"""An error on its way to Prefect: its own words if it is ours, else its kind and place; never what lies behind it."""

import httpx
import pytest

from flows.clean import cleanly
from flows.steps import task_name
from pipeline.intake.sources import Source
from pipeline.stages import ingest, link
from schemas.errors import DataWashError, ExtractRefusedError, StorageError


CANARY = "Zebulon Quagmire"


def _refuse() -> None:
    try:
        raise KeyError(CANARY)
    except KeyError:
        raise ExtractRefusedError("attendance.csv, line 3: a quote is not closed.")  # noqa: B904 - as a slip would be


def _slip() -> None:
    raise ValueError(CANARY)


def _lose_server() -> None:
    raise httpx.ConnectError(CANARY)


def test_an_error_of_ours_keeps_its_kind_and_words_and_loses_what_is_behind_it() -> None:
    with pytest.raises(ExtractRefusedError, match="a quote is not closed") as caught:
        cleanly(_refuse)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_bug_is_told_by_kind_and_place() -> None:
    with pytest.raises(DataWashError, match=r"A bug in Data Wash: ValueError at flows\.clean:\d+\.") as caught:
        cleanly(_slip)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.exit_code == 1


def test_a_server_that_is_lost_is_told_as_such() -> None:
    with pytest.raises(StorageError, match="stopped answering") as caught:
        cleanly(_lose_server)
    assert CANARY not in str(caught.value)


def test_a_task_is_named_after_its_stage_and_extract() -> None:
    assert task_name(ingest, ("run", Source("attendance", ()))) == "ingest attendance"
    assert task_name(link, ("run", [])) == "link"
