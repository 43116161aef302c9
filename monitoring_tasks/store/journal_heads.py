"""The digest of every line of the journal, kept outside the store.

The chain of digests shows a line that was changed or taken out of the middle; only a
head kept elsewhere shows that the newest lines were cut off. The registry keeps one a
move; this file keeps one a line.
"""

import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)
FILE_NAME = "journal.heads"
_HEAD = re.compile(r"(\d+) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class JournalHeads:
    """A file with a number and a digest for each line that was written from here.

    Attributes:
        path: The file; made with the first line.
    """

    path: Path

    def keep(self, number: int, digest: str) -> None:
        """Add the head; a file that cannot be written is logged, the line stands.

        Args:
            number: Number of the line.
            digest: Its digest.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # In one write, so that two processes never mix their lines.
                os.write(file, f"{number} {digest}\n".encode())
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            logger.warning("%s: the journal's head was not kept: %s", self.path, error)

    def read(self) -> list[tuple[int, str]]:
        """List what was kept, oldest first; a line cut off by a crash is left out."""
        if not self.path.is_file():
            return []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        heads = (_HEAD.fullmatch(line) for line in text.splitlines())
        return [(int(head[1]), head[2]) for head in heads if head]

    def missing(self, digests: Iterable[str]) -> list[int]:
        """Name the lines that were kept here and whose digest the journal lacks."""
        there = set(digests)
        return [number for number, digest in self.read() if digest not in there]
