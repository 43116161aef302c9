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
from monitoring_tasks.operations.onboarding.label_joining import Names, join_sample
from monitoring_tasks.operations.onboarding.labelled_sample import LabelledSample
from monitoring_tasks.operations.onboarding.promises import guess_promises
from monitoring_tasks.store.signatures import RegisteredModel


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBasis:
    """What a draft is made of.

    Attributes:
        model: Registered model name.
        predictions: Some rows of the predictions.
        labels: Some labels; None where they lie in the predictions' own rows.
        registered: What the registry says.
        stated: Role -> column, as a person said on the command line.
        problem: What the model predicts, as a person said; None where nobody did.
    """

    model: str
    predictions: Sample
    labels: Sample | None
    registered: RegisteredModel
    stated: Mapping[str, str]
    problem: str | None = None


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


def draft_contract(basis: DraftBasis, ask: Ask) -> Draft:
    """Return the draft of a contract.

    Args:
        basis: Rows, registry, and what a person said.
        ask: Called for what is not sure; returns what is taken.

    Raises:
        ConfigurationError: If a column the contract needs was neither found nor said,
            or what was said cannot be.
    """
    facts = describe(basis.predictions.rows)
    key_guesses = _keys(basis, facts, ask)
    given = _outputs(basis, facts, key_guesses, ask)
    taken = key_guesses.columns | _output_columns(given)
    inputs = guess_inputs(facts, basis.registered.inputs, apart_from=taken)
    names = Names(
        id=key_guesses.id.value,
        label_id=key_guesses.label_id.value,
        timestamp=key_guesses.timestamp.value,
        arrival=key_guesses.arrival.value,
        label=key_guesses.label.value,
        prediction=given.prediction.value,
    )
    joined = join_sample(basis.predictions, basis.labels or basis.predictions, names)
    zone = timing.guess_timezone(joined.zone, is_aware=joined.is_aware)
    zone = take_timezone(zone, ask)
    joined = joined.in_zone(str(zone.value))
    how_labels_come = _label_timing(joined) if key_guesses.label.value else None
    usual = how_labels_come.usual_days if how_labels_come else None
    owners = Guess(value=[getpass.getuser()], why="who typed this; say who is told")
    return Draft(
        model=basis.model,
        alias=_alias(basis.registered),
        owners=ask("owners", owners),
        timezone=zone,
        hour=timing.guess_hour(joined.arrival_hours, usual),
        predictions=_source(basis.predictions),
        labels=_label_source(basis, key_guesses, joined),
        are_labels_by_day=joined.are_labels_by_day,
        id=key_guesses.id,
        timestamp=key_guesses.timestamp,
        version=key_guesses.version,
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
            rows_by_day=joined.labelled_by_day,
            rarer=joined.rarer,
        ),
    )


def _keys(basis: DraftBasis, facts: Mapping[str, ColumnFacts], ask: Ask) -> _Keys:
    labels = basis.labels.rows if basis.labels else None
    of_id, label_id = keys.guess_ids(basis.predictions.rows, labels, facts)
    timestamp = keys.guess_timestamp(facts)
    version = keys.guess_version(facts, basis.registered.versions)
    taken = {
        "id": _take(basis, "id", of_id, ask),
        "timestamp": _take(basis, "timestamp", timestamp, ask),
        "version": _take(basis, "model_version", version, ask),
    }
    label_id = _label_id(basis, taken["id"], (of_id, label_id), ask)
    label_facts = describe(labels) if labels is not None else facts
    # In the predictions' own rows their timestamp would look like an arrival.
    apart = "" if basis.labels else str(taken["timestamp"].value)
    arrival = keys.guess_arrival(label_facts, apart_from=apart)
    key_columns = {str(label_id.value), str(arrival.value)}
    # In the predictions' own rows an input may be called like a label.
    key_columns |= set() if basis.labels else set(basis.registered.inputs)
    label = outputs.guess_label(
        label_facts, apart_from=key_columns, is_apart=basis.labels is not None
    )
    # Without labels of their own none may be known yet: nobody is asked.
    if basis.stated.get("label") or (label.value is None and basis.labels is not None):
        label = _take_of_labels(basis, "label", label, ask)
    return _Keys(label_id=label_id, arrival=arrival, label=label, **taken)


