"""What one guard is: a row of a table, and the question it asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from monitoring_tasks.domain.rollbacks import Guard
from monitoring_tasks.respond.guard_facts import GuardFacts

ASKED = "a person asked"
"""What is seen where a guard holds because nobody but a person began the move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a guard found.

    Attributes:
        passed: Whether it holds.
        seen: What was seen, in words or numbers.
        needed: What was needed.
    """

    passed: bool
    seen: str
    needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRule:
    """One guard of the table.

    Attributes:
        group: The question it belongs to, `G1` to `G13`.
        name: Short name, kept in the journal and shown to people.
        ask: Answers it from the facts.
        skippable: Whether a person may skip it, with a reason.
    """

    group: str
    name: str
    ask: Callable[[GuardFacts], Answer]
    skippable: bool = False


def ask_all(rules: Iterable[GuardRule], facts: GuardFacts) -> tuple[Guard, ...]:
    """Return every guard with its answer, in the order of the table.

    Args:
        rules: The guards to ask.
        facts: What is known when the move is considered.
    """
    return tuple(_asked(rule, rule.ask(facts)) for rule in rules)


def _asked(rule: GuardRule, answer: Answer) -> Guard:
    return Guard(
        group=rule.group,
        name=rule.name,
        passed=answer.passed,
        seen=answer.seen,
        needed=answer.needed,
        skippable=rule.skippable,
    )
