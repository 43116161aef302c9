"""Guessing what a model gives and what turns out to be true."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from monitoring_tasks.contract.column_types import FLAG_WORDS
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.operations.onboarding.class_columns import (
    SCORE_WORDS,
    classes_of,
    is_probability,
    probability_columns,
)
from monitoring_tasks.operations.onboarding.facts import (
    ColumnFacts,
    Guess,
    Kind,
    as_numbers,
)

PREDICTION_WORDS = frozenset(
    {"prediction", "predictions", "predicted", "pred", "predict", "forecast", "yhat",
     "decision", "estimate", "estimated", "output", "hat"}
)  # fmt: skip
LABEL_WORDS = frozenset(
    {"label", "labels", "target", "truth", "actual", "actuals", "true", "outcome",
     "y", "gt", "observed", "result"}
)  # fmt: skip
FEW_CLASSES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What a model gives and what is true of it.

    Attributes:
        problem: What the model predicts.
        prediction: Column of the predicted class or value.
        label: Column of the truth, by its name in the label source.
        score: Column of the probability, or class -> column; None without one.
        classes: Classes of a multiclass model.
    """

    problem: Guess
    prediction: Guess
    label: Guess
    score: Guess
    classes: tuple[str, ...] = field(default=())


def guess_outputs(
    predictions: pa.Table,
    facts: Mapping[str, ColumnFacts],
    label: Guess,
    label_facts: ColumnFacts | None,
    *,
    apart_from: Collection[str],
    stated: str | None = None,
) -> Outputs:
    """Return what the rows show of a model's outputs.

    Args:
        predictions: Some rows.
        facts: What can be seen of their columns.
        label: The column of the truth.
        label_facts: What can be seen of it; None without labels.
        apart_from: Columns that have another role: keys, and what the model's own
            signature says it takes.
        stated: The column that a person calls the prediction; None where nobody did.
    """
    free = {n: f for n, f in facts.items() if n not in {*apart_from, label.value}}
    # Asked first: columns that add up to 1 settle what kind of model it is.
    group = probability_columns(predictions, free)
    if group:
        return _multiclass(free, group, label, label_facts)
    prediction = _prediction(free, label_facts, stated=stated)
    scores = [f for f in as_numbers(free) if is_probability(f)]
    named = [f for f in scores if SCORE_WORDS & set(f.words)]
    taken = prediction.value
    score = next((f for f in (named or scores) if f.name != taken), None)
    predicted = free.get(taken)
    truth = label_facts or predicted
    if truth is None or predicted is None:
        why = f"no column looks like what the model predicts ({prediction.why})"
        return Outputs(
            problem=Guess(value=None, why=why), prediction=prediction, label=label,
            score=Guess(value=None, why=why),
        )  # fmt: skip
    if truth.distinct <= len(("no", "yes")) and predicted.distinct <= FEW_CLASSES:
        why = f"'{truth.name}' has the values {', '.join(truth.values)}"
        kind = Guess(value=Problem.BINARY.value, why=why, is_sure=score is not None)
        return Outputs(
            problem=kind, prediction=prediction, label=label, score=_score_guess(score)
        )
    if predicted.kind is Kind.NUMBER and truth.kind is Kind.NUMBER:
        why = f"'{predicted.name}' and '{truth.name}' are numbers with many values"
        return Outputs(
            problem=Guess(value=Problem.REGRESSION.value, why=why, is_sure=True),
            prediction=prediction,
            label=label,
            score=Guess(value=None, why="a regression has none"),
        )
    why = f"'{truth.name}' has {truth.distinct} values"
    return Outputs(
        problem=Guess(value=Problem.MULTICLASS.value, why=why),
        prediction=prediction,
        label=label,
        score=Guess(value=None, why="no columns of probabilities add up to 1"),
        classes=truth.values,
    )


def of_problem(given: Outputs, problem: Problem) -> Outputs:
    """Return outputs as a person's word about the problem leaves them.

    A single score fits a binary model alone, scores by class a multiclass one.

    Args:
        given: What was guessed, of another problem.
        problem: What the model predicts.
    """
    is_group = isinstance(given.score.value, dict)
    if problem is Problem.REGRESSION:
        score = Guess(value=None, why="a regression has none")
    elif is_group == (problem is Problem.MULTICLASS):
        score = given.score
    else:
        score = Guess(value=None, why="no column looks like the probability of yes")
    classes = given.classes if problem is Problem.MULTICLASS else ()
    return replace(given, score=score, classes=classes)


