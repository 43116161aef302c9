"""Samples of a day's rows, of each version they state."""

import pyarrow as pa
import pytest

from monitoring_tasks.rows.version_samples import MOST_VERSIONS, version_samples
from tests.builders import make_contract

CONTRACT = make_contract()


def rows(versions: list[object], **columns: list[object]) -> pa.Table:
    """Return rows that state versions, all of them scored unless said otherwise."""
    count = len(versions)
    whole = {
        "id": list(range(count)),
        "version": versions,
        "score": [0.5] * count,
        "prediction": [1] * count,
    }
    return pa.table(whole | columns)


@pytest.mark.parametrize(
    "versions",
    [
        [2, 2, 1],
        ["2", "2", "1"],
        [2.0, 2.0, 1.0],
        pa.array(["2", "2", "1"]).dictionary_encode(),
    ],
    ids=["whole", "text", "float", "dictionary"],
)
def test_each_version_has_a_sample_under_the_registry_s_name(
    versions: list[object],
) -> None:
    """However it was read; the one with the most rows comes first."""
    samples = version_samples(rows(versions), CONTRACT, 100)
    assert {name: len(frame) for name, frame in samples.items()} == {"2": 2, "1": 1}
    assert list(samples) == ["2", "1"]


def test_sample_is_the_same_whatever_order_rows_come_in() -> None:
    """Picked by the hash of the id; no more than asked for."""
    table = rows(["1"] * 500)
    ids = {
        frozenset(version_samples(t, CONTRACT, 50)["1"]["id"])
        for t in (table, table.take(pa.array(range(499, -1, -1))))
    }
    assert {len(picked) for picked in ids} == {50}
    assert len(ids) == 1


def test_rows_that_were_not_scored_are_left_out() -> None:
    """Nulls and NaN alike; so is a row that states no version."""
    table = rows(
        ["1", "1", "1", None],
        score=[0.5, None, float("nan"), 0.5],
    )
    (sample,) = version_samples(table, CONTRACT, 100).values()
    assert list(sample["id"]) == [0]
    assert version_samples(rows(["1"], prediction=[None]), CONTRACT, 100) == {}


def test_versions_with_the_most_rows_are_sampled() -> None:
    """A batch that states very many is asked about a few."""
    stated = [str(n) for n in range(9) for _ in range(n)]
    assert list(version_samples(rows(stated), CONTRACT, 5)) == ["8", "7", "6"]
    assert MOST_VERSIONS == 3
