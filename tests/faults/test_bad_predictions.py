"""Bad batches: named plainly, nothing lost, and never a reason to roll back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring_tasks.workspace.workspace import open_workspace
from tests.scenarios import world, worlds

pytestmark = worlds.QUIET
DAY = world.HISTORY[0]
Damage = Callable[[pd.DataFrame], pd.DataFrame]


def put(column: str, value: Any, rows: int = 5) -> Damage:  # noqa: ANN401 (any cell)
    """Put a value into the first rows of a column."""

    def damage(frame: pd.DataFrame) -> pd.DataFrame:
        wide = frame[column].astype("object" if isinstance(value, str) else "float64")
        wide.iloc[:rows] = value
        return frame.assign(**{column: wide})

    return damage


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Deliver a number as text, with some words in it."""
    text = frame["amount"].astype(str)
    text.iloc[:5] = "n/a"
    return frame.assign(amount=text)


UNFIT = [
    pytest.param(lambda f: f.drop(columns="score"), "'score'", id="missing score"),
    pytest.param(
        lambda f: f.rename(columns={"amount": "Amount"}), "'amount'", id="renamed"
    ),
    pytest.param(lambda f: f.drop(columns="id"), "'id'", id="missing id"),
    pytest.param(
        lambda f: f.drop(columns="model_version"), "'model_version'", id="no version"
    ),
    pytest.param(lambda f: f.drop(columns="region"), "'region'", id="no segment"),
    pytest.param(as_text, "column_holds_numbers on column 'amount'", id="text"),
    pytest.param(
        lambda f: f.assign(at="yesterday"), "column_holds_timestamps", id="wrong type"
    ),
    pytest.param(
        lambda f: f.assign(amount=np.nan), "column_is_not_empty", id="all nulls"
    ),
    pytest.param(
        lambda f: f.assign(model_version=None), "'model_version'", id="null versions"
    ),
    pytest.param(lambda f: f.assign(id=f["id"].iloc[0]), "unique", id="same ids"),
    pytest.param(put("score", 1.5), "between on column 'score'", id="score over 1"),
    pytest.param(put("score", -0.1), "between on column 'score'", id="score under 0"),
    pytest.param(
        put("score", np.nan), "every_row_has_a_value on column 'score'", id="nan score"
    ),
    pytest.param(put("prediction", 2), "'prediction'", id="unknown class"),
    pytest.param(
        lambda f: f.assign(model_version="77"), "is_registered", id="unknown version"
    ),
]


@pytest.mark.parametrize(("damage", "named"), UNFIT)
def test_unfit_batch_is_an_incident_and_no_models(
    home: Path, damage: Damage, named: str
) -> None:
    """The verdict names check and column; nothing is measured, nothing moves.

    Outputs that are broken alone are the scoring job's.
    """
    world.write_day(home, DAY, change=damage)
    (row,) = worlds.run(home, DAY)
    of_outputs = "score" in named or "prediction" in named
    cause = "integration" if of_outputs else "data"
    assert (row.verdict, row.cause) == ("no_data", cause)
    assert named in row.reasons[0]
    assert (row.action.kind, row.rollback_to) == ("incident", None)
    with open_workspace(home) as workspace:
        unit = world.unit_of(workspace, DAY)
        assert workspace.results.measurements(unit) == []
        frozen = workspace.results.partition(unit, "predictions", row.predictions)
    assert Path(frozen.path).is_file()
    assert (worlds.alias(home), worlds.journal(home)) == ("2", [])


def cut(path: Path) -> None:
    """Cut a file off in the middle."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("break_file", "said"),
    [
        pytest.param(lambda path: path.unlink(), "no file matches", id="absent"),
        pytest.param(lambda path: path.write_bytes(b""), "0 bytes", id="0 bytes"),
        pytest.param(
            lambda path: pd.read_parquet(path).head(0).to_parquet(path),
            "holds no rows",
            id="empty batch",
        ),
        pytest.param(cut, "was the writer cut off?", id="cut off"),
        pytest.param(
            lambda path: path.write_text("a,b\n1,2\n"), "not readable", id="csv"
        ),
    ],
)
def test_unreadable_batch_is_an_integration_incident(
    home: Path, break_file: Callable[[Path], None], said: str
) -> None:
    """A batch that is absent or broken blames the delivery, and names the file."""
    break_file(world.part(home, "predictions", DAY))
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.cause) == ("no_data", "integration")
    assert said in row.reasons[0]
    assert str(DAY) in row.reasons[0]
    assert (row.severity, row.action.kind) == ("P2", "incident")
    assert worlds.journal(home) == []


def test_unreadable_batch_never_rolls_back_a_pending_breach(breached: Path) -> None:
    """A day without a batch neither confirms a breach nor ends it."""
    world.part(breached, "predictions", worlds.CONFIRMED).unlink()
    (row,) = worlds.run(breached, worlds.CONFIRMED)
    assert (row.confirmed, row.rollback_to) == (False, None)
    assert (worlds.alias(breached), worlds.journal(breached)) == ("3", [])


def test_three_rows_where_hundreds_are_usual_are_lost_data(home: Path) -> None:
    """Most of the day is missing: the data's fault, never a verdict on the model."""
    world.write_day(home, DAY, rows=3)
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.cause) == ("no_data", "data")
    assert (row.rollback_to, row.severity) == (None, "P2")
    assert "observed 3 rows, 0.0075 times the usual 400" in row.reasons[0]


