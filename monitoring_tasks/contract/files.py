"""Reading contracts from `expectations/<model>/monitor.yaml`.

Every error names the file, the line, the key and the remedy. Light enough to be
imported while Airflow parses a DAG file.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.constructor import ConstructorError

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.slos import NAME as SLO_NAME
from monitoring_tasks.domain.texts import did_you_mean
from monitoring_tasks.errors import ConfigurationError

FILE_NAME = "monitor.yaml"
PLACEHOLDER = re.compile(r"<your [a-z ]+>")
"""What `daywatch init` writes where only a person knows what belongs there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedContract:
    """A contract with the folder it came from; the GX suites lie beside it."""

    contract: Contract
    path: Path

    @property
    def folder(self) -> Path:
        """The folder of the model's expectations."""
        return self.path.parent


def contract_files(folder: Path) -> list[Path]:
    """List the contracts under `folder` in a fixed order."""
    return sorted(folder.glob(f"*/{FILE_NAME}"))


def load_contract(path: Path) -> LoadedContract:
    """Read one contract.

    Raises:
        ConfigurationError: If the file is absent, is not YAML or breaks a rule; the
            text has one line per fault, `file:line: key: what and remedy`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror}); `daywatch init` makes one"
        raise ConfigurationError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: is not UTF-8 text; save it as UTF-8"
        raise ConfigurationError(msg) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader, stricter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not valid YAML"
        msg = f"{path}{line}: {problem}"
        raise ConfigurationError(msg) from error
    if not isinstance(raw, dict):
        msg = f"{path}:1: a contract is a mapping of keys, this file is not"
        raise ConfigurationError(msg)
    try:
        contract = Contract.model_validate(raw)
    except ValidationError as error:
        raise ConfigurationError(_explain(path, node, error)) from error
    if left := list(_placeholders(node)):
        lines = [f"{path}:{line}: {key}: {what}" for line, key, what in left]
        raise ConfigurationError("\n".join(lines))
    return LoadedContract(contract=contract, path=path)


def located(path: Path, *keys: str) -> str:
    """Return `file:line: key` of a key of a contract that can be read."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    line, named, _ = _locate(node, keys, is_absent=True)
    return f"{path}:{line}: {'.'.join(named)}"


def find_contract(folder: Path, model: str) -> LoadedContract:
    """Load the contract of `model` from `folder`.

    Raises:
        ConfigurationError: If no contract there declares the model.
    """
    direct = folder / model / FILE_NAME
    if direct.is_file():
        return load_contract(direct)
    known = sorted(path.parent.name for path in contract_files(folder))
    msg = (
        f"{folder}: no contract for '{model}'; "
        f"there are: {', '.join(known) or 'none'}. `daywatch init {model}` makes one"
    )
    raise ConfigurationError(msg)


class _Strict(yaml.SafeLoader):
    """YAML as it is, but for a key given twice and a day that does not exist."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 (PyYAML's own signature)
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key '{key.value}' stands here twice; remove one"
                raise ConstructorError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:  # noqa: ANN401 (PyYAML's own signature)
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            problem = f"'{node.value}' is not a day; write YYYY-MM-DD ({error})"
            raise ConstructorError(
                problem=problem, problem_mark=node.start_mark
            ) from error


_Strict.add_constructor("tag:yaml.org,2002:timestamp", _Strict.construct_yaml_timestamp)


def _explain(path: Path, node: yaml.Node | None, error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        kind, keys = fault["type"], fault["loc"]
        if kind == "union_tag_not_found":
            kind, keys = "missing", (*keys, "kind")
        line, named, beside = _locate(node, keys, is_absent=kind == "missing")
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


def _placeholders(
    node: yaml.Node | None, key: str = ""
) -> Iterator[tuple[int, str, str]]:
    """List the line and key of what the template left for a person to fill in."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _placeholders(value, f"{key}.{name.value}".lstrip("."))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _placeholders(value, key)
    elif isinstance(node, yaml.ScalarNode) and PLACEHOLDER.search(node.value):
        what = f"'{node.value}' is the template's own; put yours in its place"
        yield node.start_mark.line + 1, key, what


def _locate(
    node: yaml.Node | None, keys: tuple[Any, ...], *, is_absent: bool
) -> tuple[int, list[str], list[str]]:
    """Give the line of the deepest key that exists, the keys, and those beside it.

    What is no key of the file is left out: the name of the kind of source, say. Only
    the last of them counts when that is the key that is absent.
    """
    line, named = 1, list[str]()
    beside: list[str] = []
    for number, key in enumerate(keys, start=1):
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line, found = node.start_mark.line + 1, True
        else:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            match = next((pair for pair in pairs if pair[0].value == str(key)), None)
            found = match is not None
            if match is not None:
                beside = [str(n.value) for n, _ in pairs if n is not match[0]]
                line, node = match[0].start_mark.line + 1, match[1]
        if found or (is_absent and number == len(keys)):
            named.append(str(key))
    return line, named, beside
