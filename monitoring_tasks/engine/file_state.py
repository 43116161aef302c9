"""What tells that files are still the same, without reading them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec

from monitoring_tasks.domain.partitions import SourceState
from monitoring_tasks.errors import SourceUnavailableError, UnreadableDataError

TAGS = ("ETag", "etag", "e_tag", "md5Hash", "contentHash")
"""What storages call a digest of a file's content."""
INSTANTS = (
    "mtime",
    "last_modified",
    "LastModified",
    "modificationTime",
    "modified",
    "modify",
    "updated",
    "created",
)
"""What they call the instant of its last change."""


def state_of_files(
    filesystem: fsspec.AbstractFileSystem, names: list[str], home: Path
) -> SourceState:
    """Say of every file what tells that it is still the same.

    Args:
        filesystem: The storage they lie in.
        names: The files, at least one.
        home: The workspace: of files in it the state says where they are there.

    Raises:
        UnreadableDataError: If the storage does not tell when a file changed.
        SourceUnavailableError: If the storage did not answer.
    """
    # What the storage said before may be of a file that is another by now.
    filesystem.invalidate_cache()
    try:
        return SourceState(
            parts={
                # A workspace may move, with its files.
                name.removeprefix(f"{home}/"): _told_by(name, filesystem.info(name))
                for name in names
            }
        )
    except OSError as error:
        msg = f"{names[0]}: the storage did not answer ({type(error).__name__})"
        raise SourceUnavailableError(msg) from error


def _told_by(name: str, info: Mapping[str, Any]) -> str:
    size = f"{info.get('size')} bytes"
    for key in TAGS:
        if info.get(key):
            return f"{size}, tag {str(info[key]).strip(chr(34))}"
    for key in INSTANTS:
        if info.get(key):
            at = info[key]
            if isinstance(at, int | float):
                at = datetime.fromtimestamp(at, tz=UTC)
            return f"{size}, of {at}"
    msg = (
        f"{name}: its storage does not tell when a file changed, which `freeze: facts` "
        "rests on; set `freeze: rows`"
    )
    raise UnreadableDataError(msg)
