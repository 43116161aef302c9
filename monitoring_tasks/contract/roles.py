"""The key `roles`: who leads, who writes, who answers, and who does what."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class Activity(StrEnum):
    """What there is to do about an incident."""

    TRIAGE = "triage"
    ROLLBACK_APPROVAL = "rollback_approval"
    DATA_FIX = "data_fix"
    SEVERITY_OVERRIDE = "severity_override"
    SERIOUS_INCIDENT_ASSESSMENT = "serious_incident_assessment"
    REGULATOR_NOTIFICATION = "regulator_notification"
    POST_MORTEM = "post_mortem"
    THRESHOLD_CHANGE = "threshold_change"


Duty = Literal["R", "A", "AR", "C", "I"]
"""Responsible: does it; accountable: answers for it; consulted; informed."""
ENGINEER, OWNER, DATA = "ml_engineer", "model_owner", "data_engineer"
RISK, LEGAL, PRODUCT = "risk", "legal", "product"
DEFAULT_RACI: dict[Activity, dict[str, Duty]] = {
    Activity.TRIAGE: {ENGINEER: "R", OWNER: "A", DATA: "C", RISK: "I", PRODUCT: "I"},
    Activity.ROLLBACK_APPROVAL: {
        OWNER: "AR",
        ENGINEER: "C",
        DATA: "C",
        RISK: "C",
        PRODUCT: "I",
    },
    Activity.DATA_FIX: {DATA: "AR", ENGINEER: "C", OWNER: "I"},
    Activity.SEVERITY_OVERRIDE: {ENGINEER: "R", OWNER: "A", RISK: "C"},
    Activity.SERIOUS_INCIDENT_ASSESSMENT: {
        RISK: "R",
        LEGAL: "A",
        ENGINEER: "C",
        OWNER: "C",
    },
    Activity.REGULATOR_NOTIFICATION: {LEGAL: "A", RISK: "R", OWNER: "C", PRODUCT: "I"},
    Activity.POST_MORTEM: {ENGINEER: "R", OWNER: "A", DATA: "R", RISK: "C"},
    Activity.THRESHOLD_CHANGE: {OWNER: "R", RISK: "A", ENGINEER: "C"},
}
"""After PagerDuty's and the SRE books' role tables; Daywatch itself only proposes."""


class Roles(ContractModel):
    """Who leads, who writes, who answers, and who does what.

    Attributes:
        commander: Who leads the response to an incident until somebody else is named.
        scribe: Who keeps its time line.
        people: Names of people by role, e.g. `model_owner: [kim]`.
        raci: By activity, which role is responsible (R), accountable (A), both (AR),
            consulted (C) or informed (I).
    """

    commander: str | None = None
    scribe: str | None = None
    people: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    raci: dict[Activity, dict[str, Duty]] = Field(
        default_factory=lambda: dict(DEFAULT_RACI)
    )

    def people_for(self, activity: Activity, duty: Literal["R", "A"]) -> list[str]:
        """Return who has a duty in an activity: names, or the role where none is named.

        Args:
            activity: What there is to do.
            duty: `R` for who does it, `A` for who answers for it.
        """
        roles = [r for r, d in self.raci.get(activity, {}).items() if duty in d]
        return [name for role in roles for name in self.people.get(role, (role,))]
