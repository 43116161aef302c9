"""From what a scheduler knows of a run to what the run is about: day, as_of, mode.

Pure: the clock is never asked, so a run that is retried or cleared works on the same
unit again. Which system triggers the run is not known here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitoring_tasks.domain.units import Mode, Unit
from monitoring_tasks.domain.windows import day_of
from monitoring_tasks.errors import ConfigurationError

BACKFILL = "backfill"
DAILY = re.compile(r"(?P<minute>\d{1,2})\s+(?P<hour>\d{1,2})\s+\*\s+\*\s+\*")
ON_TIME = frozenset({"scheduled", "asset_triggered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What is recorded of a run before it starts; nothing here changes on a retry.

    Attributes:
        run_type: `scheduled`, `asset_triggered`, `backfill`, `manual` or another.
        run_after: The earliest instant at which the run may start; aware.
        interval_start: Start of the data interval, if the run has one; aware.
        interval_end: End of the data interval, if the run has one; aware.
        partition_key: The partition that triggered the run, an ISO day.
        day: ISO day a person asked for.
        as_of: ISO instant with an offset a person asked for.
        mode: The mode a person asked for.
    """

    run_type: str
    run_after: datetime
    interval_start: datetime | None = None
    interval_end: datetime | None = None
    partition_key: str | None = None
    day: str | None = None
    as_of: str | None = None
    mode: str | None = None

    @property
    def interval(self) -> tuple[datetime, datetime] | None:
        """The data interval; None when there is none or it has no length."""
        start, end = self.interval_start, self.interval_end
        if start is None or end is None or end <= start:
            return None
        return start, end


def unit_of(
    model: str, trigger: Trigger, *, timezone: str, cron: str | None = None
) -> Unit:
    """Say which day a run is about, what it may know, and in which mode.

    The day: the one asked for, else the partition key, else the calendar day in
    `timezone` on which the data interval starts. What may be known: the instant asked
    for, else the interval's end when the day came from it, else the instant the
    schedule runs for that day; a model without a clock schedule (`cron` is None)
    knows what there was when the run was due.

    Args:
        model: Registered model name.
        trigger: What is recorded of the run.
        timezone: The model's own time zone.
        cron: The contract's cron expression; None where assets trigger the model.

    Raises:
        ConfigurationError: If there is no day, or a value cannot be read; the text
            names the remedy.
    """
    day, from_interval = _day_of(trigger, timezone)
    if trigger.as_of is not None:
        as_of = _instant(trigger.as_of)
    elif from_interval is not None:
        as_of = from_interval
    elif cron is not None:
        as_of = run_instant(day, timezone=timezone, cron=cron)
    else:
        as_of = trigger.run_after
    return Unit(
        model=model, day=day, as_of=as_of.astimezone(UTC), mode=mode_of(trigger)
    )


def mode_of(trigger: Trigger) -> Mode:
    """Return the mode of a run; only a run on time acts without being told to.

    A backfill is a backfill whatever was asked for: it must never page anybody.

    Raises:
        ConfigurationError: If the mode asked for does not exist.
    """
    if trigger.run_type == BACKFILL:
        return Mode.BACKFILL
    if trigger.mode is None:
        return Mode.LIVE if trigger.run_type in ON_TIME else Mode.DRY_RUN
    try:
        return Mode(trigger.mode)
    except ValueError as error:
        msg = f"params.mode: '{trigger.mode}' is none of {', '.join(Mode)}"
        raise ConfigurationError(msg) from error


def instant_of(trigger: Trigger) -> datetime:
    """Return the instant a run without a day of its own is about, in UTC.

    The instant asked for, else the end of the data interval, else when it was due.

    Raises:
        ConfigurationError: If the instant asked for cannot be read.
    """
    if trigger.as_of is not None:
        return _instant(trigger.as_of)
    interval = trigger.interval
    return (interval[1] if interval else trigger.run_after).astimezone(UTC)


def run_instant(day: date, *, timezone: str, cron: str) -> datetime:
    """Return the instant, in UTC, the schedule runs for `day`: one day later.

    A local time the clock skips is moved on by the gap; one it shows twice is the
    second: what Airflow's cron timetables do.

    Args:
        day: The model's own calendar day.
        timezone: The model's own time zone.
        cron: A cron expression that fires once every day.

    >>> run_instant(date(2013, 9, 2), timezone="Europe/Berlin", cron="0 6 * * *")
    datetime.datetime(2013, 9, 3, 4, 0, tzinfo=datetime.timezone.utc)
    """
    local = datetime.combine(
        day + timedelta(days=1), daily_time(cron), ZoneInfo(timezone)
    )
    # Fold 1 of a skipped time is the earlier instant, of a repeated one the later.
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def daily_time(cron: str) -> time:
    """Read the time of day of a cron expression that fires once every day.

    Raises:
        ConfigurationError: If it fires more or less often: days would be judged
            twice or never.
    """
    match = DAILY.fullmatch(cron.strip())
    if match and int(match["minute"]) < 60 and int(match["hour"]) < 24:  # noqa: PLR2004 (a clock's limits)
        return time(int(match["hour"]), int(match["minute"]))
    msg = (
        f"schedule.cron: '{cron}' does not fire once every day, so days would be "
        "judged twice or never; write `<minute> <hour> * * *`, e.g. `0 6 * * *`"
    )
    raise ConfigurationError(msg)


def _day_of(trigger: Trigger, timezone: str) -> tuple[date, datetime | None]:
    """Return the day, and the end of the data interval if that is where it is from."""
    if trigger.day is not None:
        if trigger.run_type == BACKFILL:
            msg = (
                "params.day on a backfill would make every run the same day; "
                "remove it, the backfill's dates say which days"
            )
            raise ConfigurationError(msg)
        return _day(trigger.day, "params.day"), None
    if trigger.partition_key is not None:
        return _day(trigger.partition_key, "the partition key"), None
    if trigger.interval is not None:
        start, end = trigger.interval
        return day_of(start, timezone), end
    msg = (
        f"a {trigger.run_type} run without a data interval does not say which day it "
        'is about; trigger it with {"day": "YYYY-MM-DD"}'
    )
    raise ConfigurationError(msg)


def _day(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # `fromisoformat` also reads 20130902 and 2013-W36-1; a key has one spelling.
    if day is None or day.isoformat() != text:
        msg = f"{name}: '{text}' is not a day; write YYYY-MM-DD"
        raise ConfigurationError(msg)
    return day


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        msg = (
            f"params.as_of: '{text}' is not an instant with an offset; "
            "write e.g. 2013-09-03T10:00:00Z"
        )
        raise ConfigurationError(msg)
    return instant.astimezone(UTC)
