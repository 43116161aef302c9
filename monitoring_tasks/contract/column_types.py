"""What each declared column holds, whatever type a source stores it as."""

from collections.abc import Mapping
from enum import StrEnum

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.problems import Problem

YES, NO = (
    ("1", "1.0", "true", "t", "yes", "y", "on"),
    ("0", "0.0", "false", "f", "no", "n", "off"),
)
FLAG_WORDS: Mapping[str, int] = dict.fromkeys(YES, 1) | dict.fromkeys(NO, 0)
"""Texts read as true and false, in any case: what Postgres takes for a boolean."""


class Holds(StrEnum):
    """What a declared column must hold."""

    ANYTHING = "anything"
    KEYS = "keys"
    NUMBERS = "numbers"
    TIMESTAMPS = "timestamps"
    FLAGS = "flags"
    BINARY = "binary"


def prediction_columns(contract: Contract) -> dict[str, Holds]:
    """Return what each declared column of predictions must hold."""
    columns = contract.columns
    numbers = (*columns.continuous, *columns.scores, columns.latency)
    kinds = dict.fromkeys((name for name in numbers if name), Holds.NUMBERS) | {
        columns.id: Holds.KEYS,
        columns.timestamp: Holds.TIMESTAMPS,
        columns.prediction: _outcome(contract),
    }
    if columns.error:
        kinds[columns.error] = Holds.FLAGS
    return {name: kinds.get(name, Holds.ANYTHING) for name in columns.of_predictions}


def label_columns(contract: Contract) -> dict[str, Holds]:
    """Return what each column of labels must hold."""
    columns = contract.columns
    return {columns.id: Holds.KEYS, columns.label: _outcome(contract)}


def _outcome(contract: Contract) -> Holds:
    match contract.problem:
        case Problem.BINARY:
            return Holds.BINARY
        case Problem.MULTICLASS:
            return Holds.ANYTHING
        case Problem.REGRESSION:
            return Holds.NUMBERS
