"""The benchmark's held-out faults and data sets: what they put where."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.judgement import airports, census, credit_card, used_car
from benchmarks.judgement.held_out import HELD_OUT
from benchmarks.judgement.raw import World, joined
from monitoring_tasks.operations.drills.deliveries import Delivery, Terms

ROWS = 400
QUIET = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
pytestmark = QUIET


def delivery(world: World) -> Delivery:
    """A healthy day of four hundred rows: numbers from 1 on, one category."""
    columns = world.parsed.columns
    numbers = np.arange(1.0, ROWS + 1)
    rows = pd.DataFrame(
        {
            columns.id: [f"r{number}" for number in range(ROWS)],
            **{name: numbers + place for place, name in enumerate(columns.continuous)},
            columns.prediction: numbers,
        }
    )
    labels = pd.DataFrame({columns.id: rows[columns.id], columns.label: numbers})
    return Delivery(predictions=rows, labels=labels)


def broken(world: World, fault: str, size: float) -> tuple[Delivery, Delivery]:
    """The day before and after the fault."""
    healthy = delivery(world)
    terms = Terms(
        contract=world.parsed,
        example=healthy.predictions,
        random=np.random.default_rng(7),
        size=size,
    )
    change, _ = HELD_OUT[fault]
    return healthy, change(healthy, terms)


@pytest.mark.parametrize(
    ("fault", "column", "value"),
    [
        pytest.param("zero_column", "km_driven", 0.0, id="zero"),
        pytest.param("sentinel_fill", "door_count", -999.0, id="sentinel"),
        pytest.param("typical_fill", "km_driven", 201.5, id="median"),
    ],
)
def test_fill_hits_one_column_on_a_share_of_rows(
    fault: str, column: str, value: float
) -> None:
    """A third of the rows get the made-up value; no other column is touched."""
    before, after = broken(used_car.WORLD, fault, 0.3)
    hit = after.predictions[column].eq(value)
    assert 0.2 < hit.mean() < 0.4
    changed = before.predictions.ne(after.predictions).any()
    assert list(changed[changed].index) == [column]


def test_fill_takes_the_only_number_where_there_is_one() -> None:
    """Census answers have an age and no other number."""
    before, after = broken(census.WORLD, "zero_column", 0.3)
    assert after.predictions["AGEP"].eq(0).any()
    assert before.predictions["AGEP"].gt(0).all()


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        pytest.param("zero_weather", {"temp", "humid", "pressure"}, id="zeros"),
        pytest.param("no_weather", set(airports.flights.WEATHER), id="nothing"),
    ],
)
def test_weather_is_lost_row_by_row(fault: str, lost: set[str]) -> None:
    """All columns of the join are hit on the same rows."""
    world = next(iter(airports.WORLDS.values()))
    before, after = broken(world, fault, 0.3)
    changed = before.predictions.ne(after.predictions)
    assert set(changed.columns[changed.any()]) == lost
    assert changed[list(lost)].all(axis=1).sum() == changed.any(axis=1).sum()


def test_predictions_of_a_regression_go_wrong_and_inputs_stay() -> None:
    """Scaled ones are all hit, capped ones above the cut alone."""
    world = used_car.WORLD
    before, scaled = broken(world, "scaled_predictions", 1.2)
    name = world.parsed.columns.prediction
    expected = before.predictions[name] * 1.2
    assert scaled.predictions[name].equals(expected)
    _, capped = broken(world, "capped_predictions", 0.7)
    assert capped.predictions[name].max() == pytest.approx(280.3)
    assert (capped.predictions[name] < before.predictions[name]).mean() == 0.3
    inputs = list(world.parsed.columns.continuous)
    assert scaled.predictions[inputs].equals(before.predictions[inputs])


def test_labels_of_classes_stay_names() -> None:
    """A multiclass label is joined as text, an unknown one as null."""
    columns = credit_card.WORLD.parsed.columns
    rows = pd.DataFrame({columns.id: ["a", "b"]})
    labels = pd.DataFrame({columns.id: ["a"], columns.label: ["prepaid_card"]})
    found = joined(Delivery(predictions=rows, labels=labels), credit_card.WORLD.parsed)
    assert found[columns.label].iloc[0] == "prepaid_card"
    assert pd.isna(found[columns.label].iloc[1])


@pytest.mark.slow
def test_later_census_answers_fill_every_day_of_three_years() -> None:
    """No day is empty, none of 2015 is among them, a household stays together."""
    rows = census.load_later()
    days = {stamp.date() for stamp in rows["day"]}
    assert days == set(census.LATER.days)
    assert rows["answer"].is_unique
    assert not set(rows["answer"]) & set(census.load()["answer"])
    first = rows[rows["day"].dt.year.eq(2016)].copy()
    number = first["answer"].str[1:].astype("int64")
    ordered = first.assign(number=number).sort_values("number")
    household = ordered["RELP"].isin(census.HEADS).cumsum()
    assert ordered.groupby(household.to_numpy())["day"].nunique().max() == 1


def test_airports_share_an_upstream_and_nothing_else() -> None:
    """Three models, three folders, one declared source."""
    contracts = [world.parsed for world in airports.WORLDS.values()]
    assert len({contract.model for contract in contracts}) == len(airports.AIRPORTS)
    paths = {contract.sources.predictions.path for contract in contracts}  # type: ignore[union-attr]  # files
    assert len(paths) == len(airports.AIRPORTS)
    shared = {contract.policy.alarms.upstreams for contract in contracts}
    assert shared == {(airports.UPSTREAM,)}
