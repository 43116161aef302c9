"""A registered version that may be held against the live one."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A registered version that may be held against the live one.

    Attributes:
        version: Version number, as text.
        trained_until: Last day of its training rows; None when it was not recorded.
        is_withdrawn: Whether a rollback put it away.
    """

    version: str
    trained_until: date | None = None
    is_withdrawn: bool = False

    def is_untouched(self, first: date) -> bool:
        """Whether its training ended before the first of the rows."""
        return self.trained_until is not None and self.trained_until < first

    def why_unfair(self, first: date) -> str:
        """Say why it may have been trained on rows from `first` on."""
        if self.trained_until is None:
            return (
                "its training window was not recorded, so it may have been trained on "
                "these rows"
            )
        return f"it was trained on rows up to {self.trained_until}, past {first}"
