"""A contract written out, every guessed line with what it was guessed from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from monitoring_tasks.operations.onboarding.facts import Guess
from monitoring_tasks.operations.onboarding.inputs import Inputs
from monitoring_tasks.operations.onboarding.outputs import Outputs
from monitoring_tasks.operations.onboarding.promises import Promise
from monitoring_tasks.operations.onboarding.timing import (
    LOOK_BACK_DAYS,
    USUAL_COVERAGE,
    LabelTiming,
)

MOST_LEFT_OUT = 12
WIDTH = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a first contract says.

    Attributes:
        model: Registered model name.
        alias: Alias that consumers resolve.
        owners: Who is told.
        timezone: Where days are cut.
        hour: When a day is judged first.
        predictions: The source of predictions, as the contract writes it.
        labels: The source of labels.
        id: What identifies a prediction.
        timestamp: When a row was.
        version: Which version scored it.
        outputs: What the model gives.
        inputs: What it takes.
        min_rows: Fewer rows are never judged.
        labels_timing: How labels come; None where none are known of.
        promises: Its objectives.
        are_labels_by_day: Whether files of labels are named by the days of their
            predictions; else all are asked for every day.
    """

    model: str
    alias: Guess
    owners: Guess
    timezone: Guess
    hour: Guess
    predictions: Mapping[str, Any]
    labels: Mapping[str, Any]
    id: Guess
    timestamp: Guess
    version: Guess
    outputs: Outputs
    inputs: Inputs
    min_rows: Guess
    labels_timing: LabelTiming | None
    promises: Sequence[Promise]
    are_labels_by_day: bool = True


def write_draft(draft: Draft) -> str:
    """Return the text of a contract."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"# What is expected of the model `{draft.model}`, drafted by `daywatch init`"
    yield "# from its rows and its registry. `guessed:` marks what is no fact: read it."
    yield "# `daywatch check --live` says what does not fit, `check --schema` each key."
    yield ""
    yield f"model: {_plain(draft.model)}"
    yield from _guessed("problem", draft.outputs.problem)
    yield from _guessed("alias", draft.alias)
    yield "tier: 2                      # 1 (business critical) to 3"
    yield from _guessed("owners", draft.owners)
    yield from _guessed("timezone", draft.timezone)
    yield ""
    yield "schedule:"
    cron = Guess(value=f"0 {draft.hour.value} * * *", why=draft.hour.why)
    yield from _guessed("cron", cron, indent=2)
    yield ""
    if draft.outputs.classes and isinstance(draft.outputs.score.value, dict):
        why = draft.outputs.score.why
        yield from _guessed("classes", Guess(value=[*draft.outputs.classes], why=why))
        yield ""
    yield from _sources(draft)
    yield ""
    yield from _columns(draft)
    yield ""
    yield from _policy(draft)
    yield ""
    yield from _objectives(draft.promises)
    yield ""
    yield "response:"
    yield "  mode: observe              # observe, dry_run, approve or auto"


def _sources(draft: Draft) -> Iterator[str]:
    if not draft.are_labels_by_day:
        yield "# guessed: files of labels are named by another day than that of their"
        yield "# predictions, such as that of their arrival: all are read for every day"
    sources = {"predictions": dict(draft.predictions), "labels": dict(draft.labels)}
    yield from _block("sources", sources)


def _columns(draft: Draft) -> Iterator[str]:
    outputs, inputs = draft.outputs, draft.inputs
    yield "columns:"
    named = {
        "id": draft.id,
        "timestamp": draft.timestamp,
        "model_version": draft.version,
        "score": outputs.score,
        "prediction": outputs.prediction,
        "label": outputs.label,
    }
    for key, guess in named.items():
        if guess.value is not None:
            yield from _guessed(key, guess, indent=2)
    yield f"  # guessed: features from {inputs.why}"
    yield f"  continuous: {_plain([*inputs.continuous])}"
    yield f"  categorical: {_plain([*inputs.categorical])}"
    yield f"  calendar: {_plain([*inputs.calendar])}"
    for name, why in list(inputs.left_out.items())[:MOST_LEFT_OUT]:
        yield f"  # left out: {_plain(name)} ({why})"
    if len(inputs.left_out) > MOST_LEFT_OUT:
        yield f"  # left out: {len(inputs.left_out) - MOST_LEFT_OUT} further columns"
    for name in inputs.absent[:MOST_LEFT_OUT]:
        yield f"  # the version takes {_plain(name)}, which the rows do not hold"
    yield "  # candidates, for people to decide: few values each, and people by name"
    yield f"  # segments: {_plain([*inputs.segments])}"
    yield f"  # protected: {_plain([*inputs.protected])}"


def _policy(draft: Draft) -> Iterator[str]:
    timing = draft.labels_timing
    yield "policy:"
    yield from _guessed("min_rows", draft.min_rows, indent=2)
    yield "  # days that are pooled, and how seldom a healthy model may cross a limit"
    yield "  horizons:"
    for days, rate in ((1, 0.01), (7, 0.005), (28, 0.002)):
        yield f"    - {{days: {days}, false_alarm: {rate}}}"
    if timing is None:
        yield "  # guessed: no labels are known of, so none are waited for"
        yield "  labels: {delay_days: never}"
        return
    if timing.usual_days is not None:
        yield f"  # guessed: {timing.why}"
        yield f"  labels: {{delay_days: {timing.usual_days}}}"
    last = timing.last_days or 0
    if last + 7 > LOOK_BACK_DAYS:
        yield f"  # guessed: 99 % of the labels took {last} days or less; and a week"
        yield f"  look_back_days: {last + 7}"
    if 0 < timing.labelled < USUAL_COVERAGE:
        share = max(0.05, round(timing.labelled * 0.8, 2))
        yield f"  # guessed: {timing.labelled:.0%} of the older rows have a label"
        yield f"  label_coverage: {share:g}"


def _objectives(promises: Sequence[Promise]) -> Iterator[str]:
    yield "objectives:"
    for promise in promises:
        yield f"  # guessed: {promise.why}"
        yield f"  - metric: {promise.metric}"
        yield f"    source: {promise.source}"
        for key, value in promise.limits.items():
            yield f"    {key}: {value:g}"


def _guessed(key: str, guess: Guess, *, indent: int = 0) -> Iterator[str]:
    start = " " * indent
    # One line of comment: a value from the rows must not end it.
    why = " ".join(str(guess.why).split())
    why = "".join(char if char.isprintable() else "?" for char in why)[: 2 * WIDTH]
    yield f"{start}# guessed: {why}"
    yield f"{start}{key}: {_plain(guess.value)}"


def _block(key: str, value: Mapping[str, Any]) -> Iterator[str]:
    text = yaml.safe_dump(
        {key: value}, sort_keys=False, allow_unicode=True, width=10_000
    )
    yield from text.rstrip().splitlines()


def _plain(value: object) -> str:
    """Return a value as YAML writes it on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=100_000
    )
    return text.removesuffix("\n").removesuffix("\n...")
