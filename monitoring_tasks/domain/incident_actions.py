"""What an incident leaves to be done: action items, by what they are to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActionType(StrEnum):
    """What an action item is to change.

    `prevent`: it cannot happen again. `detect`: it is seen sooner. `mitigate`: it
    hurts less. `process`: people work otherwise.
    """

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something to be done because of an incident.

    Attributes:
        id: Stable text id: the incident's, and the number of the item.
        incident: Id of the incident.
        type: What it is to change.
        text: What is to be done, a sentence.
        owner: Who does it; empty while nobody is named.
        due: Until when; None while nobody said.
        ticket: Key of its issue in Jira; empty without one.
        created_at: When it was written down; aware.
        created_by: By whom.
        done_at: When it was said to be done; None while it is open.
        verified_at: When somebody saw that it works; None before.
    """

    id: str
    incident: str
    type: ActionType
    text: str
    owner: str = ""
    due: date | None = None
    ticket: str = ""
    created_at: datetime
    created_by: str
    done_at: datetime | None = None
    verified_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None

    @property
    def is_planned(self) -> bool:
        """Whether it has an owner and a day until which it is done."""
        return bool(self.owner) and self.due is not None

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.is_open and self.due is not None and self.due < today


def by_urgency(actions: Sequence[ActionItem]) -> list[ActionItem]:
    """Return action items, open ones first and by their day; those without one last."""
    return sorted(
        actions, key=lambda a: (not a.is_open, a.due is None, a.due or date.max, a.id)
    )
