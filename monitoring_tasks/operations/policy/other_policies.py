"""Another policy than the contract's: reading it, and what it takes to try it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.files import LoadedContract, load_contract
from monitoring_tasks.errors import ConfigurationError

PARTS = frozenset({"policy", "objectives"})
"""What a fragment may hold."""
NEED_ROWS = (
    "model",
    "problem",
    "sources",
    "columns",
    "classes",
    "timezone",
    "schedule",
    "policy.sample_rows",
    "policy.drift.multivariate",
    "policy.drift.domain_classifier",
    "policy.attribution",
    "policy.reference_gate",
    "policy.versions.rescore",
    "policy.labels.window_days",
    "policy.labels.min_days",
    "policy.labels.strata",
    "policy.labels.min_labelled",
)
"""Keys by which rows are read, checked and counted: no kept count tells the rest."""
NEED_COUNTS = (
    "value",
    "policy.confidence",
    "policy.min_group_rows",
    "policy.label_coverage",
    "policy.excluded_days",
)
"""Keys by which kept counts are measured; every other key only judges numbers."""


def read_other(current: LoadedContract, path: Path) -> Contract:
    """Read another contract, or the `policy` and `objectives` to put into this one.

    In a fragment a key that is a mapping is merged with the contract's; anything else,
    lists too, takes its place.

    Args:
        current: The contract as it stands, with its file.
        path: YAML: a whole contract, or the keys `policy` and `objectives`.

    Raises:
        ConfigurationError: If the file cannot be read, breaks a rule, or is a contract
            of another model.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise ConfigurationError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path}: not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    if isinstance(raw, dict) and "model" in raw:
        return load_contract(path).contract
    if not isinstance(raw, dict) or not raw or set(raw) - PARTS:
        msg = (
            f"{path}: give a whole contract, or the keys {' and '.join(sorted(PARTS))}"
        )
        raise ConfigurationError(msg)
    base = yaml.safe_load(current.path.read_text(encoding="utf-8"))
    try:
        return Contract.model_validate(_merged(base, raw))
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(map(str, fault['loc']))}: "
            f"{fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        ]
        raise ConfigurationError("\n".join(lines)) from error


def changed_keys(before: Contract, after: Contract) -> list[str]:
    """Return the keys two contracts differ in, dotted, in the order of the contract.

    Args:
        before: One contract.
        after: The other.
    """
    old, new = (contract.model_dump(mode="json") for contract in (before, after))
    return list(dict.fromkeys(_differences(old, new)))


def needs_measuring(before: Contract, after: Contract) -> list[str]:
    """Return the changed keys that other numbers than the kept ones follow from.

    Args:
        before: The contract as it stands.
        after: The other.

    Raises:
        ConfigurationError: If a key changed that only the raw rows can tell of.
    """
    changed = changed_keys(before, after)
    raw = [key for key in changed if _is_under(key, NEED_ROWS)]
    if raw:
        msg = (
            f"{', '.join(raw)}: what these change was never counted, so a replay "
            "cannot tell. Put the contract in place and `daywatch backfill` the days"
        )
        raise ConfigurationError(msg)
    measured = [key for key in changed if _is_under(key, NEED_COUNTS)]
    # Only the spans of the contract at the time were ever pooled.
    if _spans(before) != _spans(after):
        measured.append("policy.horizons")
    # Numbers no objective asked for may never have been measured.
    if _asked(before) - _asked(after) or _asked(after) - _asked(before):
        measured.append("objectives")
    return measured


def _merged(base: Any, other: Any) -> Any:  # noqa: ANN401 (plain YAML)
    if not (isinstance(base, dict) and isinstance(other, dict)):
        return other
    both = {key: _merged(base.get(key), value) for key, value in other.items()}
    return {**base, **both}


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 (JSON)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            key_path = f"{path}.{key}" if path else str(key)
            yield from _differences(old.get(key), new.get(key), key_path)
    elif old != new:
        yield path


def _is_under(key: str, prefixes: tuple[str, ...]) -> bool:
    return any(key == prefix or key.startswith(f"{prefix}.") for prefix in prefixes)


def _spans(contract: Contract) -> tuple[int, ...]:
    return tuple(horizon.days for horizon in contract.policy.horizons)


def _asked(contract: Contract) -> set[tuple[str, str, str, str]]:
    return {(o.source, o.metric, o.column, o.segment) for o in contract.objectives}


def plain_changes(before: Contract, after: Contract) -> Mapping[str, Any]:
    """Return the fragment that makes one contract the other, as `read_other` reads it.

    Args:
        before: The contract as it stands.
        after: What it is to become.
    """
    fragment: dict[str, Any] = {}
    for key in changed_keys(before, after):
        part, _, subkey = key.partition(".")
        document = after.model_dump(mode="json", exclude_defaults=False)
        # A list takes the place of the contract's, so all of it goes in.
        if part == "objectives":
            fragment["objectives"] = [
                objective.model_dump(mode="json", exclude_defaults=True)
                for objective in after.objectives
            ]
        elif part == "policy":
            name = subkey.partition(".")[0]
            fragment.setdefault("policy", {})[name] = document["policy"][name]
    return fragment
