"""Telling people that a scheduled wash is done or has failed, by file or mail; decides that they hear counts only."""

import smtplib
import sys
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from flows.summary import extract_counts, funnel_counts
from pipeline.config import Notify
from pipeline.wash import Washed
from schemas.errors import DataWashError


PATIENCE = 30.0


class News(NamedTuple):
    """What people are told: a line, and lines of counts or what to do."""

    subject: str
    lines: tuple[str, ...]


def news_of(washed: Washed, without: Iterable[str] = ()) -> News:
    """What is told of a wash that is done: the funnel, the rows set aside, what was left out, the run's name."""
    families = washed.manifest.table("master_list").rows
    again = "was washed before; nothing new" if washed.already else "is done"
    rows = [row for row in extract_counts(washed.manifest) if row["quarantined"]]
    aside = [f"{row['extract']}: {row['quarantined']:,} of {row['read']:,} rows quarantined" for row in rows]
    funnel = [f"{step.replace('_', ' ')}: {count:,}" for step, count in funnel_counts(washed.folder)]
    left = [f"left out: {name}" for name in without]
    subject = f"Data Wash as of {washed.manifest.as_of:%d %B %Y} {again}: {families:,} families on the master list"
    return News(subject, (*funnel, *aside, *left, f"run: {washed.folder.name}"))


def news_of_failure(what: str, error: DataWashError) -> News:
    """What is told of a wash that failed: the words of the error, which hold no value from a row."""
    return News(f"Data Wash {what} has failed", tuple(str(error).splitlines()))


def tell(notify: Notify, beside: Path, news: News, at: datetime) -> None:
    """Tell `news` to whom `[notify]` names: the end of a file (a path beside the settings file), a mail, or nobody.

    Raises OSError (smtplib's errors are of that kind) when they cannot be told.
    """
    if notify.file:
        _append(beside / notify.file, news, at)
    if notify.smtp:
        _mail(notify, news)


def say(news: News) -> None:
    """Put `news` on stderr, which a schedule keeps as its log."""
    sys.stderr.write(_text(news))
    sys.stderr.flush()


def _append(path: Path, news: News, at: datetime) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{at.isoformat(timespec='seconds')} {_text(news)}")


def _text(news: News) -> str:
    return "\n".join([news.subject, *(f"  {line}" for line in news.lines), ""])


def _mail(notify: Notify, news: News) -> None:
    message = EmailMessage()
    message["Subject"] = news.subject
    message["From"] = notify.sender
    message["To"] = ", ".join(notify.to)
    message.set_content("\n".join([*news.lines, ""]))
    host, _, port = (notify.smtp or "").partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE) as relay:
        relay.ehlo()
        if relay.has_extn("starttls"):
            relay.starttls()
        relay.send_message(message)
