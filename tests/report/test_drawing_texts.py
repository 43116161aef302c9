"""Text of the data in a chart."""

from monitoring_tasks.report.column_charts import category_chart


def test_control_characters_in_a_category_are_written_out() -> None:
    """SVG may hold none of them; the chart engine would end the process."""
    drawn = category_chart([{"name": "x\x1b[2J\x00", "reference": 0.5, "day": 0.5}])
    assert r"x\x1b[2J\x00" in drawn
