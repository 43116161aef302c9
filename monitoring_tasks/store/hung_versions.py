"""Versions that did not answer in time: for a week no day waits as long again."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from monitoring_tasks.clock import SYSTEM_CLOCK, Clock
from monitoring_tasks.disk import keep_if_allowed

SHARE = 0.1
"""How much of its time a version that hung is given the next time."""
LEAST_SECONDS = 5.0
KEPT_SECONDS = 7 * 86_400.0
"""How long a version is remembered. Without an end one that is merely slow, or hung
because the machine did, would never be given the time it needs to be forgotten."""


@dataclass(frozen=True, slots=True)
class HungVersions:
    """A file for each set of model files that hung, by their digest.

    Attributes:
        folder: Where the files lie; may be emptied at any time.
        clock: Tells how long ago a version hung.
    """

    folder: Path
    clock: Clock = SYSTEM_CLOCK

    def limit(self, digest: str, limit_seconds: float) -> float:
        """How long to wait for a version: a tenth where it hung for as long of late.

        Args:
            digest: Of the version's files.
            limit_seconds: The time it is allowed.
        """
        waited = self._waited(digest)
        if waited is None or waited < limit_seconds:
            return limit_seconds
        return min(limit_seconds, max(LEAST_SECONDS, SHARE * limit_seconds))

    def remark(self, digest: str, limit_seconds: float) -> str:
        """What is to be said of a version that was waited for less; else nothing.

        Args:
            digest: Of the version's files.
            limit_seconds: The time it is allowed.
        """
        if self.limit(digest, limit_seconds) == limit_seconds:
            return ""
        since = datetime.fromtimestamp(self._noted_at(digest), tz=UTC).date()
        return f"; it hung for {self._waited(digest):g} seconds on {since}"

    def note(self, digest: str, limit_seconds: float) -> None:
        """Remember a version that hung; the longest wait counts.

        Whoever may not write here waits as long the next time.

        Args:
            digest: Of the version's files.
            limit_seconds: How long it was waited for.
        """
        if (self._waited(digest) or 0) < limit_seconds:
            keep_if_allowed(self.folder / digest, f"{limit_seconds:g}")

    def forget(self, digest: str) -> None:
        """Forget about a version that answered."""
        if os.access(self.folder, os.W_OK):
            (self.folder / digest).unlink(missing_ok=True)

    def _waited(self, digest: str) -> float | None:
        """How long a version was waited for in vain; None where it was not of late."""
        try:
            # A mark of the future, from before a clock was set right, ends as well.
            if (
                abs(self.clock.now().timestamp() - self._noted_at(digest))
                > KEPT_SECONDS
            ):
                return None
            return float((self.folder / digest).read_text())
        except (OSError, ValueError):
            return None

    def _noted_at(self, digest: str) -> float:
        return (self.folder / digest).stat().st_mtime
