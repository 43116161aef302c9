"""A contract drafted from rows and registry; what cannot be known is asked."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.extract.samples import Sample
from monitoring_tasks.operations.onboarding import keys, outputs, timing
from monitoring_tasks.operations.onboarding.answers import (
    Ask,
    take_choice,
    take_column,
    take_timezone,
)
from monitoring_tasks.operations.onboarding.draft import Draft
from monitoring_tasks.operations.onboarding.facts import ColumnFacts, Guess, describe
from monitoring_tasks.operations.onboarding.inputs import guess_inputs
from monitoring_tasks.operations.onboarding.labelled_sample import (
    LabelledSample,
    Names,
    join_sample,
)
from monitoring_tasks.operations.onboarding.promises import guess_promises
from monitoring_tasks.store.signatures import RegisteredModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a draft is made of.

    Attributes:
        model: Registered model name.
        predictions: Some rows of the predictions.
        labels: Some labels; None where they lie in the predictions' own rows.
        registered: What the registry says.
        stated: Role -> column, as a person said on the command line.
    """

    model: str
    predictions: Sample
    labels: Sample | None
    registered: RegisteredModel
    stated: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    id: Guess
    label_id: Guess
    timestamp: Guess
    arrival: Guess
    version: Guess
    label: Guess

    @property
    def columns(self) -> set[str]:
        named = (self.id, self.timestamp, self.arrival, self.version, self.label)
        return {guess.value for guess in named if guess.value}


def draft_contract(seen: Seen, ask: Ask) -> Draft:
    """Return the draft of a contract.

    Args:
        seen: Rows and registry.
        ask: Called for what is not sure; returns what is taken.

    Raises:
        ConfigurationError: If a column the contract needs was neither found nor said,
            or what was said cannot be.
    """
    facts = describe(seen.predictions.rows)
    found = _keys(seen, facts, ask)
    given = _outputs(seen, facts, found, ask)
    taken = found.columns | _output_columns(given)
    inputs = guess_inputs(facts, seen.registered.inputs, apart_from=taken)
    names = Names(
        id=found.id.value,
        label_id=found.label_id.value,
        timestamp=found.timestamp.value,
        arrival=found.arrival.value,
        label=found.label.value,
        prediction=given.prediction.value,
    )
    joined = join_sample(seen.predictions, seen.labels or seen.predictions, names)
    zone = timing.guess_timezone(joined.zone, is_aware=joined.is_aware)
    zone = take_timezone(zone, ask)
    joined = joined.in_zone(str(zone.value))
    how_labels_come = _label_timing(joined) if found.label.value else None
    usual = how_labels_come.usual_days if how_labels_come else None
    owners = Guess(value=[getpass.getuser()], why="who typed this; say who is told")
    return Draft(
        model=seen.model,
        alias=_alias(seen.registered),
        owners=ask("owners", owners),
        timezone=zone,
        hour=timing.guess_hour(joined.arrival_hours, usual),
        predictions=_source(seen.predictions),
        labels=_label_source(seen, found, joined),
        are_labels_by_day=joined.are_labels_by_day,
        id=found.id,
        timestamp=found.timestamp,
        version=found.version,
        outputs=given,
        inputs=inputs,
        min_rows=timing.guess_min_rows(joined.rows_by_day),
        labels_timing=how_labels_come,
        promises=guess_promises(
            Problem(given.problem.value),
            joined.predicted,
            joined.truth,
            has_labels=how_labels_come is not None,
            is_estimated=len(given.classes) != 2,  # noqa: PLR2004 (see `Contract.estimates_classes`)
        ),
    )


def _keys(seen: Seen, facts: Mapping[str, ColumnFacts], ask: Ask) -> _Keys:
    labels = seen.labels.rows if seen.labels else None
    of_id, label_id = keys.guess_ids(seen.predictions.rows, labels, facts)
    timestamp = keys.guess_timestamp(facts)
    version = keys.guess_version(facts, seen.registered.versions)
    taken = {
        "id": _take(seen, "id", of_id, ask),
        "timestamp": _take(seen, "timestamp", timestamp, ask),
        "version": _take(seen, "model_version", version, ask),
    }
    label_id = _label_id(seen, taken["id"], (of_id, label_id), ask)
    label_facts = describe(labels) if labels is not None else facts
    apart = "" if seen.labels else str(taken["timestamp"].value)
    arrival = keys.guess_arrival(label_facts, apart_from=apart)
    known = {str(label_id.value), str(arrival.value)}
    known |= set() if seen.labels else set(seen.registered.inputs)
    label = outputs.guess_label(
        label_facts, apart_from=known, is_apart=seen.labels is not None
    )
    if seen.stated.get("label") or (label.value is None and seen.labels is not None):
        label = _take_of_labels(seen, "label", label, ask)
    return _Keys(label_id=label_id, arrival=arrival, label=label, **taken)


