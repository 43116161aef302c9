"""A fragment of a contract in a file of its own, for a person to read and put in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.contract.files import FILE_NAME, LoadedContract
from monitoring_tasks.errors import ConfigurationError


def fragment_text(fragment: Mapping[str, Any]) -> str:
    """Return a fragment of a contract as YAML, its keys in the order they have."""
    text: str = yaml.safe_dump(dict(fragment), sort_keys=False, allow_unicode=True)
    return text


def is_contract(loaded: LoadedContract, path: Path) -> bool:
    """Whether a file is a contract, or would be read as one.

    Args:
        loaded: The contract the fragment is for.
        path: The file; it need not be there.
    """
    return path.name == FILE_NAME or path.resolve() == loaded.path.resolve()


def write_fragment(
    loaded: LoadedContract, path: Path, fragment: Mapping[str, Any]
) -> None:
    """Write a fragment of a contract to a file; never over a contract.

    Args:
        loaded: The contract the fragment is for.
        path: Where to; what is there is written over.
        fragment: Keys of the contract, as `propose_limits` returns them.

    Raises:
        ConfigurationError: If the file is a contract.
        OSError: If the file cannot be written.
    """
    # A fragment in a contract's place would leave the model without the rest of it.
    if is_contract(loaded, path):
        msg = f"{path} is a contract; write the fragment to another file"
        raise ConfigurationError(msg)
    path.write_text(fragment_text(fragment), encoding="utf-8")
