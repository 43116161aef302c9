"""Great Expectations suites on disk: reading, checking and writing them.

Great Expectations drops an expectation it does not know, or whose severity it does
not know, with nothing but a log line. Here such a suite is refused. Running a suite
is the business of `expectations`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
from great_expectations import ExpectationSuite
from great_expectations.exceptions.exceptions import GreatExpectationsError
from great_expectations.execution_engine.pandas_execution_engine import (
    PandasExecutionEngine,
)
from great_expectations.expectations import core as _  # noqa: F401 (registers the types)
from great_expectations.expectations.expectation_configuration import (
    ExpectationConfiguration,
)
from great_expectations.expectations.registry import (
    list_registered_expectation_implementations as registered_types,
)
from great_expectations.expectations.row_conditions import PassThroughCondition

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.errors import ConfigurationError

LABELS = "labels.json"
SEVERITIES = ("critical", "warning", "info")
COLUMN_KEYS = ("column", "column_A", "column_B", "column_list", "column_set")
EXPECTATION_KEYS = frozenset(
    {"type", "kwargs", "severity", "meta", "notes", "description", "id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One expectation as it stands in the file."""

    position: int
    line: int
    raw: Any
    columns: tuple[str, ...]


def load_suite(path: Path, contract: Contract) -> ExpectationSuite:
    """Read a suite in Great Expectations' own JSON; refuse it unless all of it counts.

    Args:
        path: The file, `{name, expectations: [{type, severity, kwargs}], meta}`.
            `labels.json` may name the columns of labels, others those of predictions.
        contract: Declares the columns that may be named.

    Raises:
        ConfigurationError: With one line per fault, `file:line: expectation: what`.
    """
    raw, problems = _read(path, contract)
    if problems:
        raise ConfigurationError("\n".join(problems))
    suite = ExpectationSuite(
        name=raw.get("name", path.stem),
        expectations=[_build(entry) for entry in raw["expectations"]],
        meta=raw.get("meta"),
    )
    if len(suite.expectations) != len(raw["expectations"]):
        msg = f"{path}: Great Expectations dropped an expectation it was given"
        raise ConfigurationError(msg)
    return suite


def check_suite(path: Path, contract: Contract) -> list[str]:
    """List every fault of a suite, `file:line: expectation: what`; empty when sound."""
    return _read(path, contract)[1]


