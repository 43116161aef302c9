"""Reading contracts from `expectations/<model>/monitor.yaml`.

Every error names the file, the line, the key and the remedy. Light enough to be
imported while Airflow parses a DAG file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from monitoring_tasks.domain.contract import Contract
from monitoring_tasks.errors import ConfigurationError

FILE_NAME = "monitor.yaml"


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
        raw = yaml.safe_load(text)
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
    return LoadedContract(contract=contract, path=path)


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


def _explain(path: Path, node: yaml.Node | None, error: ValidationError) -> str:
    lines = []
    for fault in error.errors():
        keys = tuple(
            key for key in fault["loc"] if key not in {"files", "sql", "function-after"}
        )
        keys = tuple(k for k in keys if not str(k).endswith("Schedule"))
        line, known = _locate(node, keys)
        name = ".".join(str(key) for key in keys) or "contract"
        what = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            what = "unknown key; remove it or correct its spelling"
            if known:
                what += f" (known beside it: {', '.join(known)})"
        elif fault["type"] == "missing":
            what = "this key is required; add it"
        lines.append(f"{path}:{line}: {name}: {what}")
    return "\n".join(lines)


def _locate(node: yaml.Node | None, keys: tuple[Any, ...]) -> tuple[int, list[str]]:
    """Give the line of the deepest key that exists, and the keys beside it."""
    line = 1
    beside: list[str] = []
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            beside = [str(name.value) for name, _ in node.value if name.value != key]
            match = next((pair for pair in node.value if pair[0].value == key), None)
            if match is None:
                return line, beside
            line, node = match[0].start_mark.line + 1, match[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line, beside
