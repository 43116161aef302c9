"""How far Daywatch may go for a model without a person."""

from enum import StrEnum


class ResponseMode(StrEnum):
    """How far Daywatch may go without a person; a ladder, lowest rung first."""

    OBSERVE = "observe"
    DRY_RUN = "dry_run"
    APPROVE = "approve"
    AUTO = "auto"


LADDER = tuple(ResponseMode)
