"""What must hold before an alias may move. Pure; every answer is recorded.

None is skipped because another failed: whoever reads a refusal sees all that stood
in the way.
"""

from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.respond.evidence_guards import EVIDENCE_GUARDS
from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.guard_rules import ask_all
from monitoring_tasks.respond.pace_guards import PACE_GUARDS
from monitoring_tasks.respond.restraint_guards import RESTRAINT_GUARDS
from monitoring_tasks.respond.target_guards import TARGET_GUARDS

GUARDS = (*EVIDENCE_GUARDS, *TARGET_GUARDS, *PACE_GUARDS, *RESTRAINT_GUARDS)
"""G1 to G13, in the order in which they are shown."""


def check_guards(facts: GuardFacts) -> tuple[Guard, ...]:
    """Return the answer of every guard, G1 to G13, in that order."""
    return ask_all(GUARDS, facts)
