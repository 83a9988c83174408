"""The month that a scheduled wash is for, its folder, and what is missing there."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.inbox import as_of_of, left_out, missing_extracts, month_folder
from pipeline.config import Inbox, Settings, parse_settings
from schemas.errors import SettingsError, UsageError


LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("scheduled", "as_of"),
    [
        (datetime(2013, 10, 2, 5, 0, tzinfo=UTC), date(2013, 9, 30)),
        (datetime(2013, 3, 1, 6, 0, tzinfo=UTC), date(2013, 2, 28)),
        (datetime(2012, 3, 31, 6, 0, tzinfo=UTC), date(2012, 2, 29)),
        (datetime(2013, 9, 30, 22, 59, tzinfo=UTC), date(2013, 8, 31)),
        (datetime(2013, 9, 30, 23, 30, tzinfo=UTC), date(2013, 9, 30)),
        (datetime(2013, 12, 31, 23, 30, tzinfo=UTC), date(2013, 11, 30)),
    ],
)
def test_as_of_the_end_of_the_month_before_the_scheduled_start_in_london(scheduled: datetime, as_of: date) -> None:
    assert as_of_of(None, None, scheduled, LONDON) == as_of


def test_a_month_or_a_date_that_is_asked_for_is_taken() -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert as_of_of("2012-02", None, now, LONDON) == date(2012, 2, 29)
    assert as_of_of("2012-02", date(2012, 2, 11), now, LONDON) == date(2012, 2, 11)


@pytest.mark.parametrize("month", ["2013", "2013-13", "09-2013", "September 2013", ""])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    with pytest.raises(UsageError, match="2013-09"):
        as_of_of(month, None, datetime(2026, 11, 2, tzinfo=UTC), LONDON)


def test_the_folder_stands_beside_the_settings_file(tmp_path: Path) -> None:
    inbox = Inbox(path="in/{year}/{month}")
    assert month_folder(inbox, tmp_path / "wash.toml", date(2013, 9, 30)) == tmp_path / "in" / "2013" / "2013-09"
    assert month_folder(Inbox(path="/share/{as_of}"), None, date(2013, 9, 30)) == Path("/share/2013-09-30")


@pytest.mark.parametrize("path", ["extracts/{quarter}", "extracts/{", "extracts/{0}"])
def test_a_path_that_holds_something_else_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match="month"):
        month_folder(Inbox(path=path), None, date(2013, 9, 30))


def _settings(**content: object) -> Settings:
    return parse_settings(content, "wash.toml")


def test_what_a_wash_must_have_is_missing_until_it_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "2013-09"
    settings = _settings(inbox={"required": ["attendance", "exclusions"]})
    missing = missing_extracts(folder, settings)
    assert [line.split(" ")[0] for line in missing] == ["attendance", "exclusions", "youth_offending"]
    assert "attendance.csv" in missing[0]
    folder.mkdir()
    for name in ("attendance-summer.csv.gz", "Exclusions.xlsx", "asb.parquet"):
        (folder / name).write_bytes(b"")
    assert missing_extracts(folder, settings) == []


def test_a_wash_goes_on_without_what_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "attendance.csv").touch()
    (tmp_path / "asb.csv").touch()
    settings = _settings(inbox={"required": ["attendance", "exclusions"]})
    assert missing_extracts(tmp_path, settings, ("exclusions",)) == []


def test_each_file_that_the_settings_name_is_waited_for(tmp_path: Path) -> None:
    settings = _settings(extracts={"attendance": {"files": ["autumn.csv", "sims/*.csv"]}})
    (tmp_path / "autumn.csv").touch()
    (tmp_path / "asb.csv").touch()
    assert missing_extracts(tmp_path, settings) == ["attendance (sims/*.csv)"]
    (tmp_path / "sims").mkdir()
    (tmp_path / "sims" / "one.csv").touch()
    assert missing_extracts(tmp_path, settings) == []


def test_an_extract_that_is_not_required_is_left_out_only_if_nothing_of_it_is_there(tmp_path: Path) -> None:
    files = {"dwp_benefits": {"files": ["answer.csv"]}, "exclusions": {"files": ["a.csv", "b.csv"]}}
    settings = _settings(extracts=files)
    assert left_out(tmp_path, settings) == ("exclusions", "dwp_benefits")
    (tmp_path / "b.csv").touch()
    assert left_out(tmp_path, settings) == ("dwp_benefits",)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"inbox": {"required": ["attendence"]}}, "did you mean attendance"),
        ({"schedule": {"timezone": "Europe/Londen"}}, "not a time zone"),
        ({"notify": {"smtp": "relay:25"}}, "sender"),
    ],
)
def test_a_mistake_in_the_schedule_is_told_as_settings_are_read(content: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        _settings(**content)
