"""A value of a contract by its path, as `policy replay` and levers write them. Pure."""

import re
from typing import Any

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.json_values import JsonObject
from monitoring_tasks.errors import ConfigurationError

TOKEN = re.compile(r"(?:^|\.)([A-Za-z_]\w*)|\[([^\]]+)\]")


def value_at(contract: Contract, path: str) -> Any:  # noqa: ANN401 (plain JSON)
    """Return the value a contract has at a path.

    Args:
        contract: The contract.
        path: Keys with dots between them; an element of a list by its place, or by
            words it holds: `policy.persistence.bad_days`, `objectives[0].min`,
            `objectives[realized roc_auc].min`.

    Raises:
        ConfigurationError: If there is nothing at the path.
    """
    return value_in(contract.model_dump(mode="json"), path)


def value_in(document: JsonObject, path: str) -> Any:  # noqa: ANN401 (plain JSON)
    """Return the value a contract, as plain JSON, has at a path: see `value_at`.

    Args:
        document: The contract with all its defaults.
        path: As for `value_at`.

    Raises:
        ConfigurationError: If there is nothing at the path.
    """
    tokens = [key or f"[{words}]" for key, words in TOKEN.findall(path)]
    # What is no token would be passed over in silence.
    if not tokens or TOKEN.sub("", path):
        msg = f"'{path}' is no path of a contract; write e.g. policy.persistence"
        raise ConfigurationError(msg)
    value: Any = document
    for token in tokens:
        value = _below(value, token, path)
    return value


def _below(value: Any, token: str, path: str) -> Any:  # noqa: ANN401 (plain JSON)
    if token.startswith("["):
        return _element(value, token[1:-1], path)
    if isinstance(value, dict) and token in value:
        return value[token]
    there = ", ".join(sorted(value)) if isinstance(value, dict) else "nothing"
    msg = f"'{path}': the contract has no '{token}' there; it has {there}"
    raise ConfigurationError(msg)


def _element(value: Any, words: str, path: str) -> Any:  # noqa: ANN401 (plain JSON)
    if isinstance(value, list):
        if words.isdigit() and int(words) < len(value):
            return value[int(words)]
        wanted = set(words.split())
        fitting = [
            element
            for element in value
            if isinstance(element, dict) and wanted <= set(map(str, element.values()))
        ]
        if len(fitting) == 1:
            return fitting[0]
    msg = f"'{path}': no single element of the list there is '{words}'"
    raise ConfigurationError(msg)
