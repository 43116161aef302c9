"""The tree of whys: five questions deep, with branches; only facts answer. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitoring_tasks.domain.decisions import GROUNDS, Cause
from monitoring_tasks.domain.evidence_keys import keys_of
from monitoring_tasks.domain.findings import Kind, Verdict
from monitoring_tasks.domain.reasons import ReasonCode
from monitoring_tasks.learn.postmortem.facts import PostmortemFacts
from monitoring_tasks.learn.postmortem.why_rules import (
    ASKED,
    CHOSEN_BY,
    Answer,
    WhyStatus,
)

ROOT = "1"
UNFIT = frozenset(
    {ReasonCode.BATCH_MISSING, ReasonCode.BATCH_UNFIT, ReasonCode.BATCH_NOT_CHECKED}
)
"""Reasons with which a day is never triaged."""
BROKEN = UNFIT | {ReasonCode.LIMIT_CROSSED}
"""Reasons that say what broke, rather than why."""
OPEN_QUESTION = "To be answered by people; name what was seen, not who."


class Place(StrEnum):
    """Where a rule of the triage stands beside the one that fitted."""

    BEFORE = "before"
    CHOSEN = "chosen"
    AFTER = "after"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNode:
    """A question of the tree, and what the facts answer.

    Attributes:
        id: Its place, e.g. `1.3.2`.
        parent: Id of the node it asks on from; empty for the first.
        question: What is asked.
        answer: What the facts say.
        status: Whether they support it, speak against it, or do not tell.
        evidence: Keys of evaluations, findings and events it rests on.
    """

    id: str
    parent: str
    question: str
    answer: str
    status: WhyStatus
    evidence: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """How many questions stand above it."""
        return self.id.count(".")


def why_tree(facts: PostmortemFacts) -> tuple[WhyNode, ...]:
    """Return the tree of whys, each question below the one it asks on from.

    Below the first question there is a branch for every rule of the triage; the one
    that fitted is asked on.

    Args:
        facts: What the store holds of the incident.
    """
    nodes = [_root(facts)]
    number = 0
    for number, rule in enumerate(_rules(facts), start=1):
        branch = _branch(facts, rule, f"{ROOT}.{number}")
        nodes.append(branch)
        if branch.status is WhyStatus.SUPPORTED:
            nodes += _below(branch.id, _further(facts))
    nodes += [
        _node(f"{ROOT}.{number + 1 + offset}", ROOT, question, answer)
        for offset, (question, answer) in enumerate(_of_the_response(facts))
    ]
    return tuple(nodes)


def _root(facts: PostmortemFacts) -> WhyNode:
    incident, evaluation = facts.incident, facts.evaluation
    codes = evaluation.reason_codes if evaluation else ()
    reasons = evaluation.reasons if evaluation else ()
    pairs = zip(codes, reasons, strict=False)
    broken = [text for code, text in pairs if code in BROKEN]
    return WhyNode(
        id=ROOT,
        parent="",
        question=f"Why did {incident.model} need somebody on {incident.onset_day}?",
        answer="; ".join(broken or reasons[:1]) or incident.title,
        status=WhyStatus.SUPPORTED if reasons else WhyStatus.UNKNOWN,
        evidence=(evaluation.key,) if evaluation else (),
    )


def _rules(facts: PostmortemFacts) -> list[str]:
    """Return the rules to ask: the data first where the day was not fit."""
    return ["unfit_batch", *facts.rules]


def _branch(facts: PostmortemFacts, rule: str, node: str) -> WhyNode:
    question, ask = ASKED[rule]
    place = _place(facts, rule)
    is_chosen = place is Place.CHOSEN
    answer = _chosen(facts) if is_chosen else ask(facts) or _by_place(place, facts)
    return _node(node, ROOT, question, answer)


def _place(facts: PostmortemFacts, rule: str) -> Place:
    evaluation = facts.evaluation
    codes = evaluation.reason_codes if evaluation else ()
    chosen = [name for code in codes for name in CHOSEN_BY.get(code, ())]
    if not chosen:
        return Place.NOWHERE
    if rule == chosen[0]:
        return Place.CHOSEN
    if set(codes) & UNFIT:
        return Place.AFTER
    order = _rules(facts)
    fitted = order.index(chosen[0]) if chosen[0] in order else 0
    return Place.BEFORE if order.index(rule) < fitted else Place.AFTER


def _chosen(facts: PostmortemFacts) -> Answer:
    evaluation = facts.evaluation
    if evaluation is None:
        return Answer(WhyStatus.UNKNOWN, "the judgement is not in the store any more")
    chosen_by = evaluation.evidence.get(GROUNDS) or ()
    keys = tuple(f"{evaluation.key}#{key}" for key in chosen_by)
    return Answer(WhyStatus.SUPPORTED, evaluation.reasons[0], keys or (evaluation.key,))


def _by_place(place: Place, facts: PostmortemFacts) -> Answer:
    if place is Place.BEFORE:
        return Answer(WhyStatus.REFUTED, "asked by the triage, and it did not fit")
    codes = facts.evaluation.reason_codes if facts.evaluation else ()
    if set(codes) & UNFIT:
        text = "not asked: the batch was not fit to judge a model by"
        return Answer(WhyStatus.UNKNOWN, text)
    if place is Place.AFTER:
        return Answer(WhyStatus.UNKNOWN, "not asked: an earlier rule fitted")
    return Answer(WhyStatus.UNKNOWN, "no cause was sought on that day")


def _below(parent: str, asked: list[tuple[str, Answer]]) -> Iterator[WhyNode]:
    """Yield a chain of questions, each below the one before."""
    for question, answer in asked:
        node = _node(f"{parent}.1", parent, question, answer)
        yield node
        parent = node.id


def _node(number: str, parent: str, question: str, answer: Answer) -> WhyNode:
    return WhyNode(
        id=number,
        parent=parent,
        question=question,
        answer=answer.text,
        status=answer.status,
        evidence=answer.evidence,
    )


def _further(facts: PostmortemFacts) -> list[tuple[str, Answer]]:
    """Return the questions to ask on below the cause that fitted."""
    unknown = Answer(WhyStatus.UNKNOWN, OPEN_QUESTION)
    match facts.incident.cause:
        case Cause.MODEL:
            version = facts.incident.version
            return [
                (f"How did version {version} come to serve?", _lead_up(facts)),
                (f"What was seen of version {version} before it served?", unknown),
                ("Which step of the release would have shown it?", unknown),
            ]
        case Cause.DATA | Cause.INTEGRATION | Cause.COMMON_CAUSE:
            return [
                ("What changed where the rows come from?", _first_sign(facts)),
                ("How did the change pass what checks the producer has?", unknown),
                ("What agreement was there that it would not change?", unknown),
            ]
        case _:
            return [
                ("What changed in the world, or in the labels?", unknown),
                ("How long would it have gone on unseen?", unknown),
                ("What would have made the model robust to it?", unknown),
            ]


def _lead_up(facts: PostmortemFacts) -> Answer:
    if not facts.lead_up:
        text = "no alias move in the days before is on record"
        return Answer(WhyStatus.UNKNOWN, text)
    served = [e for e in facts.lead_up if "first day scored" in e.text]
    last = (served or facts.lead_up)[-1]
    return Answer(WhyStatus.SUPPORTED, last.text, (last.source,))


def _first_sign(facts: PostmortemFacts) -> Answer:
    """Return the first check of the rows that failed while the trouble lasted."""
    for signal in facts.signals:
        if signal.kind == "data" and signal.day >= facts.incident.onset_day:
            text = f"first seen on {signal.day}: {signal.name}: {signal.text}"
            return Answer(WhyStatus.SUPPORTED, text, (signal.evidence,))
    return Answer(WhyStatus.UNKNOWN, OPEN_QUESTION)


def _of_the_response(facts: PostmortemFacts) -> list[tuple[str, Answer]]:
    return [
        ("Why was it not found sooner?", _not_sooner(facts)),
        ("Why did the estimate not show it?", _estimate(facts)),
        (f"Why were {facts.rows:,} predictions concerned?", _reach(facts)),
    ]


def _not_sooner(facts: PostmortemFacts) -> Answer:
    sooner = [t for t in facts.trials if t.days_gained]
    if sooner:
        best = max(sooner, key=lambda trial: trial.days_gained or 0)
        text = f"{best.key} would have found it {best.gained}"
        return Answer(WhyStatus.SUPPORTED, text, ("replay",))
    if facts.found_on <= facts.incident.onset_day:
        text = "it was found by the first look at its first bad day"
        return Answer(WhyStatus.REFUTED, text)
    for signal in facts.signals:
        if facts.incident.onset_day <= signal.day < facts.found_on:
            text = (
                f"{signal.kind} {signal.name} spoke on {signal.day} already and was "
                "not enough to call anybody"
            )
            return Answer(WhyStatus.SUPPORTED, text, (signal.evidence,))
    tried = [t for t in facts.trials if t.days_gained is not None]
    if tried:
        text = f"none of {len(tried)} tighter limits that were replayed finds it sooner"
        return Answer(WhyStatus.REFUTED, text, ("replay",))
    return Answer(WhyStatus.UNKNOWN, "no other limits were tried")


def _estimate(facts: PostmortemFacts) -> Answer:
    estimated = facts.judged(Kind.ESTIMATED)
    if not estimated:
        return Answer(WhyStatus.UNKNOWN, "nothing was estimated on that day")
    keys = keys_of(estimated)
    broken = [f for f in estimated if f.verdict is Verdict.BREACH]
    if broken:
        return Answer(WhyStatus.REFUTED, f"it did: {broken[0].reason}", keys)
    missed = [pair for pair in facts.estimates if pair.is_beyond_chance]
    text = estimated[0].reason
    if missed:
        worst = max(missed, key=lambda pair: abs(pair.error))
        text = (
            f"{text}; on {worst.day} it said {worst.estimated:.3f} of {worst.metric} "
            f"where {worst.realized:.3f} came true: what the scores mean had changed"
        )
    return Answer(WhyStatus.SUPPORTED, text, keys)


def _reach(facts: PostmortemFacts) -> Answer:
    mode = facts.response_mode or "unknown"
    count = len(facts.days)
    days = f"{count} day was" if count == 1 else f"{count} days were"
    text = f"{days} scored like that; response mode: {mode}"
    keys = tuple(f"{facts.incident.model}/{day.day}" for day in facts.days)
    status = WhyStatus.SUPPORTED if facts.days else WhyStatus.UNKNOWN
    return Answer(status, text, keys)
