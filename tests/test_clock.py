from datetime import UTC, datetime, timedelta

from monitoring_tasks.clock import SYSTEM_CLOCK, Clock

RUN = datetime(2013, 9, 3, 10, tzinfo=UTC)
NEWEST = RUN + timedelta(days=2)


def test_system_clock_shows_the_present_whatever_a_run_is_about() -> None:
    """A day of long ago is judged today, in UTC."""
    now = SYSTEM_CLOCK.now(about=RUN)
    assert now.tzinfo is UTC
    assert now > datetime(2025, 1, 1, tzinfo=UTC)


def test_simulated_clock_shows_the_instant_a_run_is_about() -> None:
    """Who names no instant gets the newest that is known."""
    clock = Clock(simulated_at=lambda: NEWEST)
    assert clock.now(about=RUN) == RUN
    assert clock.now() == NEWEST


def test_simulated_clock_that_knows_no_instant_shows_the_present() -> None:
    """A kill switch may be placed before any day was judged."""
    assert Clock(simulated_at=lambda: None).now() > datetime(2025, 1, 1, tzinfo=UTC)
