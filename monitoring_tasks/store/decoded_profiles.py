"""Profiles kept decoded between two questions, as many as take a bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from monitoring_tasks.domain.profiles import DayProfile

MOST_BYTES = 8_000_000
"""Of the rows of the store, before they are decoded: a month of days of 10,000 rows and
20 columns takes 5 MB; decoded it takes some thirty times as much, its outcomes alone
twice."""


class DecodedProfiles:
    """The profiles read last.

    Args:
        decode: From a row's content to its profile.
        most_bytes: How much content is remembered; the profile read last always is.
    """

    def __init__(
        self, decode: Callable[[bytes], DayProfile], *, most_bytes: int = MOST_BYTES
    ) -> None:
        self._decode = decode
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, DayProfile] = OrderedDict()
        self._bytes = 0
        # Pages are served by several threads.
        self._lock = Lock()

    def read(self, content: bytes) -> DayProfile:
        """Return the profile of a content, decoded now or before.

        Args:
            content: As the store has it.
        """
        with self._lock:
            if content in self._kept:
                self._kept.move_to_end(content)
                return self._kept[content]
        profile = self._decode(content)
        with self._lock:
            if content not in self._kept:
                self._kept[content] = profile
                self._bytes += len(content)
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                oldest, _ = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
        return profile
