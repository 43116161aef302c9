"""What benchmarks count and keep: lines through costs, made files, compared stores."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.fleet.compared_tables import (
    StoresDifferError,
    differing,
    equal_rows,
    without_home,
)
from benchmarks.growth import __main__ as growth
from benchmarks.growth import made_files
from benchmarks.growth.shape import CASES, Shape
from benchmarks.results_file import keep_parts
from benchmarks.speed.bulk import line_through
from benchmarks.speed.measure import CommandFailedError, Spent, measure
from monitoring_tasks.validate.gates.prediction_gates import check_predictions
from monitoring_tasks.validate.gates.table_rows import TableRows


def spent(cpu_seconds: float) -> Spent:
    """Return what a command cost that took so many CPU seconds."""
    return Spent(cpu_seconds=cpu_seconds, wall_seconds=1.0, peak_mb=100.0)


def test_a_day_in_bulk_is_what_is_added_beyond_start_up() -> None:
    """Start-up is what no day would cost; the dearest stretch shows a bend."""
    line = line_through({15: spent(5.0), 30: spent(8.0), 60: spent(14.0)})
    assert line["start_up"] == pytest.approx(2.0)
    assert line["a_day"] == pytest.approx(0.2)
    assert line["most_a_day"] == pytest.approx(0.2)
    bent = line_through({15: spent(5.0), 30: spent(8.0), 60: spent(20.0)})
    assert bent["most_a_day"] == pytest.approx(0.4)


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """A bound of CPU seconds ends what would not end by itself."""
    command = ["python3", "-c", "while True: pass"]
    with pytest.raises(CommandFailedError, match="ended with -9"):
        measure(command, log=tmp_path / "log", most_cpu_seconds=1)


def test_pieces_are_a_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Pieces have the asked rows, ids of their own and values of the shape, and pass
    the gates of the shape's own contract."""
    monkeypatch.setattr(made_files, "PIECE", 400)
    shape = replace(Shape(), rows=1_000, segments=7)
    made = list(made_files.pieces(shape))
    assert [piece.num_rows for piece in made] == [400, 400, 200]
    day = pa.concat_tables(made)
    assert len(set(day["id"].to_pylist())) == 1_000
    assert len(set(day["region"].to_pylist())) == 7
    assert day["at"].to_pylist()[-1].date() == made_files.DAY
    made_files.write_files(tmp_path / "day", shape)
    assert len(list((tmp_path / "day").iterdir())) == 3
    verdict = check_predictions(
        TableRows(day),
        contract=shape.contract,
        suite=None,
        known_versions=frozenset({"1"}),
    )
    assert verdict.verdict == "ok"


def test_a_case_that_would_fill_the_disk_is_skipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Thirty gigabytes stay free; the sentence says what to do."""
    largest = CASES["100 million rows"]
    needed = largest.gigabytes + growth.FREE_GB
    for free, answer in ((needed + 1, ""), (needed - 1, "Name another disk")):
        usage = usage_of(free)
        monkeypatch.setattr(growth.shutil, "disk_usage", lambda _, of=usage: of)
        sentence = growth.too_large(largest, tmp_path)
        assert answer in sentence
        assert bool(sentence) == bool(answer)


def usage_of(free: float) -> SimpleNamespace:
    """Return a disk with so many gigabytes free."""
    return SimpleNamespace(free=free * 1e9)


def test_parts_that_were_not_measured_stay(tmp_path: Path) -> None:
    """A part measured alone leaves the figures of the others."""
    path = tmp_path / "results.json"
    keep_parts(path, {"parse": {"models": 1}, "bulk": 1})
    keep_parts(path, {"bulk": 2})
    assert json.loads(path.read_text()) == {"parse": {"models": 1}, "bulk": 2}


ROW = {"key": "a", "day": date(2026, 3, 2), "verdict": "ok"}


def test_equal_stores_are_counted() -> None:
    """What is the same in every column counts."""
    assert equal_rows("evaluations", {"a": ROW}, {"a": dict(ROW)}) == 1


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        pytest.param(
            {"a": ROW}, {"a": ROW | {"verdict": "warn"}}, "verdict", id="a value"
        ),
        pytest.param({"a": ROW}, {}, "in one alone", id="a row lacks"),
        pytest.param({"a": ROW}, {"a": ROW, "b": ROW}, "in one alone", id="a row more"),
        pytest.param({}, {}, "no row", id="nothing was compared"),
    ],
)
def test_stores_that_differ_are_no_result(
    left: dict[str, Any], right: dict[str, Any], said: str
) -> None:
    """A value, a row too few or too many, and nothing at all are failures."""
    assert any(said in fault for fault in differing(left, right)) or not left
    with pytest.raises(StoresDifferError, match=said):
        equal_rows("evaluations", left, right)


def test_where_a_workspace_lies_is_no_difference() -> None:
    """Addresses of two workspaces are compared from their homes on."""
    rows = [
        without_home({"path": f"{home}/partitions/a.parquet", "rows": 3}, Path(home))
        for home in ("/srv/airflow", "/srv/bulk")
    ]
    assert rows[0] == rows[1] == {"path": "partitions/a.parquet", "rows": 3}