def _outputs(
    basis: DraftBasis, facts: Mapping[str, ColumnFacts], key_guesses: _Keys, ask: Ask
) -> outputs.Outputs:
    labels = basis.labels.rows if basis.labels else basis.predictions.rows
    name = key_guesses.label.value
    truth = describe(labels.select([name]))[name] if name else None
    apart = key_guesses.columns | set(basis.registered.inputs)
    # A person may say that an input is an output as well.
    apart -= {basis.stated.get("prediction", ""), basis.stated.get("score", "")}
    given = outputs.guess_outputs(
        basis.predictions.rows,
        facts,
        key_guesses.label,
        truth,
        apart_from=apart,
        stated=basis.stated.get("prediction"),
    )
    prediction = _take(basis, "prediction", given.prediction, ask)
    problem = _problem(basis, given.problem, ask)
    if problem.value != given.problem.value:
        given = outputs.of_problem(given, Problem(problem.value))
    score = given.score
    if "score" in basis.stated or (problem.value == Problem.BINARY and not score.value):
        score = _take(basis, "score", score, ask)
    if problem.value == Problem.MULTICLASS and not isinstance(score.value, dict):
        msg = (
            "score: a multiclass model needs a column of probabilities per class; no "
            "columns add up to 1 in every row: let the scoring job log them"
        )
        raise ConfigurationError(msg)
    label = key_guesses.label
    if label.value is None:
        label = Guess(value="label", why="no label is known of; none is waited for")
    return replace(
        given, prediction=prediction, problem=problem, score=score, label=label
    )


def _problem(basis: DraftBasis, guess: Guess, ask: Ask) -> Guess:
    if basis.problem is not None:
        is_word = basis.problem in tuple(Problem)
        why = "said on the command line"
        guess = Guess(value=basis.problem, why=why, is_sure=is_word)
    return take_choice("problem", guess, ask, choices=tuple(Problem))


def _label_id(
    basis: DraftBasis, taken: Guess, guessed: tuple[Guess, Guess], ask: Ask
) -> Guess:
    """Return what the labels call the ids.

    Args:
        basis: Rows, and what a person said.
        taken: The predictions' column that is taken.
        guessed: The one that was guessed, and what the labels call that one.
        ask: Called for what is not sure.
    """
    of_id, label_id = guessed
    if taken.value != of_id.value:
        labels = basis.labels.rows if basis.labels else None
        label_id = keys.guess_label_id(basis.predictions.rows, labels, taken.value)
    return _take_of_labels(basis, "label_id", label_id, ask)


def _take(basis: DraftBasis, role: str, guess: Guess, ask: Ask) -> Guess:
    columns = basis.predictions.rows.column_names
    return take_column(role, guess, ask, stated=basis.stated, columns=columns)


def _take_of_labels(basis: DraftBasis, role: str, guess: Guess, ask: Ask) -> Guess:
    columns = (basis.labels or basis.predictions).rows.column_names
    of = "labels" if basis.labels else "predictions"
    return take_column(role, guess, ask, stated=basis.stated, columns=columns, of=of)


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
        joined.delays,
        rows=joined.rows,
        labelled=joined.labelled,
        behind_days=joined.behind_days,
    )


def _source(sample: Sample) -> dict[str, Any]:
    return sample.source.model_dump(mode="json", exclude_defaults=True) | {
        "kind": sample.source.kind
    }


def _label_source(
    basis: DraftBasis, key_guesses: _Keys, joined: LabelledSample
) -> dict[str, Any]:
    source = _source(basis.labels or basis.predictions)
    if key_guesses.arrival.value:
        source["arrived_at"] = key_guesses.arrival.value
    if basis.labels and not basis.labels.days and joined.label_day:
        source["day_column"] = joined.label_day
    elif not basis.labels and not basis.predictions.days:
        source["day_column"] = key_guesses.timestamp.value
    if not joined.are_labels_by_day:
        # Of each day all files are asked, and what has the day's ids is taken.
        source["path"] = source["path"].replace("{day}", "*")
    if key_guesses.label_id.value not in {None, key_guesses.id.value}:
        source["rename"] = {key_guesses.label_id.value: key_guesses.id.value}
    return source
