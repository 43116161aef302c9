"""What people have placed on the alias moves of a model, or of all models."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ALL_MODELS = "*"
"""Stands for every model in a hold."""


class HoldKind(StrEnum):
    """What a hold holds back.

    `kill_switch`: Daywatch moves nothing. `legal_hold`: nothing moves without a
    person's approval, and evidence is kept.
    """

    KILL_SWITCH = "kill_switch"
    LEGAL_HOLD = "legal_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Something a person placed on alias moves, until it is released.

    Attributes:
        id: Short and stable.
        model: Registered model name, or `*` for all.
        kind: What it holds back.
        reason: Why.
        actor: Who placed it.
        at: When it was placed.
    """

    id: str
    model: str
    kind: HoldKind
    reason: str
    actor: str
    at: datetime