def _score_guess(score: ColumnFacts | None) -> Guess:
    if score is None:
        why = "no column beside the features lies between 0 and 1"
        return Guess(value=None, why=why)
    is_named = bool(SCORE_WORDS & set(score.words))
    return Guess(
        value=score.name,
        why=f"numbers from {score.low:.3g} to {score.high:.3g}"
        + (", and by its name" if is_named else ""),
        is_sure=is_named,
    )


def _multiclass(
    facts: Mapping[str, ColumnFacts],
    group: Sequence[str],
    label: Guess,
    truth: ColumnFacts | None,
) -> Outputs:
    others = {n: f for n, f in facts.items() if n not in group}
    values = [set(f.values) for f in [*others.values(), truth] if f and f.values]
    # Names may share an ending too; the classes in the rows tell which reading fits.
    readings = [classes_of(group, ends=ends) for ends in (False, True)]
    classes = next(
        (c for c in readings if any(v <= set(c) for v in values if len(v) > 1)),
        readings[0],
    )
    predicted = [
        f for f in others.values() if f.values and set(f.values) <= set(classes)
    ]
    best = max(predicted, key=lambda f: f.distinct, default=None)
    prediction = (
        _prediction(others, None, stated=None)
        if best is None
        else Guess(value=best.name, why="it holds the same classes", is_sure=True)
    )
    why = f"{len(group)} columns of probabilities add up to 1 in every row"
    # Two classes called yes and no are a binary model with one score too many.
    flags = [FLAG_WORDS.get(name.casefold()) for name in classes]
    if sorted(flag for flag in flags if flag is not None) == [0, 1]:
        yes = flags.index(1)
        why_binary = f"{why}; '{group[yes]}' is that of {classes[yes]}"
        return Outputs(
            problem=Guess(value=Problem.BINARY.value, why=why_binary, is_sure=True),
            prediction=prediction,
            label=label,
            score=Guess(value=group[yes], why=why_binary, is_sure=True),
        )
    return Outputs(
        problem=Guess(value=Problem.MULTICLASS.value, why=why, is_sure=True),
        prediction=prediction,
        label=label,
        score=Guess(
            value=dict(zip(classes, group, strict=True)),
            why="classes by the columns' names",
        ),
        classes=tuple(classes),
    )


def _prediction(
    facts: Mapping[str, ColumnFacts], label: ColumnFacts | None, *, stated: str | None
) -> Guess:
    if stated in facts:
        return Guess(value=stated, why="said on the command line", is_sure=True)
    named = [f for f in facts.values() if PREDICTION_WORDS & set(f.words)]
    plain = [f for f in named if not SCORE_WORDS & set(f.words)]
    if plain:
        others = [f.name for f in plain[1:]]
        why = "by its name" + (
            f"; also so called: {', '.join(others)}" if others else ""
        )
        return Guess(value=plain[0].name, why=why, is_sure=not others)
    same = [
        f for f in facts.values()
        if label and label.values and f.values and set(f.values) <= set(label.values)
    ]  # fmt: skip
    if len(same) == 1:
        return Guess(value=same[0].name, why="it holds the same values as the label")
    return Guess(value=None, why="no column is called prediction, pred or forecast")


def guess_label(
    facts: Mapping[str, ColumnFacts], *, apart_from: Collection[str], is_apart: bool
) -> Guess:
    """Return the column of the truth.

    Args:
        facts: What can be seen of the source that holds it.
        apart_from: Its id and instants.
        is_apart: Whether the source holds labels alone.
    """
    free = [
        f for f in facts.values()
        if f.name not in apart_from and f.kind not in {Kind.INSTANT, Kind.OTHER}
    ]  # fmt: skip
    if is_apart and len(free) == 1:
        return Guess(
            value=free[0].name, why="the labels' only other column", is_sure=True
        )
    named = [
        f for f in free
        if LABEL_WORDS & set(f.words)
        and not (PREDICTION_WORDS | SCORE_WORDS) & set(f.words)
    ]  # fmt: skip
    if named:
        return Guess(value=named[0].name, why="by its name", is_sure=len(named) == 1)
    predicted = {
        words: f.name
        for f in facts.values()
        if (words := tuple(word for word in f.words if word not in PREDICTION_WORDS))
        != f.words
    }
    for column in free:
        if column.name not in predicted.values() and column.words in predicted:
            why = f"by its name: '{predicted[column.words]}' predicts it"
            return Guess(value=column.name, why=why)
    return Guess(value=None, why="no column is called label, target, actual or outcome")
