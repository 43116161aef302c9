"""Root-cause packs: JSON files named by their own content, never written over."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.root_cause import SCHEMA
from monitoring_tasks.errors import NoDataError, UnreadableDataError

FOLDER = "evidence"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


class Packs:
    """The packs of a workspace: `evidence/<incident>/<sha256>.json`."""

    def __init__(self, home: Path) -> None:
        """Remember where they lie.

        Args:
            home: Folder of the workspace.
        """
        self._home = home

    def keep(self, incident: str, pack: Mapping[str, Any]) -> str:
        """Write a pack whole or not at all; return the SHA-256 of the file.

        The same content is the same file, so that doing it twice changes nothing.

        Args:
            incident: Id of the incident.
            pack: JSON only.
        """
        content = json.dumps(
            pack, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False
        ).encode()
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(incident, digest)
        # A file that is there may have been damaged: what was frozen now is right.
        if path.is_file() and path.read_bytes() == content:
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(path)
        return digest

    def path(self, incident: str, digest: str) -> Path:
        """Return the file of a pack, written or not.

        Args:
            incident: Id of the incident.
            digest: SHA-256 of the file.
        """
        return self._home / self.place(incident, digest)

    def place(self, incident: str, digest: str) -> str:
        """Return the file of a pack, seen from the workspace.

        Args:
            incident: Id of the incident.
            digest: SHA-256 of the file.
        """
        return f"{FOLDER}/{incident}/{digest}.json"

    def digests(self, incident: str) -> list[str]:
        """Return the digests of the packs that are kept, the oldest first."""
        files = (self._home / FOLDER / incident).glob("*.json")
        named = [path for path in files if DIGEST.fullmatch(path.stem)]
        named.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [path.stem for path in named]

    def read(self, incident: str, digest: str) -> dict[str, Any]:
        """Read a pack back.

        Args:
            incident: Id of the incident.
            digest: SHA-256 of the file.

        Raises:
            NoDataError: If the file is gone.
            UnreadableDataError: If it is not what was frozen, or of a newer Daywatch.
        """
        path = self.path(incident, digest)
        if not path.is_file():
            msg = (
                f"{path}: the root-cause pack is gone; `daywatch pack {incident} "
                "--rebuild` makes one of what is known now"
            )
            raise NoDataError(msg)
        content = path.read_bytes()
        seen = hashlib.sha256(content).hexdigest()
        if seen != digest:
            msg = (
                f"{path}: the root-cause pack was changed after it was frozen: its "
                f"SHA-256 is {seen}, not that of its name; restore it from a backup"
            )
            raise UnreadableDataError(msg)
        pack: dict[str, Any] = json.loads(content)
        if pack["schema"] > SCHEMA:
            msg = f"{path}: written by a newer Daywatch (schema {pack['schema']})"
            raise UnreadableDataError(msg)
        return pack
