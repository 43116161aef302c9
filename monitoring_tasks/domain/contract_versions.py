"""What was expected of a model when, and what changed from one time to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from monitoring_tasks.domain.json_values import JsonObject

ABSENT = "(absent)"
"""Stands for a key that is not there, which is another thing than one without value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVersion:
    """A contract and its suites as a live day was first judged by them.

    Attributes:
        model: Registered model name.
        seen_at: When a live day was first judged by it.
        day: That day.
        digest: SHA-256 of the content as canonical JSON.
        daywatch: The version of Daywatch, which defaults come from.
        content: `contract`, every key with its default; `suites`, SHA-256 by name.
    """

    model: str
    seen_at: datetime
    day: date
    digest: str
    daywatch: str
    content: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A key that came to be something else.

    Attributes:
        key: Its name, dots between parts, e.g. `contract.policy.min_rows`.
        before: What it was; `(absent)` where it was not there.
        after: What it is; `(absent)` where it is gone.
    """

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """Two versions that followed each other, and every key that differs.

    Attributes:
        before: The earlier one.
        after: The later one, in force from `after.seen_at` on.
        changes: Key by key, by name.
    """

    before: ContractVersion
    after: ContractVersion
    changes: tuple[Change, ...]


def contract_changes(versions: Sequence[ContractVersion]) -> list[ContractChange]:
    """Return what changed from each version to the next, oldest first.

    Args:
        versions: Of one model, in the order of `seen_at`; equal neighbours, as two
            processes may write them, are no change.
    """
    return [
        ContractChange(
            before=earlier,
            after=later,
            changes=changes_between(earlier.content, later.content),
        )
        for earlier, later in pairwise(versions)
        if earlier.digest != later.digest
    ]


def in_force(
    versions: Sequence[ContractVersion], at: datetime
) -> ContractVersion | None:
    """Return the version that was in force at an instant; None before the first.

    Args:
        versions: Of one model, in the order of `seen_at`.
        at: The instant.
    """
    before = [version for version in versions if version.seen_at <= at]
    return before[-1] if before else None


def changes_between(before: JsonObject, after: JsonObject) -> tuple[Change, ...]:
    """Return every key whose value differs, by name.

    Args:
        before: The earlier document.
        after: The later one.

    >>> changes_between({"a": {"b": 1}}, {"a": {"b": 2}})
    (Change(key='a.b', before=1, after=2),)
    """
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    return tuple(
        Change(key=key, before=old.get(key, ABSENT), after=new.get(key, ABSENT))
        for key in sorted(old.keys() | new.keys())
        if old.get(key, ABSENT) != new.get(key, ABSENT)
    )


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (any JSON)
    if isinstance(value, Mapping) and value:
        for key in value:
            yield from _leaves(value[key], f"{name}.{key}".removeprefix("."))
    elif isinstance(value, list | tuple) and value:
        for number, part in enumerate(value):
            yield from _leaves(part, f"{name}[{number}]")
    else:
        yield name, value