def _outputs(
    seen: Seen, facts: Mapping[str, ColumnFacts], found: _Keys, ask: Ask
) -> outputs.Outputs:
    labels = seen.labels.rows if seen.labels else seen.predictions.rows
    name = found.label.value
    truth = describe(labels.select([name]))[name] if name else None
    apart = found.columns | set(seen.registered.inputs)
    apart -= {seen.stated.get("prediction", ""), seen.stated.get("score", "")}
    given = outputs.guess_outputs(
        seen.predictions.rows, facts, found.label, truth, apart_from=apart
    )
    prediction = _take(seen, "prediction", given.prediction, ask)
    problem = take_choice("problem", given.problem, ask, choices=tuple(Problem))
    score = given.score
    if "score" in seen.stated or (problem.value == Problem.BINARY and not score.value):
        score = _take(seen, "score", score, ask)
    if problem.value == Problem.MULTICLASS and not isinstance(score.value, dict):
        msg = (
            "score: a multiclass model needs a column of probabilities per class; no "
            "columns add up to 1 in every row: let the scoring job log them"
        )
        raise ConfigurationError(msg)
    label = found.label
    if label.value is None:
        label = Guess(value="label", why="no label is known of; none is waited for")
    return replace(
        given, prediction=prediction, problem=problem, score=score, label=label
    )


def _label_id(
    seen: Seen, taken: Guess, guessed: tuple[Guess, Guess], ask: Ask
) -> Guess:
    """Return what the labels call the ids.

    Args:
        seen: Rows, and what a person said.
        taken: The predictions' column that is taken.
        guessed: The one that was guessed, and what the labels call that one.
        ask: Called for what is not sure.
    """
    of_id, label_id = guessed
    if taken.value != of_id.value:
        labels = seen.labels.rows if seen.labels else None
        label_id = keys.guess_label_id(seen.predictions.rows, labels, taken.value)
    return _take_of_labels(seen, "label_id", label_id, ask)


def _take(seen: Seen, role: str, guess: Guess, ask: Ask) -> Guess:
    columns = seen.predictions.rows.column_names
    return take_column(role, guess, ask, stated=seen.stated, columns=columns)


def _take_of_labels(seen: Seen, role: str, guess: Guess, ask: Ask) -> Guess:
    columns = (seen.labels or seen.predictions).rows.column_names
    of = "labels" if seen.labels else "predictions"
    return take_column(role, guess, ask, stated=seen.stated, columns=columns, of=of)


def _output_columns(given: outputs.Outputs) -> set[str]:
    score = given.score.value
    scores = score.values() if isinstance(score, dict) else [score] if score else []
    return {*scores, given.prediction.value}


def _alias(registered: RegisteredModel) -> Guess:
    aliases = registered.aliases
    if "champion" in aliases:
        why = f"it points to version {aliases['champion']}"
        return Guess(value="champion", why=why, is_sure=True)
    if aliases:
        name = min(aliases)
        why = f"the registry's aliases: {', '.join(sorted(aliases))}"
        return Guess(value=name, why=why)
    why = "the registry has no alias yet; set one on the version that serves"
    return Guess(value="champion", why=why)


def _label_timing(joined: LabelledSample) -> timing.LabelTiming:
    return timing.label_timing(
        joined.delays, rows=joined.rows, labelled=joined.labelled
    )


def _source(sample: Sample) -> dict[str, Any]:
    return sample.source.model_dump(mode="json", exclude_defaults=True) | {
        "kind": sample.source.kind
    }


def _label_source(seen: Seen, found: _Keys, joined: LabelledSample) -> dict[str, Any]:
    source = _source(seen.labels or seen.predictions)
    if found.arrival.value:
        source["arrived_at"] = found.arrival.value
    if seen.labels and not seen.labels.days and joined.label_day:
        source["day_column"] = joined.label_day
    elif not seen.labels and not seen.predictions.days:
        source["day_column"] = found.timestamp.value
    if not joined.are_labels_by_day:
        # Of each day all files are asked, and what has the day's ids is taken.
        source["path"] = source["path"].replace("{day}", "*")
    if found.label_id.value not in {None, found.id.value}:
        source["rename"] = {found.label_id.value: found.id.value}
    return source