def write_suite(path: Path, suite: Mapping[str, Any]) -> None:
    """Write a suite so that a person can read and edit it; the folder must exist."""
    text = json.dumps(suite, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read(path: Path, contract: Contract) -> tuple[dict[str, Any], list[str]]:
    raw, text, fault = _parse(path)
    if fault:
        return {}, [fault]
    lines = _lines(text)
    columns = _columns(path, contract)
    entries = [
        _Entry(position=position, line=next(lines, 1), raw=item, columns=columns)
        for position, item in enumerate(raw["expectations"])
    ]
    return raw, [
        f"{path}:{entry.line}: expectations[{entry.position}]: {fault}"
        for entry in entries
        for fault in _entry_faults(entry)
    ] + _repeats(path, entries)


def _parse(path: Path) -> tuple[dict[str, Any], str, str]:
    """Return the suite, its text, and the fault that keeps it from being read."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
    except OSError as error:
        return {}, "", f"{path}: cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        return {}, "", f"{path}: is not UTF-8 text"
    except json.JSONDecodeError as error:
        what = error.msg if error.doc.strip() else "the file is empty; write a suite"
        return {}, "", f"{path}:{error.lineno}:{error.colno}: not JSON: {what}"
    fault = _shape_fault(raw)
    return raw, text, f"{path}:1: {fault}" if fault else ""


def _shape_fault(raw: object) -> str:
    """Say what is wrong with the file as a whole; empty when nothing is."""
    if not isinstance(raw, dict):
        return "a suite is an object with the key `expectations`"
    unknown = sorted(raw.keys() - {"name", "expectations", "meta", "notes", "id"})
    if unknown:
        return f"unknown key '{unknown[0]}'; known: name, expectations, meta, notes"
    if not isinstance(raw.get("name", "-"), str) or not raw.get("name", "-"):
        return "name must be a text that is not empty"
    if not isinstance(raw.get("expectations"), list) or not raw["expectations"]:
        return "`expectations` must be a list with at least one expectation"
    return ""


def _columns(path: Path, contract: Contract) -> tuple[str, ...]:
    declared = contract.columns
    if path.name == LABELS:
        return (declared.id, declared.label)
    return declared.of_predictions


def _lines(text: str) -> Iterator[int]:
    """Yield the line on which each expectation begins."""
    start = re.search(r'"expectations"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    while (found := re.compile(r"[\s,]*(?=[^\s,\]])").match(text, at)) is not None:
        yield text.count("\n", 0, found.end()) + 1
        at = decoder.raw_decode(text, found.end())[1]


def _entry_faults(entry: _Entry) -> list[str]:
    """List what is wrong with one expectation, the first layer that fails only."""
    layers: tuple[Callable[[_Entry], Iterator[str]], ...] = (
        _key_faults,
        _word_faults,
        _column_faults,
        _bound_faults,
        _build_faults,
        _condition_faults,
    )
    return next((faults for layer in layers if (faults := list(layer(entry)))), [])


def _key_faults(entry: _Entry) -> Iterator[str]:
    if not isinstance(entry.raw, dict):
        yield "is not an object {type, severity, kwargs}"
    elif not isinstance(entry.raw.get("type"), str):
        yield "the key `type` is required"
    elif not isinstance(entry.raw.get("kwargs"), dict):
        yield "the key `kwargs` is required and must be an object"
    else:
        for key in sorted(entry.raw.keys() - EXPECTATION_KEYS):
            yield f"unknown key '{key}'{_near(key, EXPECTATION_KEYS)}"


def _word_faults(entry: _Entry) -> Iterator[str]:
    known, severity = registered_types(), entry.raw.get("severity", "critical")
    if entry.raw["type"] not in known:
        yield f"unknown type '{entry.raw['type']}'{_near(entry.raw['type'], known)}"
    if severity not in SEVERITIES:
        yield f"unknown severity '{severity}'; known: {', '.join(SEVERITIES)}"


def _column_faults(entry: _Entry) -> Iterator[str]:
    values = [entry.raw["kwargs"].get(key, ()) for key in COLUMN_KEYS]
    named = chain.from_iterable([v] if isinstance(v, str) else v for v in values)
    for name in named:
        if name not in entry.columns:
            yield (
                f"column '{name}' is not declared in the contract"
                f"{_near(str(name), entry.columns)}"
            )


def _bound_faults(entry: _Entry) -> Iterator[str]:
    kwargs = entry.raw["kwargs"]
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    for value in (low, high):
        # A bare date never compares with a timestamp: it would fail every day.
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            yield f"'{value}' is a date, not an instant; write '{value}T00:00:00'"
        if isinstance(value, dict):
            yield "suite parameters are not supported; write the value itself"
    pair = isinstance(low, int | float) and isinstance(high, int | float)
    texts = isinstance(low, str) and isinstance(high, str)
    if (pair or texts) and low > high:
        yield f"min_value ({low}) lies above max_value ({high}): nothing can meet it"


def _build_faults(entry: _Entry) -> Iterator[str]:
    try:
        _build(entry.raw)
    # pydantic's ValidationError is a ValueError.
    except (GreatExpectationsError, TypeError, ValueError) as error:
        yield " ".join(str(error).split())


def _condition_faults(entry: _Entry) -> Iterator[str]:
    """Refuse a condition on rows that names columns no day of rows has."""
    condition = getattr(_build(entry.raw), "row_condition", None)
    if condition is None:
        return
    if isinstance(condition, PassThroughCondition):
        clause = condition.pass_through_filter
    else:
        clause = PandasExecutionEngine().condition_to_filter_clause(condition)
    try:
        pd.DataFrame(columns=list(entry.columns)).query(clause)
    except pd.errors.UndefinedVariableError as error:
        yield f"row_condition: {error}; the contract does not declare such a column"
    except (SyntaxError, TypeError, ValueError) as error:
        yield f"row_condition {clause!r} cannot be evaluated: {error}"


def _build(raw: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a GX Expectation)
    return ExpectationConfiguration(
        **{key: value for key, value in raw.items() if key != "id"}
    ).to_domain_obj()


def _repeats(path: Path, entries: list[_Entry]) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for entry in entries:
        if not isinstance(entry.raw, dict):
            continue
        same = {key: entry.raw.get(key) for key in ("type", "kwargs")}
        earlier = first.setdefault(json.dumps(same, sort_keys=True), entry.position)
        if earlier != entry.position:
            faults.append(
                f"{path}:{entry.line}: expectations[{entry.position}]: "
                f"repeats expectations[{earlier}]; remove one"
            )
    return faults


def _near(word: str, known: tuple[str, ...] | frozenset[str] | list[str]) -> str:
    close = get_close_matches(word, sorted(known), n=3)
    return f"; did you mean {', '.join(close)}?" if close else ""
