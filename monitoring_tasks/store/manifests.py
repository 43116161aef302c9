"""What is written beside a partition: where its rows came from and what stays there."""

import json
from dataclasses import dataclass
from typing import Any

from fsspec.core import url_to_fs

from monitoring_tasks.domain.partitions import Partition, SourceState
from monitoring_tasks.errors import UnreadableDataError

SOURCE = "source"
"""Under this name a manifest says what a source held whose rows stay there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is kept of rows that stay with their source, beside a sample of them.

    Attributes:
        rows: How many rows the day has.
        state: What the source held.
    """

    rows: int
    state: SourceState


def read_source_state(partition: Partition) -> SourceState:
    """Read what the source of a partition held, from the manifest beside it.

    Args:
        partition: A sample of rows that stay with their source.

    Raises:
        UnreadableDataError: If the manifest is gone or was changed.
    """
    path = manifest_path(partition)
    filesystem, name = url_to_fs(path)
    try:
        state = SourceState(parts=json.loads(filesystem.cat_file(name))[SOURCE])
    except (OSError, ValueError, LookupError) as error:
        msg = f"{path}: what was read of the source cannot be told ({error})"
        raise UnreadableDataError(msg) from error
    if state.digest != partition.source:
        msg = f"{path}: is not what was written; a manifest must not be changed"
        raise UnreadableDataError(msg)
    return state


def manifest_path(partition: Partition) -> str:
    """Return where the manifest of a partition lies: beside its file."""
    return partition.path.removesuffix("parquet") + "json"


def manifest(partition: Partition, facts: Facts | None) -> bytes:
    """Return what a manifest says: the same for the same rows of the same source.

    Args:
        partition: The partition.
        facts: What stays with its source; None where all rows were copied.
    """
    fields: dict[str, Any] = {
        name: str(getattr(partition, name)) for name in partition.__slots__
    }
    fields["rows"] = partition.rows
    del fields["sampled"], fields["source"]
    if facts is not None:
        fields |= {"sampled": partition.sampled, SOURCE: dict(facts.state.parts)}
    # The instant of reading is not content: the same rows give the same manifest.
    del fields["as_of"]
    return json.dumps(fields, indent=2, sort_keys=True).encode()
