"""How far Daywatch may go for a model without a person."""

from enum import StrEnum


class ResponseMode(StrEnum):
    """How far Daywatch may go without a person; lowest level first."""

    OBSERVE = "observe"
    DRY_RUN = "dry_run"
    APPROVE = "approve"
    AUTO = "auto"


AUTONOMY_LEVELS = tuple(ResponseMode)
"""From the lowest, which only watches, to the highest, which moves an alias unasked."""
