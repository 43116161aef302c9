from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from monitoring_tasks.domain.partitions import Partition, PartitionKind
from monitoring_tasks.errors import UnreadableDataError
from monitoring_tasks.rows.delivery import Rows
from monitoring_tasks.store.partition_search import batches_with, rows_with
from monitoring_tasks.store.partitions import freeze
from tests.builders import DAY, MODEL, NOW


def frozen(root: str, back: int, ids: list[object], score: float = 0.5) -> Partition:
    """Freeze a batch of so many days before the day."""
    table = pa.table({"ID of row": ids, "score": [score] * len(ids)})
    return freeze(
        Rows(table=table, query="rows", watermark=None),
        root=root,
        model=MODEL,
        day=DAY - timedelta(days=back),
        kind=PartitionKind.PREDICTIONS,
        key="ID of row",
        as_of=NOW,
    ).partition


@pytest.mark.parametrize("root", ["{folder}", "memory://search"])
def test_newest_batches_with_an_id_are_found_wherever_they_lie(
    root: str, tmp_path: Path
) -> None:
    """Both deliveries of the newest day with it; older days and other ids are not."""
    root = root.format(folder=tmp_path)
    old = frozen(root, 40, [4711])
    first, again = frozen(root, 20, [4711, 5]), frozen(root, 20, [4711, 5], 0.9)
    other = frozen(root, 0, [1, 2])
    holding, gone = batches_with([other, first, again, old], "ID of row", "4711")
    assert {batch.digest for batch in holding} == {first.digest, again.digest}
    assert gone == []
    assert rows_with(again, "ID of row", "4711") == [{"ID of row": 4711, "score": 0.9}]
    assert batches_with([other, old], "ID of row", "47") == ([], [])


def test_batch_that_is_gone_is_named_and_one_that_changed_refused(
    tmp_path: Path,
) -> None:
    """What could not be searched is said; no row of a changed batch is shown."""
    lost, held = frozen(str(tmp_path), 1, ["a"]), frozen(str(tmp_path), 2, ["b"])
    Path(lost.path).unlink()
    holding, gone = batches_with([lost, held], "ID of row", "b")
    assert (holding, gone) == ([held], [lost])
    Path(held.path).write_bytes(b"no parquet")
    with pytest.raises(UnreadableDataError, match="cannot be searched"):
        batches_with([held], "ID of row", "b")
    with pytest.raises(UnreadableDataError, match="must not be changed"):
        rows_with(held, "ID of row", "b")
