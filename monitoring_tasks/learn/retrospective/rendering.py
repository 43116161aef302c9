"""A retrospective as a page that opens anywhere, and as plain JSON. Pure."""

from dataclasses import asdict
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from monitoring_tasks.learn.retrospective.content import Retrospective


def page_of(retrospective: Retrospective) -> str:
    """Return a retrospective as HTML; every text is escaped."""
    page = templates().get_template("retrospective.html.j2")
    return page.render(retro=retrospective)


def as_plain(retrospective: Retrospective) -> dict[str, Any]:
    """Return a retrospective as plain JSON, with the overdue action items' ids."""
    overdue = [action.id for action in retrospective.overdue]
    return asdict(retrospective) | {"name": retrospective.name, "overdue": overdue}


@cache
def templates() -> Environment:
    """Return the templates."""
    return Environment(
        loader=PackageLoader("monitoring_tasks.learn.retrospective"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
