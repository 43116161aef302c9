"""Suites on disk, in Great Expectations' words: reading, checking, writing them.

What may be wrong with an expectation is said in `suite_faults`. Running a suite is the
business of `expectations`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.validate.suites.statements import Statement
from monitoring_tasks.validate.suites.suite_faults import (
    SuiteEntry,
    entry_faults,
    repeated_entries,
)

LABELS = "labels.json"


def load_suite(path: Path, contract: Contract) -> list[Statement]:
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
    return [
        Statement(
            gate="values",
            kind=entry["type"],
            kwargs=entry["kwargs"],
            severity=entry.get("severity", "critical"),
        )
        for entry in raw["expectations"]
    ]


def suite_statements(suite: Path | None, contract: Contract) -> list[Statement]:
    """Return the statements of a user's suite; none where there is none.

    Raises:
        ConfigurationError: If the suite is not sound.
    """
    return [] if suite is None else load_suite(suite, contract)


def check_suite(path: Path, contract: Contract) -> list[str]:
    """List every fault of a suite, `file:line: expectation: what`; empty when sound."""
    return _read(path, contract)[1]


def write_suite(path: Path, suite: JsonObject) -> None:
    """Write a suite so that a person can read and edit it; the folder must exist.

    Args:
        path: The file; overwritten.
        suite: As Great Expectations stores it.
    """
    # NaN is no JSON: other readers, and the next one here, would refuse the file.
    text = json.dumps(suite, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _read(path: Path, contract: Contract) -> tuple[JsonObject, list[str]]:
    raw, text, fault = _parse(path)
    if fault:
        return {}, [fault]
    lines = _lines(text)
    columns = _columns(path, contract)
    entries = [
        SuiteEntry(position=position, line=next(lines, 1), raw=entry, columns=columns)
        for position, entry in enumerate(raw["expectations"])
    ]
    return raw, [
        f"{path}:{entry.line}: expectations[{entry.position}]: {fault}"
        for entry in entries
        for fault in entry_faults(entry)
    ] + repeated_entries(path, entries)


def _parse(path: Path) -> tuple[JsonObject, str, str]:
    """Return the suite, its text, and the fault that keeps it from being read."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
    except OSError as error:
        return {}, "", f"{path}: cannot be read ({error.strerror})"
    except UnicodeDecodeError:
        return {}, "", f"{path}: is not UTF-8 text"
    except json.JSONDecodeError as error:
        fault = error.msg if error.doc.strip() else "the file is empty; write a suite"
        return {}, "", f"{path}:{error.lineno}:{error.colno}: not JSON: {fault}"
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
    # The json module keeps no lines, so the list is walked a second time.
    start = re.search(r'"expectations"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    while (gap := re.compile(r"[\s,]*(?=[^\s,\]])").match(text, at)) is not None:
        yield text.count("\n", 0, gap.end()) + 1
        at = decoder.raw_decode(text, gap.end())[1]
