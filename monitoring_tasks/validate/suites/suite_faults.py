"""What is wrong with the expectations of a suite, one by one.

Great Expectations drops an expectation it does not know, or whose severity it does
not know, with nothing but a log line. Here such a suite is refused.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.validate.engine_checks.catalogue import RULES, read_kwargs
from monitoring_tasks.validate.suites.statements import named_columns

SEVERITIES = ("critical", "warning", "info")
EXPECTATION_KEYS = frozenset(
    {"type", "kwargs", "severity", "meta", "notes", "description", "id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteEntry:
    """One expectation as it stands in the file.

    Attributes:
        position: In the list, from 0.
        line: On which it begins, from 1.
        raw: Whatever JSON stands there.
        columns: Columns that may be named.
    """

    position: int
    line: int
    raw: Any
    columns: tuple[str, ...]


def entry_faults(entry: SuiteEntry) -> list[str]:
    """List what is wrong with one expectation, the first layer that fails only."""
    # Each layer takes for granted what the ones before it ask.
    layers: tuple[Callable[[SuiteEntry], Iterator[str]], ...] = (
        _key_faults,
        _word_faults,
        _column_faults,
        _bound_faults,
        _build_faults,
    )
    return next((faults for layer in layers if (faults := list(layer(entry)))), [])


def _key_faults(entry: SuiteEntry) -> Iterator[str]:
    if not isinstance(entry.raw, dict):
        yield "is not an object {type, severity, kwargs}"
    elif not isinstance(entry.raw.get("type"), str):
        yield "the key `type` is required"
    elif not isinstance(entry.raw.get("kwargs"), dict):
        yield "the key `kwargs` is required and must be an object"
    else:
        for key in sorted(entry.raw.keys() - EXPECTATION_KEYS):
            yield f"unknown key '{key}'{_near(key, EXPECTATION_KEYS)}"


def _word_faults(entry: SuiteEntry) -> Iterator[str]:
    kind, severity = entry.raw["type"], entry.raw.get("severity", "critical")
    if kind not in RULES:
        from monitoring_tasks.validate import gx_door  # noqa: PLC0415 (loads GX)

        types = gx_door.registered_types()
        if kind not in types:
            yield f"unknown type '{kind}'{_near(kind, types)}"
    if severity not in SEVERITIES:
        yield f"unknown severity '{severity}'; known: {', '.join(SEVERITIES)}"


def _column_faults(entry: SuiteEntry) -> Iterator[str]:
    for name in named_columns(entry.raw["kwargs"]):
        if name not in entry.columns:
            yield (
                f"column '{name}' is not declared in the contract"
                f"{_near(str(name), entry.columns)}"
            )


def _bound_faults(entry: SuiteEntry) -> Iterator[str]:
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


def _build_faults(entry: SuiteEntry) -> Iterator[str]:
    """Leave to Great Expectations what the engine does not understand to the letter."""
    read = read_kwargs(entry.raw["type"], entry.raw["kwargs"])
    if read is not None and _is_plain(entry.raw):
        return
    from monitoring_tasks.validate import gx_door  # noqa: PLC0415 (loads GX)

    yield from gx_door.build_faults(entry.raw, entry.columns)


def _is_plain(raw: JsonObject) -> bool:
    """Whether what stands beside type and arguments is of the kinds it has to be."""
    kinds = {"meta": dict, "notes": str, "description": str}
    return all(isinstance(raw.get(key, kind()), kind) for key, kind in kinds.items())


def repeated_entries(path: Path, entries: list[SuiteEntry]) -> list[str]:
    """List expectations that say what an earlier one says, `file:line: ...`."""
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


def _near(word: str, allowed: Collection[str]) -> str:
    close = get_close_matches(word, sorted(allowed), n=3)
    return f"; did you mean {', '.join(close)}?" if close else ""
