import pandas as pd
import pytest

from monitoring_tasks.demo import flights as module
from monitoring_tasks.demo.flights import CATEGORICAL, FEATURES, TIMEZONE, load_flights
from monitoring_tasks.errors import ConfigurationError


def test_every_flight_is_there_once(flights: pd.DataFrame) -> None:
    """The join with weather and planes neither loses nor doubles a flight."""
    assert len(flights) == 336_776
    assert flights["flight_id"].is_unique
    assert flights["day"].nunique() == 365


def test_features_are_floats_or_text(flights: pd.DataFrame) -> None:
    """No integer is left that one null would turn into something else."""
    kinds = flights[list(FEATURES)].dtypes.astype(str)
    assert set(kinds[list(CATEGORICAL)]) == {"str"}
    assert set(kinds.drop(list(CATEGORICAL))) == {"float64"}


@pytest.mark.parametrize(
    ("flight_id", "departs"),
    [
        pytest.param("2013-01-01-UA-1545-EWR", "2013-01-01T10:15Z", id="winter"),
        pytest.param("2013-07-04-US-1431-EWR", "2013-07-04T09:00Z", id="summer"),
    ],
)
def test_departure_is_an_instant(
    flights: pd.DataFrame, flight_id: str, departs: str
) -> None:
    """New York's schedule becomes UTC, with summer time in summer."""
    row = flights[flights["flight_id"] == flight_id].iloc[0]
    assert row["scheduled_at"] == pd.Timestamp(departs)


def test_day_and_hour_are_new_yorks(flights: pd.DataFrame) -> None:
    """The calendar is that of the model's own time zone."""
    local = flights["scheduled_at"].dt.tz_convert(TIMEZONE)
    assert (local.dt.hour == flights["hour"]).all()
    assert (local.dt.day_of_week == flights["weekday"]).all()
    assert (local.dt.tz_localize(None).dt.normalize() == flights["day"]).all()


def test_weather_is_that_of_origin_and_hour(flights: pd.DataFrame) -> None:
    """One row checked by hand against weather.csv: Newark, 1 January, 5 o'clock."""
    row = flights[flights["flight_id"] == "2013-01-01-UA-1545-EWR"].iloc[0]
    assert (row["temp"], row["humid"], row["pressure"]) == (39.02, 64.43, 1011.9)


def test_label_is_null_where_no_arrival_was(flights: pd.DataFrame) -> None:
    """A cancelled or diverted flight is neither late nor on time."""
    assert flights["arr_late"].isna().mean() == pytest.approx(0.0280, abs=1e-4)
    assert flights["arr_late"].mean() == pytest.approx(0.2371, abs=1e-4)
    worst = flights["arr_late"].isna().groupby(flights["day"]).mean().idxmax()
    assert worst == pd.Timestamp("2013-02-09")


def test_the_last_day_has_no_weather(flights: pd.DataFrame) -> None:
    """A real fault of the data is kept, not filled."""
    last = flights[flights["day"] == "2013-12-31"]
    assert last["temp"].isna().all()


def test_load_flights_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the data the error holds the command that installs it."""
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'daywatch\[demo\]'"):
        load_flights()
