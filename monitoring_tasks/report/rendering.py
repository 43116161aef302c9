"""What all pages share: the templates, where a page lies, and how it is written."""

import os
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitoring_tasks.report import words


def page_path(reports: Path, model: str, day: date) -> Path:
    """Return the path of a day's page, written or not.

    Args:
        reports: Folder of the pages.
        model: Registered model name.
        day: The day.
    """
    return reports / model / f"{day.isoformat()}.html"


def page_days(reports: Path, model: str) -> list[date]:
    """Return the days of a model that have a page.

    Args:
        reports: Folder of the pages.
        model: Registered model name.
    """
    days = []
    for page in (reports / model).glob("*.html"):
        with suppress(ValueError):  # a page of something else
            days.append(date.fromisoformat(page.stem))
    return sorted(days)


def write_whole(target: Path, text: str) -> Path:
    """Write a file whole or not at all.

    Args:
        target: The file; its folder is made.
        text: What it is to hold.
    """
    # A reader of the old page never sees half of the new one.
    target.parent.mkdir(parents=True, exist_ok=True)
    # Of this process: two that write the same page do not meet.
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)
    return target


@cache
def templates() -> Environment:
    """Return the templates; every text is escaped and shortened."""
    made = Environment(
        loader=PackageLoader("monitoring_tasks.report"),
        autoescape=True,
        finalize=words.brief,
        # A misspelt name in a template is an error, not an empty cell.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": words.number,
        "percent": words.percent,
        "interval": words.interval,
        "instant": words.instant,
        "plain": words.plain,
    }
    made.globals |= {
        "shown": words.shown,
        "limit": words.limit,
        "SYMBOLS": words.SYMBOLS,
        "MEANINGS": words.MEANINGS,
        "NOT_DECIDED": words.NOT_DECIDED,
        "SLO_LOOKS": words.SLO_LOOKS,
        "TRUST_LOOKS": words.TRUST_LOOKS,
    }
    return made
