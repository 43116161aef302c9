"""Reading contracts from `expectations/<model>/monitor.yaml`.

Every error names the file, the line, the key and the remedy. Light enough to be
imported while Airflow parses a DAG file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.constructor import ConstructorError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML without libyaml reads the same, eight times slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.contract.file_faults import (
    PLACEHOLDER,
    explain,
    locate,
    placeholders,
)
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
        node, raw = _read(text)
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
        raise ConfigurationError(explain(path, node, error)) from error
    # Of the whole text first: the nodes are many, and mostly nothing is left.
    if PLACEHOLDER.search(text) and (left := list(placeholders(node))):
        lines = [f"{path}:{line}: {key}: {text}" for line, key, text in left]
        raise ConfigurationError("\n".join(lines))
    return LoadedContract(contract=contract, path=path)


def located(path: Path, *keys: str) -> str:
    """Return `file:line: key` of a key of a contract that can be read."""
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    line, named, _ = locate(node, keys, is_absent=True)
    return f"{path}:{line}: {'.'.join(named)}"


def find_contract(folder: Path, model: str) -> LoadedContract:
    """Load the contract of `model` from `folder`.

    Args:
        folder: The folder with one folder per model.
        model: Registered model name.

    Raises:
        ConfigurationError: If no contract there declares the model.
    """
    # The folder bears the model's name, so no other contract has to be readable.
    direct = folder / model / FILE_NAME
    if direct.is_file():
        return load_contract(direct)
    models = sorted(path.parent.name for path in contract_files(folder))
    msg = (
        f"{folder}: no contract for '{model}'; "
        f"there are: {', '.join(models) or 'none'}. `daywatch init {model}` makes one"
    )
    raise ConfigurationError(msg)


def _read(text: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes, which know their lines, and the values, which Pydantic takes.

    Raises:
        YAMLError: If the text is not YAML, or what `_Strict` refuses.
    """
    loader = _Strict(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


class _Strict(_Loader):
    """YAML as it is, but for a key given twice and a day that does not exist."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 (PyYAML's own signature)
        """Build a mapping; refuse a key that is given twice.

        Args:
            node: The mapping as it was read.
            deep: Handed on to PyYAML.

        Raises:
            ConstructorError: If a key is given twice, with its line.
        """
        # PyYAML keeps the last one in silence: half of what was written would not hold.
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                problem = f"the key '{key.value}' stands here twice; remove one"
                raise ConstructorError(problem=problem, problem_mark=key.start_mark)
            keys.add(key.value)
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