def test_too_few_rows_to_judge_are_inconclusive(home: Path) -> None:
    """A day of fewer rows than the contract asks for is neither well nor bad."""
    world.amend(home, "policy", min_rows=500)
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.severity) == ("inconclusive", None)
    assert any("rows are fewer than the 500" in reason for reason in row.reasons)


def test_mixed_versions_are_measured_each_by_itself(home: Path) -> None:
    """Two versions in one day: each has numbers of its own, most rows name the day."""

    def mix(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(model_version=np.where(np.arange(len(rows)) < 150, "1", "2"))

    world.write_day(home, DAY, change=mix)
    (row,) = worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        numbers = workspace.results.measurements(world.unit_of(workspace, DAY))
    rows = {m.version: m.rows for m in numbers if m.metric == "roc_auc"
            and m.kind == "realized" and m.segment == "all"}  # fmt: skip
    assert rows == {"1": 150, "2": 250}
    assert (row.version, row.verdict) == ("2", "ok")


def test_unseen_category_is_counted_and_warned_of(home: Path) -> None:
    """A category the reference never saw, in some rows, is drift and no error."""

    def dress(rows: pd.DataFrame) -> pd.DataFrame:
        usual = rows["channel"].where(np.arange(len(rows)) >= 60, "fax 📠")
        return rows.assign(channel=usual)

    world.write_day(home, DAY, change=dress)
    (row,) = worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        found = workspace.results.findings(world.unit_of(workspace, DAY))
    (drift,) = [f for f in found if f.measurement.column == "channel"]
    assert drift.verdict == "warn"
    assert row.verdict in {"ok", "warn"}


def test_category_that_replaced_all_others_is_bad_data(home: Path) -> None:
    """A whole column of one new value is a placeholder or a recoding, not drift."""
    world.write_day(home, DAY, change=lambda rows: rows.assign(channel="fax 📠"))
    (row,) = worlds.run(home, DAY)
    assert (row.verdict, row.cause) == ("no_data", "data")
    failed = {c.name for c in row.checks if c.status == "failed"}
    assert failed == {"values_vary_as_usual", "categories_are_known"}


def test_odd_names_and_values_survive(home: Path) -> None:
    """Quotes, markup and other scripts in ids, segments and columns are just text."""
    contract = world.CONTRACT
    odd = 'ставка "x" %\''
    columns = contract["columns"] | {"continuous": ["amount", odd]}
    source = contract["sources"]["predictions"] | {"rename": {"rate": odd}}
    sources = contract["sources"] | {"predictions": source}
    world.write_contract(home, contract | {"columns": columns, "sources": sources})

    def dress(rows: pd.DataFrame) -> pd.DataFrame:
        gender = rows["gender"].where(np.arange(len(rows)) >= 40, "';--<b>")
        return rows.assign(gender=gender)

    world.write_day(home, DAY, change=dress)
    (row,) = worlds.run(home, DAY)
    with open_workspace(home) as workspace:
        numbers = workspace.results.measurements(world.unit_of(workspace, DAY))
    assert row.verdict == "ok"
    assert {"gender=';--<b>", *(f"region={r}" for r in world.REGIONS)} <= {
        m.segment for m in numbers
    }


def test_null_segment_and_extra_columns_are_harmless(home: Path) -> None:
    """A null segment is `unknown`; a column nobody declared is left alone."""

    def dress(rows: pd.DataFrame) -> pd.DataFrame:
        region = rows["region"].where(np.arange(len(rows)) > 20)
        return rows.assign(region=region, secret="4111 1111")  # noqa: S106 (a made column)

    world.write_day(home, DAY, change=dress)
    (row,) = worlds.run(home, DAY)
    assert row.verdict == "ok"
    stored = b"".join(worlds.files(home).values())
    assert b"4111 1111" not in stored + (home / "daywatch.db").read_bytes()
