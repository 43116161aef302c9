"""A registry that can be asked and never told, for trying things."""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from monitoring_tasks.errors import RegistryError
from monitoring_tasks.store.registry import Registry


class ReadOnlyRegistry(Registry):
    """A registry that refuses every write, whoever asks."""

    def set_alias(self, model: str, alias: str, version: str) -> NoReturn:
        """Refuse to move an alias.

        Args:
            model: Registered model name.
            alias: The alias.
            version: Where somebody wants it.

        Raises:
            RegistryError: Always.
        """
        _refuse(f"move the alias '{alias}' of model '{model}' to version {version}")

    def tag_version(
        self, model: str, version: str, tags: Mapping[str, str]
    ) -> NoReturn:
        """Refuse to tag a version.

        Args:
            model: Registered model name.
            version: The version.
            tags: From a key to its value.

        Raises:
            RegistryError: Always.
        """
        _refuse(f"tag version {version} of model '{model}' with {', '.join(tags)}")

    def save_reference(self, model: str, version: str, folder: Path) -> NoReturn:
        """Refuse to keep a reference.

        Args:
            model: Registered model name.
            version: The version.
            folder: The files.

        Raises:
            RegistryError: Always.
        """
        _refuse(f"keep {folder.name} beside version {version} of model '{model}'")

    def register(self, model: str, *_: object, **__: object) -> NoReturn:
        """Refuse."""
        _refuse(f"register a version of model '{model}'")


def _refuse(action: str) -> NoReturn:
    msg = f"this registry is read-only; it will not {action}"
    raise RegistryError(msg)
