"""Charts as PNG, for mails and other places that show no SVG."""

import re
from pathlib import Path

from monitoring_tasks.report.facts import Facts
from monitoring_tasks.report.figures import performance_figure

STYLE = Path(__file__).parent / "templates" / "style.css"
SCALE = 1.5
"""Sharp on a phone."""


def performance_picture(facts: Facts) -> bytes | None:
    """Return the number that decided a day over time as PNG; None without a drawing."""
    figure = performance_figure(facts)
    if figure.svg is None:
        return None
    import vl_convert  # noqa: PLC0415 (starts a JavaScript engine)

    svg = with_colours(str(figure.svg), light_colours())
    background = f'<rect width="100%" height="100%" fill="{light_colours()["page"]}"/>'
    opened = re.sub(r"(<svg[^>]*>)", rf"\g<1>{background}", svg, count=1)
    picture: bytes = vl_convert.svg_to_png(opened, scale=SCALE)
    return picture


def light_colours() -> dict[str, str]:
    """Return the colours of the pages in their light theme, by name."""
    light = STYLE.read_text(encoding="utf-8").split("@media")[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", light))


def with_colours(svg: str, colours: dict[str, str]) -> str:
    """Return a drawing with the names of its colours replaced by the colours.

    Args:
        svg: The drawing.
        colours: Colours by name.
    """
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda found: colours[found[1]], svg)
