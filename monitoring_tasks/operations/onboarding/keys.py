"""Guessing what identifies a row, when it was, and which version scored it."""

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from monitoring_tasks.operations.onboarding.facts import (
    ColumnFacts,
    Guess,
    Kind,
    texts_of,
    words_of,
)

ID_WORDS = ("id", "uuid", "guid", "key", "identifier")
TIME_WORDS = ("timestamp", "scored", "predicted", "prediction", "ts", "time",
              "datetime", "at", "created", "event", "day", "date")  # fmt: skip
ARRIVAL_WORDS = frozenset(
    {"arrived", "arrival", "known", "received", "loaded", "ingested", "labelled",
     "labeled", "updated", "recorded", "observed", "label", "available"}
)  # fmt: skip
LEAST_SHARED = 0.3
"""Share of the labels' ids that the predictions must hold for the two to fit."""
MOST_VERSIONS = 50


def guess_ids(
    predictions: pa.Table,
    labels: pa.Table | None,
    facts: Mapping[str, ColumnFacts],
) -> tuple[Guess, Guess]:
    """Return the column that identifies a prediction, and its name among the labels.

    Args:
        predictions: Some rows.
        labels: Some labels; None where they lie in the predictions' own rows.
        facts: What can be seen of the predictions' columns.
    """
    unique = sorted(filter(_may_be_id, facts.values()), key=_id_rank)
    if not unique:
        nothing = Guess(value=None, why="no column has a value of its own in every row")
        return nothing, nothing
    if labels is None:
        first = unique[0]
        why = f"{first.distinct} different values in {first.rows} rows"
        return Guess(value=first.name, why=why, is_sure=len(unique) == 1), Guess(
            value=first.name, why="the labels lie in the same rows", is_sure=True
        )
    fits = _fits(predictions, labels, [column.name for column in unique])
    if not fits:
        why = "no column without repeated values holds the ids of the labels"
        return Guess(value=None, why=why), Guess(value=None, why=why)
    share, name, other = fits[0]
    why = (
        f"{facts[name].distinct} different values in {facts[name].rows} rows; "
        f"{share:.0%} of the labels' '{other}' are among them"
    )
    return Guess(value=name, why=why, is_sure=True), Guess(
        value=other, why=why, is_sure=True
    )


def guess_label_id(predictions: pa.Table, labels: pa.Table | None, name: str) -> Guess:
    """Return what the labels call the column that identifies a prediction.

    Args:
        predictions: Some rows.
        labels: Some labels; None where they lie in the predictions' own rows.
        name: The column of the predictions, as a person said.
    """
    if labels is None:
        why = "the labels lie in the same rows"
        return Guess(value=name, why=why, is_sure=True)
    if name in labels.column_names:
        return Guess(value=name, why="the labels call it so as well", is_sure=True)
    fits = _fits(predictions, labels, [name])
    if not fits:
        why = f"the labels have no column '{name}', and none that holds its values"
        return Guess(value=None, why=why)
    share, _, other = fits[0]
    why = f"{share:.0%} of its values are among the predictions' '{name}'"
    return Guess(value=other, why=why, is_sure=True)


def _may_be_id(column: ColumnFacts) -> bool:
    is_plain = column.kind is Kind.TEXT or (
        column.kind is Kind.NUMBER and column.is_whole
    )
    return column.is_unique and is_plain


def _id_rank(column: ColumnFacts) -> tuple[int, int]:
    named = [word in ID_WORDS for word in column.words]
    return (0 if any(named) else 1, len(named))


def _fits(
    predictions: pa.Table, labels: pa.Table, names: Sequence[str]
) -> list[tuple[float, str, str]]:
    """Return shared ids as share of the labels' and both names, the best fit first."""
    fits = []
    for name in names:
        ids = set(texts_of(predictions.column(name)))
        for other in labels.column_names:
            if not _comparable(predictions.column(name), labels.column(other)):
                continue
            values = texts_of(labels.column(other))
            share = sum(value in ids for value in values) / len(values) if values else 0
            # Numbers that count rows fit each other by chance.
            share *= 1.0 if other == name else 0.9
            # A code that repeats is no id, however well it fits.
            if share >= LEAST_SHARED and len(set(values)) > len(values) / 2:
                fits.append((share, name, other))
    return sorted(fits, key=lambda fit: (-fit[0], names.index(fit[1])))


def _comparable(column: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    both = (column.type, other.type)
    return all(map(pa.types.is_integer, both)) or all(map(_is_text, both))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def guess_timestamp(facts: Mapping[str, ColumnFacts]) -> Guess:
    """Return the column with the instant a row is about."""
    complete = [f for f in facts.values() if f.kind is Kind.INSTANT and not f.nulls]
    instants = [f for f in complete if not ARRIVAL_WORDS & set(f.words)] or complete
    if not instants:
        return Guess(value=None, why="no column holds an instant in every row")
    best = min(instants, key=lambda column: time_rank(column.name))
    others = [column.name for column in instants if column is not best]
    why = "the only column with instants" if not others else (
        f"by its name; also instants: {', '.join(others)}"
    )  # fmt: skip
    return Guess(value=best.name, why=why, is_sure=not others)


def time_rank(name: str) -> int:
    """Return a small number for a name that a row's instant is likely to have."""
    words = words_of(name)
    ranks = [TIME_WORDS.index(word) for word in words if word in TIME_WORDS]
    is_arrival = bool(ARRIVAL_WORDS & set(words))
    return min(ranks, default=len(TIME_WORDS)) + is_arrival * len(TIME_WORDS)


def guess_arrival(facts: Mapping[str, ColumnFacts], *, apart_from: str) -> Guess:
    """Return the labels' column with the instant a label became known, if any.

    Args:
        facts: What can be seen of the columns of the labels.
        apart_from: The instants of the rows, which are not those of the labels.
    """
    instants = [
        f for f in facts.values() if f.kind is Kind.INSTANT and f.name != apart_from
    ]
    named = [column for column in instants if ARRIVAL_WORDS & set(column.words)]
    if named:
        return Guess(
            value=named[0].name, why="an instant beside the label, by its name"
        )
    return Guess(value=None, why="the labels hold no instant that says when they came")


def guess_version(facts: Mapping[str, ColumnFacts], versions: Collection[str]) -> Guess:
    """Return the column with the version that scored a row.

    Args:
        facts: What can be seen of the columns of the predictions.
        versions: Registered versions; a column that holds nothing else is sure.
    """
    few = [
        f for f in facts.values()
        if f.distinct <= MOST_VERSIONS and f.kind in {Kind.TEXT, Kind.NUMBER}
    ]  # fmt: skip
    named = [f for f in few if "version" in f.words or {"model", "ver"} & set(f.words)]
    if named:
        best = max(named, key=lambda f: ("version" in f.words) + ("model" in f.words))
        return Guess(
            value=best.name,
            why=f"by its name; it holds {', '.join(best.values[:3]) or 'many values'}",
            is_sure=set(best.values) <= set(versions) and bool(best.values),
        )
    return Guess(
        value=None,
        why="no column is called 'version'; the scoring job has to log which "
        "registered version scored each row",
    )
