"""The grammar of the benchmark: its split, its draws, and what its productions do."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.generalisation.cases import (
    DEVELOPMENT,
    EVALUATION,
    columns_of,
    first_cases,
)
from benchmarks.generalisation.data.models import Model, fit
from benchmarks.generalisation.data.schema import (
    ARRIVED,
    ID,
    LABEL,
    TIME,
    VERSION,
    Batch,
    Schema,
)
from benchmarks.generalisation.data.worlds import WORLDS
from benchmarks.generalisation.faults.grammar import (
    CONTROL,
    PRODUCTIONS,
    Cell,
    Chosen,
    Rows,
    Shape,
    first_telling_day,
    weight_of,
)
from benchmarks.generalisation.faults.terms import Production, Terms
from benchmarks.generalisation.harm import harm_of
from monitoring_tasks.domain.problems import Problem

COUNT = 300
CELLS = [
    Cell(name, rows, shape) for name in PRODUCTIONS for rows in Rows for shape in Shape
]
DRAWN = {part: first_cases(part, 400) for part in (DEVELOPMENT, EVALUATION)}


def schema_of(problem: Problem) -> Schema:
    """Two numbers and a category."""
    classes = ("a", "b", "c") if problem is Problem.MULTICLASS else ()
    return Schema(
        problem=problem,
        continuous=("height", "weight"),
        categorical=("place",),
        classes=classes,
    )


def rows_of(schema: Schema, *, day: str, seed: int) -> pd.DataFrame:
    """Rows whose label hangs on both numbers."""
    random = np.random.default_rng(seed)
    height, weight = random.normal(0, 1, (2, COUNT))
    strength = height + weight
    label: object = strength
    if schema.problem is Problem.BINARY:
        label = (strength + random.normal(0, 0.5, COUNT) > 0).astype("float64")
    if schema.problem is Problem.MULTICLASS:
        label = np.array(schema.classes)[np.digitize(strength, [-0.5, 0.5])]
    at = pd.Timestamp(day, tz="UTC") + pd.to_timedelta(np.arange(COUNT) * 240, unit="s")
    names = [f"{day}-{number:03d}" for number in range(COUNT)]
    return pd.DataFrame(
        {
            ID: names,
            TIME: at,
            "height": height,
            "weight": weight,
            "place": random.choice(["North", "South", "West"], COUNT),
            LABEL: label,
        }
    )


def batch_of(rows: pd.DataFrame, model: Model) -> Batch:
    """Score rows and split their labels off."""
    scored = model.scored(rows).assign(**{VERSION: "2"})
    arrived = pd.Timestamp("2024-01-05", tz="UTC")
    labels = rows[[ID, LABEL]].assign(**{ARRIVED: arrived})
    return Batch(predictions=scored.drop(columns=LABEL), labels=labels)


class World:
    """A day, the day before, two models."""

    def __init__(self, problem: Problem) -> None:
        """Fit the models."""
        self.schema = schema_of(problem)
        training = rows_of(self.schema, day="2024-01-01", seed=1)
        self.served = fit(training, self.schema)
        self.other = fit(training.head(40), self.schema)
        self.before = batch_of(
            rows_of(self.schema, day="2024-01-02", seed=2), self.served
        )
        self.clean = batch_of(
            rows_of(self.schema, day="2024-01-03", seed=3), self.served
        )

    def broken(
        self, production: Production, mask: np.ndarray, size: float | None = None
    ) -> Batch:
        """Put a fault into the day."""
        possible = columns_of(production, self.schema)
        terms = Terms(
            schema=self.schema,
            random=np.random.default_rng(7),
            size=size or production.sizes[1],
            rows=mask,
            names=possible[: production.most_columns],
            sign=1,
            before=self.before,
            usual=self.before.predictions.merge(self.before.labels[[ID, LABEL]], on=ID),
            served=self.served,
            other=self.other,
            other_version="3",
        )
        found = production.change(self.clean, terms)
        if not production.is_rescored:
            return found
        rows = self.served.scored(found.predictions)
        return Batch(predictions=rows, labels=found.labels)


@pytest.fixture(scope="module")
def worlds() -> dict[Problem, World]:
    """A world of each problem."""
    return {problem: World(problem) for problem in Problem}


def test_no_cell_and_no_data_set_is_in_both_parts() -> None:
    """Nothing of the evaluation is developed on; the control alone is in both."""
    cells = {
        part: {case.cell for case in cases if case.cell.production != CONTROL}
        for part, cases in DRAWN.items()
    }
    sources = {
        part: {WORLDS[case.world].source for case in cases}
        for part, cases in DRAWN.items()
    }
    assert not cells[DEVELOPMENT] & cells[EVALUATION]
    assert not sources[DEVELOPMENT] & sources[EVALUATION]


def test_some_productions_are_never_developed_on() -> None:
    """A fifth of the productions or more has no cell in the development part."""
    unseen = {cell.production for cell in CELLS if cell.is_unseen}
    assert len(unseen) >= len(PRODUCTIONS) / 5
    assert not any(cell.is_development for cell in CELLS if cell.is_unseen)


def test_first_cases_are_the_same_whatever_number_is_asked() -> None:
    """A longer list begins with the shorter one."""
    assert first_cases(EVALUATION, 20) == DRAWN[EVALUATION][:20]


def test_evaluation_asks_every_problem_volume_and_delay() -> None:
    """400 cases hold all three problems, 24 to 100,000 rows, all three delays."""
    worlds = [WORLDS[case.world] for case in DRAWN[EVALUATION]]
    assert {world.data.schema.problem for world in worlds} == set(Problem)
    assert {world.delay_days for world in worlds} == {1, 7, None}
    assert {24, 100_000} <= {world.rows_a_day for world in worlds}


def test_case_without_labels_is_no_fault_of_labels() -> None:
    """Where labels never come nothing is asked that only they could tell."""
    asked = [case for cases in DRAWN.values() for case in cases]
    silent = [case for case in asked if WORLDS[case.world].delay_days is None]
    assert silent
    assert not any(case.is_told_by_labels for case in silent)


@pytest.mark.parametrize(
    ("shape", "weights", "first"),
    [
        pytest.param(Shape.STEP, [1, 1, 1, 1, 1], 0, id="step"),
        pytest.param(Shape.RAMP, [0.25, 0.5, 0.75, 1, 1], 1, id="ramp"),
        pytest.param(Shape.SPIKE, [1, 0, 0, 0, 0], 0, id="spike"),
        pytest.param(Shape.ON_OFF, [1, 0, 1, 0, 1], 0, id="on-off"),
    ],
)
def test_shape_says_how_many_rows_are_hit_by_day(
    shape: Shape, weights: list[float], first: int
) -> None:
    """The clock starts on the first day on which half of them are."""
    assert [weight_of(shape, number) for number in range(5)] == weights
    assert first_telling_day(shape) == first


def test_mask_hits_the_rows_it_names(worlds: dict[Problem, World]) -> None:
    """A segment's rows, an hour's rows, and no others."""
    rows, random = worlds[Problem.BINARY].clean.predictions, np.random.default_rng(1)
    south = Chosen(rows=Rows.SEGMENT, column="place", value="South")
    hour = Chosen(rows=Rows.HOUR, hour=3)
    assert rows[south.mask(rows, random, 1.0)]["place"].unique().tolist() == ["South"]
    assert hour.mask(rows, random, 1.0).sum() == 15
    assert 0 < south.mask(rows, random, 0.5).sum() < south.mask(rows, random, 1.0).sum()


@pytest.mark.parametrize("name", list(PRODUCTIONS))
def test_production_changes_hit_rows_alone(
    name: str, worlds: dict[Problem, World]
) -> None:
    """Something is another; what is not hit stays, and what came in is untouched."""
    production = PRODUCTIONS[name]
    problem = next((p for p in Problem if p in production.problems), Problem.BINARY)
    world = worlds[problem]
    given = world.clean.predictions.copy(), world.clean.labels.copy()
    mask = np.arange(COUNT) < 100
    broken = world.broken(production, mask)
    spared = set(world.clean.predictions[ID][~mask])
    kept = broken.predictions[broken.predictions[ID].isin(spared)]
    assert harm_of(world.clean, broken, world.schema, production.where).changed > 0
    if production.where != "population":
        left = kept.drop_duplicates(ID).reset_index(drop=True)
        wanted = world.clean.predictions[~mask].reset_index(drop=True)
        pd.testing.assert_frame_equal(left, wanted, check_dtype=False)
    pd.testing.assert_frame_equal(world.clean.predictions, given[0])
    pd.testing.assert_frame_equal(world.clean.labels, given[1])


@pytest.mark.parametrize("problem", list(Problem))
def test_every_production_works_for_every_problem_it_names(
    problem: Problem, worlds: dict[Problem, World]
) -> None:
    """On all rows, at its largest size, its cost can be measured."""
    world = worlds[problem]
    for production in PRODUCTIONS.values():
        if production.problems and problem not in production.problems:
            continue
        broken = world.broken(production, np.ones(COUNT, dtype=bool))
        harm = harm_of(world.clean, broken, world.schema, production.where)
        assert all(np.isfinite(list(harm.to_json().values()))), production.name
