"""What all pages share: the templates, where a page lies, and how it is written."""

import os
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitoring_tasks.report import words


def page_path(reports: Path, model: str, day: date) -> Path:
    """Where the page of a day lies, written or not."""
    return reports / model / f"{day.isoformat()}.html"


def write_whole(target: Path, text: str) -> Path:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)
    return target


@cache
def templates() -> Environment:
    """The templates; every text is escaped and none fills the page."""
    made = Environment(
        loader=PackageLoader("monitoring_tasks.report"),
        autoescape=True,
        finalize=words.brief,
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
