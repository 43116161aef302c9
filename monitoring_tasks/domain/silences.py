"""Silences: what nobody is to be paged about for a while."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.errors import ConfigurationError

SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A person's wish not to be paged; it changes no verdict and hides nothing.

    Attributes:
        id: Stable text id.
        model: Registered model name.
        cause: The only cause it is about; None for any.
        segment: The only segment it is about, `column=value`; None for any.
        severity_at_most: Graver incidents are told of all the same; never P0.
        starts_at: When it was asked for; aware.
        ends_at: From this instant on it acts no more.
        actor: Who asked.
        reason: Why.
        ended_at: When somebody ended it early; None when nobody did.
    """

    id: str
    model: str
    cause: Cause | None = None
    segment: str | None = None
    severity_at_most: Severity
    starts_at: datetime
    ends_at: datetime
    actor: str
    reason: str
    ended_at: datetime | None = None

    def acts_at(self, instant: datetime) -> bool:
        """Whether a day judged at `instant` falls under it; its end does not."""
        # Ending it by hand can only shorten it.
        ends = min(self.ends_at, self.ended_at or self.ends_at)
        return self.starts_at <= instant < ends

    def covers(
        self, cause: Cause, severity: Severity, segments: AbstractSet[str]
    ) -> bool:
        """Whether it is about an incident; P0 is covered by none.

        Args:
            cause: The incident's.
            severity: The incident's.
            segments: Segments of the numbers that are in breach; a silence about one
                covers a day on which nothing else is.
        """
        return (
            severity is not Severity.P0  # whatever was stored: none hides one
            and severity >= self.severity_at_most
            and self.cause in {None, cause}
            and (self.segment is None or segments == {self.segment})
        )

    @property
    def about(self) -> str:
        """What it is about, in words."""
        parts = [self.cause and self.cause.value, self.segment]
        return ", ".join(part for part in parts if part) or "everything"


def require_valid(silence: Silence, *, longest_days: int) -> None:
    """Refuse a silence that nobody answers for, that lasts, or that hides a P0.

    Args:
        silence: What a person asks for.
        longest_days: Days after which it has to end, >= 1.

    Raises:
        ConfigurationError: With what has to be changed.
    """
    if silence.severity_at_most is Severity.P0:
        msg = "a P0 cannot be silenced; --severity-at-most P1 is the most"
        raise ConfigurationError(msg)
    if len(silence.reason.strip()) < SHORTEST_REASON or not silence.actor.strip():
        msg = (
            "a silence needs --by and a --reason of at least "
            f"{SHORTEST_REASON} characters"
        )
        raise ConfigurationError(msg)
    latest = silence.starts_at + timedelta(days=longest_days)
    if not silence.starts_at < silence.ends_at <= latest:
        msg = (
            f"a silence that begins {silence.starts_at:%Y-%m-%d %H:%M} has to end "
            f"after that and by {latest:%Y-%m-%d %H:%M} UTC ({longest_days} days)"
        )
        raise ConfigurationError(msg)
