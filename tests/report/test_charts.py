from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from monitoring_tasks.report import charts, column_charts, performance_chart, series
from monitoring_tasks.report import performance as numbers
from monitoring_tasks.report.facts import Facts

BAD_DAY = date(2013, 8, 20)
NASTY = "<script>alert(\"1\")</script> 'größe' & 空"
Gather = Callable[[date], Facts]
Draw = Callable[[Facts], str]


def performance(facts: Facts) -> str:
    """Draw the time line."""
    rows = numbers.performance_rows(facts)
    assert not isinstance(rows, str)
    return performance_chart.performance_chart(
        rows,
        events=series.event_rows(facts),
        verdicts=series.verdict_rows(facts),
        metric="roc auc",
        domain=numbers.performance_domain(facts, rows),
    )


def drift(facts: Facts) -> str:
    """Draw the heat map."""
    rows = series.drift_rows(facts)
    assert not isinstance(rows, str)
    return charts.drift_heat_map(rows, days=series.verdict_rows(facts))


def service(facts: Facts) -> str:
    """Draw volume and latency."""
    rows = series.service_rows(facts)
    assert not isinstance(rows, str)
    return charts.service_chart(
        rows, latencies=list(series.LATENCIES), has_errors=False
    )


def histogram(facts: Facts) -> str:
    """Draw a continuous column."""
    del facts
    bins = [{"low": i, "high": i + 1, "reference": 0.5, "day": 0.5} for i in range(2)]
    return column_charts.histogram_chart(bins)


def categories(facts: Facts) -> str:
    """Draw a categorical column."""
    del facts
    return column_charts.category_chart([{"name": NASTY, "reference": 0.2, "day": 1}])


def texts(svg: str) -> list[str]:
    """Return every text of a drawing, in order."""
    return [text.text or "" for text in ET.fromstring(svg).iter() if text.text]  # noqa: S314 (our own)


def marks(svg: str, colour: str) -> int:
    """Count the marks filled or drawn with a colour of the page."""
    return svg.count(f'fill="var(--{colour})"') + svg.count(f'stroke="var(--{colour})"')


EACH = pytest.mark.parametrize(
    "draw", [performance, drift, service, histogram, categories]
)


@EACH
def test_chart_is_equal_text_when_drawn_again(facts_of: Gather, draw: Draw) -> None:
    """Equal values give equal bytes, whatever was drawn before in the process."""
    facts = facts_of(BAD_DAY)
    assert draw(facts) == draw(facts)


@EACH
def test_chart_follows_the_page_in_light_and_dark(facts_of: Gather, draw: Draw) -> None:
    """Texts take the colour of the page; there is no background, no script, no id."""
    svg = draw(facts_of(BAD_DAY))
    assert 'fill="currentColor"' in svg
    assert 'fill="#000"' not in svg
    assert 'fill="white"' not in svg
    assert "<script" not in svg
    assert " id=" not in svg
    assert "NaN" not in svg


def test_time_line_has_events_and_verdicts(facts_of: Gather) -> None:
    """Versions, incident, rollback and the verdict of every day are on the line."""
    found = texts(performance(facts_of(BAD_DAY)))
    assert {"v3", "v4", "P1 model", "v4 → v3", "roc auc"} <= set(found)
    assert (found.count("✓"), found.count("✖"), found.count("○")) == (46, 4, 1)


def test_time_line_draws_a_point_for_every_realized_day(facts_of: Gather) -> None:
    """Days without a realized number have no point."""
    svg = performance(facts_of(date(2013, 8, 27)))
    hollow = svg.count('fill="var(--page)"')
    filled = svg.count('fill="var(--realized)"')
    assert (hollow, filled) == (3, 53)


def test_time_line_can_be_drawn_without_events(facts_of: Gather) -> None:
    """A model to which nothing happened has a chart without lanes."""
    facts = facts_of(BAD_DAY)
    rows = numbers.performance_rows(facts)
    assert not isinstance(rows, str)
    svg = performance_chart.performance_chart(
        rows,
        events=[],
        verdicts=series.verdict_rows(facts),
        metric="f1",
        domain=[0.4, 0.9],
    )
    assert "incident" not in texts(svg)


def test_heat_map_has_a_cell_for_every_judged_column_and_day(
    facts_of: Gather,
) -> None:
    """Six columns on 49 judged days; names are shown as they are."""
    svg = drift(facts_of(BAD_DAY))
    assert sum(marks(svg, f"step{i}") for i in range(5)) == 6 * 49
    assert any(text.startswith("<script>") for text in texts(svg))


def test_days_of_the_axis_do_not_depend_on_the_machine(facts_of: Gather) -> None:
    """The last tick is the day of the page, in UTC."""
    assert "20 Aug" in texts(drift(facts_of(BAD_DAY)))


def test_service_leaves_out_what_was_never_logged(facts_of: Gather) -> None:
    """A panel without numbers is not drawn."""
    rows = series.service_rows(facts_of(BAD_DAY))
    assert not isinstance(rows, str)
    bare = charts.service_chart(rows, latencies=[], has_errors=False)
    assert "seconds" not in texts(bare)
    assert "seconds" in texts(service(facts_of(BAD_DAY)))


def test_texts_are_left_alone_when_attributes_are_dropped() -> None:
    """Only the inside of tags is shortened; a name may look like an attribute."""
    name = 'a opacity="1"'
    row = {"name": name, "reference": 0.2, "day": 1}
    svg = column_charts.category_chart([row])
    assert name in texts(svg)
    assert "aria-roledescription" not in svg
