"""What must hold before an alias may move. Pure; every answer is recorded.

None is skipped because another failed: whoever reads a refusal sees all that stood
in the way.
"""

from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.respond.evidence_guards import evidence_guards
from monitoring_tasks.respond.guard_facts import GuardFacts
from monitoring_tasks.respond.restraint_guards import restraint_guards
from monitoring_tasks.respond.target_guards import target_guards


def check_guards(facts: GuardFacts) -> tuple[Guard, ...]:
    """Ask every guard, G1 to G13, in that order."""
    return (
        *evidence_guards(facts),
        *target_guards(facts),
        *restraint_guards(facts),
    )
