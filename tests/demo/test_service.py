import pandas as pd

from monitoring_tasks.demo.service import add_service

ROWS = pd.DataFrame(
    {"day": pd.to_datetime(["2013-01-02"] * 3 + ["2013-01-01"] * 2 + ["2013-01-02"])}
)


def test_a_day_gets_the_same_figures_alone_or_among_others() -> None:
    """The seed is the day alone, so a re-run and a bulk run agree."""
    together = add_service(ROWS)
    for day, rows in ROWS.groupby("day"):
        pd.testing.assert_frame_equal(
            add_service(rows), together[together["day"] == day]
        )


def test_days_differ() -> None:
    """Two days do not share their draws."""
    made = add_service(ROWS)["latency_seconds"]
    assert made.is_unique
    assert (made > 0).all()
