"""The templates of governance: pages are escaped and need no network."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def templates() -> Environment:
    """Return the templates; every text of a page is escaped, plans are plain text."""
    return Environment(
        loader=PackageLoader("monitoring_tasks.operations.governance"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(name: str, **parts: Any) -> str:  # noqa: ANN401 (whatever a page shows)
    """Return a page as HTML.

    Args:
        name: Of the template, without its ending.
        parts: What it shows.
    """
    return templates().get_template(f"{name}.html.j2").render(**parts)
