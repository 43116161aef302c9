"""What is wrong with a contract's file: line, key and remedy of every fault."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from monitoring_tasks.contract.slos import NAME as SLO_NAME
from monitoring_tasks.domain.texts import did_you_mean

PLACEHOLDER = re.compile(r"<your [a-z ]+>")
"""What `daywatch init` writes where only a person knows what belongs there."""


def explain(path: Path, node: yaml.Node | None, error: ValidationError) -> str:
    """Return one line a fault: `file:line: key: what is wrong and what to write`.

    Args:
        path: The file.
        node: The file as a tree of nodes that know their lines.
        error: Pydantic's faults.
    """
    lines = []
    for fault in error.errors():
        kind, keys = fault["type"], fault["loc"]
        if kind == "union_tag_not_found":
            # Pydantic names the source; what is absent is the key `kind` in it.
            kind, keys = "missing", (*keys, "kind")
        line, named, beside = locate(node, keys, is_absent=kind == "missing")
        text = _fault_text(kind, fault, beside)
        lines.append(f"{path}:{line}: {'.'.join(named) or 'contract'}: {text}")
    return "\n".join(lines)


def _fault_text(kind: str, fault: ErrorDetails, beside: Sequence[str]) -> str:
    """Say what is wrong with a key, and what to write instead.

    Args:
        kind: Pydantic's name of the fault.
        fault: The fault.
        beside: The keys that stand beside it in the file.
    """
    match kind:
        case "extra_forbidden":
            listed = f" (known beside it: {', '.join(beside)})" if beside else ""
            return f"unknown key; remove it or correct its spelling{listed}"
        case "missing":
            return "this key is required; add it"
        case "literal_error" | "enum":
            return _not_among(fault["input"], fault["ctx"]["expected"])
        case "string_type":
            return _not_text(fault["input"])
        case "string_pattern_mismatch":
            form = _form(fault["ctx"]["pattern"])
            return f"'{fault['input']}' is not in its form; {form}"
        case _:
            return fault["msg"].removeprefix("Value error, ")


def _not_among(value: object, expected: str) -> str:
    """Say which values a key takes, and the nearest of them to the one it has."""
    near = did_you_mean(str(value), re.findall(r"'([^']*)'", expected))
    return f"'{value}' is none of {expected}{near}"


def _not_text(value: object) -> str:
    """Say that YAML read a text as something else, and how it stays a text."""
    if isinstance(value, bool):
        words = "yes, on, true or y" if value else "NO, no, off, false or n"
        example = "yes" if value else "NO"
        return (
            f"YAML reads {words} without quotes as {str(value).lower()}; put the text "
            f'in quotes, e.g. "{example}"'
        )
    if isinstance(value, dict | list):
        return "a text is expected here, not a list or keys"
    if value is None:
        return (
            "nothing stands here; write a text, in quotes where YAML reads it as null"
        )
    kind = "a date" if isinstance(value, date) else "a number"
    return f'YAML reads {value} as {kind}; put it in quotes: "{value}"'


FORMS = {
    SLO_NAME: "small letters, digits and `-`, a letter or digit at both ends",
    r"^[0-9]+$": 'digits alone, e.g. "3"',
    r"^[1-9][0-9]{0,2}d$": "a number of days, e.g. 28d",
    r"^[1-9][0-9]{0,2}[dw]$": "a number of days or weeks, e.g. 28d or 4w",
}
"""What the patterns of the contract mean, for people."""


def _form(pattern: str) -> str:
    return f"it takes {FORMS[pattern]}" if pattern in FORMS else "see docs/contract.md"


def placeholders(
    node: yaml.Node | None, key: str = ""
) -> Iterator[tuple[int, str, str]]:
    """List the line and key of what the template left for a person to fill in.

    Args:
        node: The file, or a part of it, as a tree of nodes that know their lines.
        key: Dotted key of that part; empty for the whole file.

    Returns:
        Line, key and text of each fault.
    """
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from placeholders(value, f"{key}.{name.value}".lstrip("."))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from placeholders(value, key)
    elif isinstance(node, yaml.ScalarNode) and PLACEHOLDER.search(node.value):
        text = f"'{node.value}' is the template's own; put yours in its place"
        yield node.start_mark.line + 1, key, text


def locate(
    node: yaml.Node | None, keys: tuple[Any, ...], *, is_absent: bool
) -> tuple[int, list[str], list[str]]:
    """Return the line of the deepest key that exists, the keys, and those beside it.

    What is no key of the file is left out: the name of the kind of source, say. Only
    the last of them counts when that is the key that is absent.

    Args:
        node: The file as a tree of nodes.
        keys: Keys and list positions, from the outside in.
        is_absent: Whether the last key is not in the file.
    """
    line, named = 1, list[str]()
    beside: list[str] = []
    for number, key in enumerate(keys, start=1):
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line, exists = node.start_mark.line + 1, True
        else:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            match = next((pair for pair in pairs if pair[0].value == str(key)), None)
            exists = match is not None
            if match is not None:
                beside = [str(n.value) for n, _ in pairs if n is not match[0]]
                line, node = match[0].start_mark.line + 1, match[1]
        if exists or (is_absent and number == len(keys)):
            named.append(str(key))
    return line, named, beside
