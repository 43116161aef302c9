"""How far Daywatch may go for a model without a person."""

from dataclasses import dataclass
from enum import StrEnum


class ResponseMode(StrEnum):
    """How far Daywatch may go without a person; lowest level first."""

    OBSERVE = "observe"
    DRY_RUN = "dry_run"
    APPROVE = "approve"
    AUTO = "auto"


AUTONOMY_LEVELS = tuple(ResponseMode)
"""From the lowest, which only watches, to the highest, which moves an alias unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutonomyLevel:
    """How far Daywatch may go for a model now, and why no further."""

    mode: ResponseMode
    why: str
