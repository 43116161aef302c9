from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitoring_tasks.domain.runs import (
    Trigger,
    daily_time,
    instant_of,
    mode_of,
    run_instant,
    unit_of,
)
from monitoring_tasks.domain.units import Mode
from monitoring_tasks.errors import ConfigurationError

ZONE = "America/New_York"
CRON = "0 6 * * *"
DUE = datetime(2013, 9, 3, 10, tzinfo=UTC)  # six in New York
INTERVAL: dict[str, Any] = {
    "interval_start": DUE - timedelta(days=1),
    "interval_end": DUE,
}


def trigger(run_type: str = "manual", **known: Any) -> Trigger:  # noqa: ANN401 (fields of Trigger)
    due = datetime(2030, 1, 1, tzinfo=UTC)
    recorded: dict[str, Any] = {"run_type": run_type, "run_after": due}
    return Trigger(**recorded | known)


@pytest.mark.parametrize(
    ("known", "day", "as_of"),
    [
        pytest.param(INTERVAL, "2013-09-02", DUE, id="interval"),
        pytest.param({"day": "2013-09-02"}, "2013-09-02", DUE, id="day asked for"),
        pytest.param({"partition_key": "2013-09-02"}, "2013-09-02", DUE, id="key"),
        pytest.param(
            {"day": "2013-09-02", "partition_key": "2013-01-01"},
            "2013-09-02",
            DUE,
            id="day before key",
        ),
        pytest.param(
            {"partition_key": "2013-09-02", "interval_start": DUE, "interval_end": DUE},
            "2013-09-02",
            DUE,
            id="key before interval",
        ),
        pytest.param(
            {"day": "2012-02-29", **INTERVAL},
            "2012-02-29",
            datetime(2012, 3, 1, 11, tzinfo=UTC),
            id="an interval of another day says nothing about as_of",
        ),
        pytest.param(
            {"as_of": "2014-01-01T00:00:00-05:00", **INTERVAL},
            "2013-09-02",
            datetime(2014, 1, 1, 5, tzinfo=UTC),
            id="as_of asked for",
        ),
    ],
)
def test_unit_comes_from_the_first_source_that_knows(
    known: dict[str, Any], day: str, as_of: datetime
) -> None:
    """The day asked for, the partition key, the interval: in this order."""
    unit = unit_of("m", trigger(**known), timezone=ZONE, cron=CRON)
    assert (unit.day.isoformat(), unit.as_of, unit.as_of.tzinfo) == (day, as_of, UTC)


def test_unit_knows_what_there_was_when_due_without_a_clock_schedule() -> None:
    """A model triggered by assets looks at what was there when the run was due."""
    run = trigger("asset_triggered", partition_key="2013-09-02", run_after=DUE)
    unit = unit_of("m", run, timezone=ZONE)
    assert (unit.key, unit.as_of) == ("m/2013-09-02/2013-09-03T10:00:00Z/live", DUE)


@pytest.mark.parametrize(
    ("known", "remedy"),
    [
        pytest.param({}, '{"day": "YYYY-MM-DD"}', id="nothing known"),
        pytest.param(
            {"interval_start": DUE, "interval_end": DUE}, "YYYY", id="no length"
        ),
        pytest.param({"day": "20130902"}, "write YYYY-MM-DD", id="other format"),
        pytest.param({"day": "2013-02-30"}, "write YYYY-MM-DD", id="no such day"),
        pytest.param({"partition_key": "eu|1"}, "partition key", id="key is no day"),
        pytest.param(
            {"as_of": "2013-09-03T10:00:00", **INTERVAL}, "offset", id="no offset"
        ),
        pytest.param({"as_of": "soon", **INTERVAL}, "write e.g.", id="no instant"),
        pytest.param({"mode": "loud", **INTERVAL}, "live, backfill", id="no mode"),
        pytest.param(
            {"run_type": "backfill", "day": "2013-09-02", **INTERVAL},
            "remove it",
            id="a backfill of one day",
        ),
    ],
)
def test_unit_is_refused_with_a_remedy(known: dict[str, Any], remedy: str) -> None:
    """A run that does not say which day it is about fails; now() is never asked."""
    with pytest.raises(ConfigurationError, match=remedy.replace("{", r"\{")):
        unit_of("m", trigger(**known), timezone=ZONE, cron=CRON)


@pytest.mark.parametrize(
    ("run_type", "asked", "mode"),
    [
        ("scheduled", None, Mode.LIVE),
        ("scheduled", "dry_run", Mode.DRY_RUN),
        ("asset_triggered", None, Mode.LIVE),
        ("manual", None, Mode.DRY_RUN),
        ("manual", "live", Mode.LIVE),
        ("manual", "replay", Mode.REPLAY),
        ("operator_triggered", None, Mode.DRY_RUN),
        ("asset_materialization", None, Mode.DRY_RUN),
        ("a type of tomorrow", None, Mode.DRY_RUN),
        ("backfill", None, Mode.BACKFILL),
        ("backfill", "live", Mode.BACKFILL),
    ],
)
def test_mode_acts_only_on_time_or_when_asked(
    run_type: str, asked: str | None, mode: Mode
) -> None:
    """A backfill never is live, an unknown type of run never acts by itself."""
    assert mode_of(trigger(run_type, mode=asked)) is mode


@pytest.mark.parametrize(
    ("known", "instant"),
    [
        pytest.param({"as_of": "2013-01-01T00:00:00Z", **INTERVAL}, (2013, 1, 1)),
        pytest.param(INTERVAL, (2013, 9, 3, 10)),
        pytest.param({}, (2030, 1, 1)),
    ],
    ids=["asked for", "interval", "when due"],
)
def test_instant_of_a_run_without_a_day(
    known: dict[str, Any], instant: tuple[int, ...]
) -> None:
    """The instant asked for, the interval's end, when the run was due."""
    assert instant_of(trigger(**known)) == datetime(*instant, tzinfo=UTC)  # type: ignore[misc, arg-type]  # parts of an instant


@pytest.mark.parametrize(
    ("day", "cron", "utc"),
    [
        pytest.param(date(2013, 9, 2), "0 6 * * *", (2013, 9, 3, 10), id="summer"),
        pytest.param(date(2013, 1, 2), "0 6 * * *", (2013, 1, 3, 11), id="winter"),
        pytest.param(date(2013, 3, 9), "0 6 * * *", (2013, 3, 10, 10), id="23 h day"),
        pytest.param(date(2013, 3, 9), "30 2 * * *", (2013, 3, 10, 7, 30), id="gap"),
        pytest.param(date(2013, 11, 2), "30 1 * * *", (2013, 11, 3, 6, 30), id="twice"),
        pytest.param(date(2013, 12, 31), "0 0 * * *", (2014, 1, 1, 5), id="midnight"),
    ],
)
def test_run_instant_keeps_local_time(
    day: date, cron: str, utc: tuple[int, ...]
) -> None:
    """The schedule fires at the same local time, also where the clock changes."""
    assert run_instant(day, timezone=ZONE, cron=cron) == datetime(*utc, tzinfo=UTC)  # type: ignore[misc, arg-type]  # parts of an instant


@pytest.mark.parametrize(
    "cron",
    [
        "0 * * * *",
        "*/5 6 * * *",
        "0 6 * * 1-5",
        "0 6 1 * *",
        "0 24 * * *",
        "60 6 * * *",
        "",
    ],
)
def test_daily_time_refuses_what_is_not_daily(cron: str) -> None:
    """A schedule that skips or repeats days is refused."""
    with pytest.raises(ConfigurationError, match="once every day"):
        daily_time(cron)
