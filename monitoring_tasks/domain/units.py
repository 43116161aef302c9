"""What one run works on: a model's day, as known at an instant, in a mode."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self


class Mode(StrEnum):
    """Why a day is looked at. Only `live` may act on anything outside."""

    LIVE = "live"
    BACKFILL = "backfill"
    REPLAY = "replay"
    DRY_RUN = "dry_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A model's day as known at an instant, in a mode: what one run works on.

    Attributes:
        model: Registered model name.
        day: The model's own calendar day.
        as_of: Nothing that became known later is looked at; aware, UTC.
        mode: Why the day is looked at.
    """

    model: str
    day: date
    as_of: datetime
    mode: Mode

    def __post_init__(self) -> None:
        """Refuse an instant without a time zone; keep whole seconds, as `key`."""
        if self.as_of.tzinfo is None:
            msg = f"as_of {self.as_of} has no time zone"
            raise ValueError(msg)
        whole_seconds = self.as_of.astimezone(UTC).replace(microsecond=0)
        # The class is frozen; this is the one write, before anybody has seen it.
        object.__setattr__(self, "as_of", whole_seconds)

    @property
    def key(self) -> str:
        """The unit as one line of text: fit for XCom, logs and a primary key."""
        instant = self.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.model}/{self.day.isoformat()}/{instant}/{self.mode}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """Read a key back.

        >>> Unit.from_key("m/2013-09-02/2013-09-03T10:00:00Z/live").mode.value
        'live'
        """
        try:
            model, day, instant, mode = key.split("/")
            return cls(
                model=model,
                day=date.fromisoformat(day),
                as_of=datetime.fromisoformat(instant),
                mode=Mode(mode),
            )
        except ValueError as error:
            msg = f"'{key}' is not model/day/as_of/mode"
            raise ValueError(msg) from error
