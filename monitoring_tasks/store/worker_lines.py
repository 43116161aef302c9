"""Lines a child writes, read within a time limit."""

import os
import selectors
import time
from typing import IO

_CHUNK_BYTES = 65_536
_LINE_BYTES = 2**20


class Lines:
    """The lines of a child's pipe. POSIX only."""

    def __init__(self, pipe: IO[bytes]) -> None:
        """Remember the pipe; nothing is read yet."""
        self._pipe = pipe
        self._unread = b""

    def next(self, limit_seconds: float) -> bytes:
        """Wait for one line and return it.

        Raises:
            TimeoutError: After the limit.
            EOFError: At the end, or when the line is too long to be an answer.
        """
        deadline = time.monotonic() + limit_seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            while b"\n" not in self._unread:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(self._pipe.fileno(), _CHUNK_BYTES)
                if not chunk:
                    raise EOFError
                self._unread += chunk
                if len(self._unread) > _LINE_BYTES:
                    raise EOFError
        line, self._unread = self._unread.split(b"\n", 1)
        return line
