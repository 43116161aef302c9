"""What the registry says of a model nobody has described yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitoring_tasks.errors import VersionMissingError
from monitoring_tasks.store.mlflow_connection import Connection
from monitoring_tasks.store.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """A registered model.

    Attributes:
        versions: Its versions, newest first.
        aliases: Alias -> version.
        inputs: Input of the version looked at -> its MLflow type; empty where it has
            no signature, or one without names.
        version: The version looked at.
    """

    versions: tuple[str, ...]
    aliases: Mapping[str, str]
    inputs: Mapping[str, str]
    version: str


def describe_model(
    url: str, model: str, *, tracking_url: str = "", alias: str = "champion"
) -> RegisteredModel:
    """Return what the registry says of a model.

    Args:
        url: The registry.
        model: Registered model name.
        tracking_url: MLflow URI of runs and artifacts, which hold the files and so the
            signature of a version; empty for the same.
        alias: Whose version's signature is taken; the newest version's without it.

    Raises:
        VersionMissingError: If there is no such model, or no version of it.
        SourceUnavailableError: If the registry does not answer.
    """
    registry = Registry(url, tracking_url=tracking_url)
    versions = tuple(registered.version for registered in registry.versions(model))
    if not versions:
        msg = f"model '{model}' has no version in {url}; register one first"
        raise VersionMissingError(msg)
    connection = Connection(url, tracking_url)
    registered = connection.ask(
        f"model '{model}'", lambda client: client.get_registered_model(model)
    )
    aliases = {str(name): str(at) for name, at in dict(registered.aliases).items()}
    version = aliases.get(alias) or versions[0]
    return RegisteredModel(
        versions=versions,
        aliases=aliases,
        inputs=_inputs(connection, model, version),
        version=version,
    )


def _inputs(connection: Connection, model: str, version: str) -> dict[str, str]:
    from mlflow.models import get_model_info  # noqa: PLC0415 (seconds to import)

    address = f"models:/{model}/{version}"
    info: Any = connection.ask(
        f"version {version} of model '{model}'", lambda _: get_model_info(address)
    )
    if info.signature is None or info.signature.inputs is None:
        return {}
    named = [
        column
        for column in info.signature.inputs.inputs
        if getattr(column, "name", None)
    ]
    return {
        str(column.name): str(getattr(column.type, "name", column.type))
        for column in named
    }
