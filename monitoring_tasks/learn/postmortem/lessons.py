"""What went well, what went badly, where luck helped: of facts alone. Pure."""

from dataclasses import dataclass, field

from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Kind
from monitoring_tasks.domain.rollbacks import DONE
from monitoring_tasks.learn.postmortem.facts import PostmortemFacts, Took

SOON_RUNS = 1
"""What was found by the first look at a bad day could not have been found sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Sentences by what they say; people add their own.

    Attributes:
        well: What went well.
        badly: What went badly.
        lucky: What only luck kept from being worse.
        factors: What contributed, by class: data, model, integration, process.
    """

    well: list[str] = field(default_factory=list)
    badly: list[str] = field(default_factory=list)
    lucky: list[str] = field(default_factory=list)
    factors: list[tuple[str, str]] = field(default_factory=list)


def lessons_of(facts: PostmortemFacts) -> Lessons:
    """Return what the facts say went well and badly, and what contributed.

    Args:
        facts: What the store holds of the incident.
    """
    lessons = Lessons()
    _detection(facts, lessons)
    _response(facts, lessons)
    _luck(facts, lessons)
    lessons.factors.extend(_factors(facts))
    return lessons


def _detection(facts: PostmortemFacts, lessons: Lessons) -> None:
    detect = _took(facts, "detect")
    if detect is not None and detect.runs is not None:
        text = f"found by the {_ordinal(detect.runs)} look at its bad days"
        (lessons.well if detect.runs <= SOON_RUNS else lessons.badly).append(text)
    for trial in facts.trials:
        if trial.days_gained:
            lessons.badly.append(f"{trial.key} would have found it {trial.gained}")
    missed = [pair for pair in facts.estimates if pair.is_beyond_chance]
    if missed:
        days = ", ".join(str(pair.day) for pair in missed)
        lessons.badly.append(
            f"the estimate of {missed[0].metric} did not see it ({days})"
        )


def _response(facts: PostmortemFacts, lessons: Lessons) -> None:
    _moves(facts, lessons)
    mitigate = _took(facts, "mitigate")
    if mitigate is not None and mitigate.runs == 0:
        lessons.well.append("contained before another day was scored")
    acknowledge = _took(facts, "acknowledge")
    if acknowledge is not None and acknowledge.lasted is None:
        lessons.badly.append("nobody took it on in Daywatch")
    if facts.incident.reopened:
        times = facts.incident.reopened
        lessons.badly.append(f"it came back {times} times after it was called over")
    spent = [budget.name for budget in facts.budgets if budget.state == "exhausted"]
    lessons.badly.extend(f"no error budget of {name} is left" for name in spent)
    if facts.earlier:
        lessons.badly.append(
            f"the same cause had {len(facts.earlier)} incidents before: "
            f"{', '.join(facts.earlier[:3])}"
        )


def _moves(facts: PostmortemFacts, lessons: Lessons) -> None:
    for move in facts.moves:
        name = f"{move.rollback.id} to version {move.rollback.to_version}"
        if move.judgement == "right":
            lessons.well.append(f"{name} was right: {move.text}")
        elif move.judgement == "wrong":
            lessons.badly.append(f"{name} was wrong: {move.text}")


def _luck(facts: PostmortemFacts, lessons: Lessons) -> None:
    evaluation = facts.evaluation
    if evaluation is None:
        return
    by_labels = [f for f in facts.judged(Kind.REALIZED) if f.verdict == "breach"]
    by_estimate = [f for f in facts.judged(Kind.ESTIMATED) if f.verdict == "breach"]
    if by_labels and not by_estimate:
        lessons.lucky.append(
            "only labels showed it, and they came in time: "
            f"{evaluation.label_share:.0%} of the rows had one"
        )
    if any(move.rollback.state in DONE for move in facts.moves):
        count = sum(c.is_better_by(0) for c in evaluation.comparisons)
        lessons.lucky.append(f"{count} better versions were there to put back")


def _factors(facts: PostmortemFacts) -> list[tuple[str, str]]:
    factors = []
    incident, evaluation = facts.incident, facts.evaluation
    reasons = evaluation.reasons if evaluation else ()
    classes = {
        Cause.DATA: "data",
        Cause.MODEL: "model",
        Cause.INTEGRATION: "integration",
        Cause.COMMON_CAUSE: "integration",
        Cause.LABEL_QUALITY: "data",
        Cause.COVARIATE_DRIFT: "model",
        Cause.CONCEPT_DRIFT: "model",
        Cause.SEGMENT: "model",
    }
    if reasons:
        factors.append((classes.get(incident.cause, "unknown"), reasons[0]))
    checks = evaluation.checks if evaluation else ()
    factors += [
        ("data", f"gate {c.gate}: {c.name} {c.column} failed".replace("  ", " "))
        for c in checks
        if c.status == "failed"
    ]
    if facts.response_mode and facts.response_mode != "auto":
        factors.append(
            ("process", f"response mode {facts.response_mode}: a person has to act")
        )
    return factors


def _took(facts: PostmortemFacts, name: str) -> Took | None:
    return next((took for took in facts.took if took.name == name), None)


def _ordinal(number: int) -> str:
    names = {1: "first", 2: "second", 3: "third"}
    return names.get(number, f"{number}th")
