"""What to do first about a day: one sentence, and the command where there is one."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring_tasks.contract.objectives import best_proven
from monitoring_tasks.domain.comparisons import Comparison
from monitoring_tasks.domain.decisions import Cause
from monitoring_tasks.domain.findings import Verdict
from monitoring_tasks.domain.rollbacks import DONE, Rollback, RollbackState
from monitoring_tasks.report.facts import Facts, verdict_of
from monitoring_tasks.report.words import number, percent, plain
from monitoring_tasks.respond.next_steps import next_steps
from monitoring_tasks.respond.plan import ADVICE

_COMMAND = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """What to do first.

    Attributes:
        text: One sentence.
        command: What to type for it; empty where nothing is to be typed.
    """

    text: str
    command: str = ""


def first_step(facts: Facts) -> FirstStep:
    """Return what to do first about the day, from the facts of its page."""
    verdict = verdict_of(facts.header)
    if verdict is None:
        text = f"Judge the day: this evaluation only got as far as {facts.header.step}."
        return FirstStep(text=text, command=_again(facts))
    # A rollback under way comes first: it waits for an answer, or moves the alias.
    answered = _of_rollback(facts)
    if answered is not None:
        return answered
    if not _is_fit(facts):
        return _mend_batch(facts)
    better = proven_better(facts)
    if better is not None:
        return _moved_already(facts, better) or _move_to(facts, better)
    return _without_version(facts, verdict)


def proven_better(facts: Facts) -> Comparison | None:
    """Return the version proven better on the same rows that keeps the objectives."""
    contract = facts.contract
    return best_proven(
        facts.comparisons, contract.objectives, margin=contract.policy.versions.margin
    )


def _of_rollback(facts: Facts) -> FirstStep | None:
    """Return the next step of the rollback the day asked for, while there is one."""
    rollbacks = [
        story.rollback
        for story in facts.rollbacks
        if story.rollback.evaluation == facts.unit.key
    ]
    if not rollbacks or rollbacks[-1].state is RollbackState.DRY_RUN_RECORDED:
        return None
    return _from_sentence(rollbacks[-1], next_steps(rollbacks[-1]))


def _from_sentence(rollback: Rollback, steps: Sequence[str]) -> FirstStep | None:
    if not steps:
        return None
    if rollback.state is RollbackState.AWAITING_APPROVAL:
        text = (
            f"Approve or reject putting version {rollback.to_version} back, before "
            f"{rollback.expires_at:%Y-%m-%d %H:%M} UTC; no answer means no."
        )
        return FirstStep(
            text=text, command=f'daywatch approve {rollback.id} --reason "..."'
        )
    # Steps name their command in backquotes.
    typed = _COMMAND.search(steps[0])
    text = steps[0][:1].upper() + steps[0][1:]
    return FirstStep(text=f"{text}.", command=typed[1] if typed else "")


def _is_fit(facts: Facts) -> bool:
    return facts.batch is not None and facts.batch.is_fit


def _mend_batch(facts: Facts) -> FirstStep:
    failed = (
        [c for c in facts.batch.checks if c.status == "failed"] if facts.batch else []
    )
    grave = next((c for c in failed if c.severity == "critical"), None)
    failure = f" ({plain(grave.name)}: {grave.observed})" if grave else ""
    text = (
        f"Get the rows of {facts.unit.day} fixed or delivered{failure}, then judge the "
        "day again; another version would not help."
    )
    return FirstStep(text=text, command=_again(facts, live=True))


def _moved_already(facts: Facts, better: Comparison) -> FirstStep | None:
    """Return what to do where the alias was moved to the better version since."""
    for story in facts.rollbacks:
        done = story.rollback
        if done.state in DONE and done.to_version == better.version:
            text = (
                f"Nothing to move: version {better.version} was put back. Wait for the "
                "days it serves: they will show whether that helped."
            )
            return FirstStep(text=text, command=_typed("show", done.id))
    return None


def _move_to(facts: Facts, better: Comparison) -> FirstStep:
    """Return which version to serve; one that never served here is promoted."""
    served = {timeline_day.header.version for timeline_day in facts.timeline.values()}
    verb = "Put back" if better.version in served else "Promote"
    metric = f"{better.metric.replace('_', ' ')} {number(better.candidate)}"
    why = (
        f"{metric} instead of {number(better.champion)} on the same "
        f"{number(better.rows)} rows, a gain of {number(better.lower)} to "
        f"{number(better.upper)}"
    )
    # Better on all rows may be worse for some: a person has to weigh that.
    harmed = [f"{g.column} {g.value}" for g in better.groups if g.upper < 0]
    caution = f" It is surely worse for {', '.join(harmed)}: weigh that first."
    text = f"{verb} version {better.version}: {why}.{caution if harmed else ''}"
    return FirstStep(
        text=text,
        command=_typed(
            "rollback",
            facts.unit.model,
            "--to",
            better.version,
            "--reason",
            f"{metric} instead of {number(better.champion)} up to {facts.unit.day}",
        ),
    )


def _without_version(facts: Facts, verdict: Verdict) -> FirstStep:
    """Return what helps when no other version does."""
    header, show = facts.header, _typed("incidents", facts.unit.model)
    reason = (header.reasons or ["no reason was written down"])[0]
    cause = Cause(header.cause) if header.cause else None
    if cause is not None and header.severity:
        advice = ADVICE[cause]
        lead = (
            "No registered version is proven better: " if cause is Cause.MODEL else ""
        )
        text = f"{lead}{advice}." if lead else f"{advice[:1].upper()}{advice[1:]}."
        return FirstStep(text=text, command=show)
    if verdict is Verdict.BREACH:
        bad, of = (facts.evidence.get(name) for name in ("bad_days", "of_days"))
        so_far = f" ({bad} bad of {of} days so far)" if bad is not None else ""
        return FirstStep(
            text=f"Look at what broke, and wait to see if it lasts{so_far}: {reason}"
        )
    if verdict is Verdict.IMMATURE:
        needed = percent(facts.contract.policy.label_coverage)
        text = f"Wait: the day is judged again once {needed} of its labels are known."
        return FirstStep(text=text)
    texts = {
        Verdict.OK: "Nothing.",
        Verdict.EXCLUDED: "Nothing: the contract does not judge this day.",
        Verdict.INCONCLUSIVE: "Nothing yet: it takes more rows or days to tell.",
        Verdict.WARN: f"Have a look, nobody is paged: {reason}",
        Verdict.NO_DATA: f"Find out why there was too little to measure: {reason}",
        Verdict.ERROR: f"Fix the monitor, then judge the day again: {reason}",
    }
    again = verdict in {Verdict.ERROR, Verdict.NO_DATA}
    return FirstStep(text=texts[verdict], command=_again(facts) if again else "")


def _again(facts: Facts, *, live: bool = False) -> str:
    # A day that was only rehearsed is not to be acted on by its page.
    mode = ["--live"] if live and facts.unit.mode == "live" else []
    return _typed("run", facts.unit.model, "--day", str(facts.unit.day), *mode)


def _typed(*words: str) -> str:
    return shlex.join(["daywatch", *words])
