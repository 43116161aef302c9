"""Samples of days whose rows stay with their source, and what was read then."""

import json
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitoring_tasks.domain.delivery_problem import NO_PROBLEM
from monitoring_tasks.domain.partitions import Partition, PartitionKind, SourceState
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.database import Database
from monitoring_tasks.store.kept_samples import kept_samples
from monitoring_tasks.store.manifests import Facts, read_source_state
from monitoring_tasks.store.partitions import freeze, read_partition
from monitoring_tasks.store.results import Results
from tests.builders import DAY, MODEL, NOW, make_rows, make_unit

STATE = SourceState(parts={"a.parquet": "9 bytes", "values of x": "1"})


def kept(root: Path, facts: Facts | None, **changes: object) -> Partition:
    """Freeze three rows, of a day that has more."""
    known = {"as_of": NOW, "kind": PartitionKind.PREDICTIONS} | changes
    return freeze(
        Rows(table=make_rows(), query="parquet", watermark=None),
        root=str(root),
        model=MODEL,
        day=DAY,
        key="id",
        facts=facts,
        **known,  # type: ignore[arg-type]  # parts of a partition
    ).partition


def test_a_sample_says_of_how_many_rows_it_is(tmp_path: Path) -> None:
    """Its address is that of the sample, of what the source held and of the count."""
    sample = kept(tmp_path, Facts(rows=40, state=STATE))
    assert (sample.rows, sample.sampled, sample.is_sample) == (40, 3, True)
    assert sample.remark == "on a sample of 3 of 40 rows"
    assert read_partition(sample).num_rows == 3
    assert read_source_state(sample) == STATE
    others = {
        kept(tmp_path, facts).path
        for facts in (
            Facts(rows=41, state=STATE),
            Facts(rows=40, state=SourceState(parts={"a.parquet": "8 bytes"})),
            Facts(rows=40, state=STATE),
            None,
        )
    }
    assert len({sample.path, *others}) == 4


def test_a_whole_day_is_no_sample(tmp_path: Path) -> None:
    """All its rows are there, whether they stay with the source as well or not."""
    for whole in (kept(tmp_path, Facts(rows=3, state=STATE)), kept(tmp_path, None)):
        assert (whole.is_sample, whole.remark) == (False, "")


def test_a_manifest_that_was_changed_or_is_gone_is_said(tmp_path: Path) -> None:
    """Nothing would tell any more whether the source is the same."""
    sample = kept(tmp_path, Facts(rows=40, state=STATE))
    manifest = Path(sample.path).with_suffix(".json")
    plain = json.loads(manifest.read_text())
    plain["source"]["a.parquet"] = "8 bytes"
    manifest.write_text(json.dumps(plain))
    with pytest.raises(UnreadableDataError, match="must not be changed"):
        read_source_state(sample)
    manifest.unlink()
    with pytest.raises(UnreadableDataError, match="cannot be told"):
        read_source_state(sample)


def test_the_digest_lies_in_the_file(tmp_path: Path) -> None:
    """Whoever has the sample alone can tell what it is a sample of."""
    sample = kept(tmp_path, Facts(rows=40, state=STATE))
    metadata = pq.read_schema(sample.path).metadata
    assert metadata[b"rows"] == b"40"
    assert metadata[b"source"] == str(sample.source).encode()


def test_changes_are_told_part_by_part() -> None:
    """Of columns that were not read on both sides nothing is said."""
    now = SourceState(parts={"b.parquet": "9 bytes", "values of x, y": "2"})
    assert now.changes_since(STATE) == (
        "a.parquet: gone, was 9 bytes",
        "b.parquet: 9 bytes, was not there",
    )
    other = SourceState(parts=dict(STATE.parts) | {"values of x": "2"})
    assert other.changes_since(STATE) == ("values of x: 2, was 1",)
    assert STATE.changes_since(STATE) == ()
    # A column that is gone leaves nothing to hold the others against.
    gone = SourceState(parts={"a.parquet": "9 bytes", "values of y": "3"})
    assert gone.changes_since(STATE) == ("values of x: gone, was 1",)


def test_samples_of_a_day_are_listed_in_the_order_they_were_known(
    tmp_path: Path, database: Database
) -> None:
    """Copies of whole days and labels are none."""
    later = NOW + timedelta(hours=1)
    first = kept(tmp_path, Facts(rows=40, state=STATE))
    second = kept(tmp_path, Facts(rows=41, state=STATE), as_of=later)
    copied = kept(tmp_path, None, as_of=later)
    labels = kept(tmp_path, None, kind=PartitionKind.LABELS)
    results = Results(database)
    for at, predictions in ((later, second), (NOW, first), (later, copied)):
        results.start(
            make_unit(as_of=at),
            predictions=predictions,
            labels=labels,
            problem=NO_PROBLEM,
        )
    assert kept_samples(database, make_unit()) == [first, second]
    other = make_unit(day=DAY + timedelta(days=1))
    assert kept_samples(database, other) == []
