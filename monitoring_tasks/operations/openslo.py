"""Objectives over many days to and from OpenSLO v1 documents; no contract changes."""

from pathlib import Path
from typing import Any

import yaml

from monitoring_tasks.contract.files import find_contract
from monitoring_tasks.contract.openslo import from_openslo, to_openslo
from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.errors import ConfigurationError
from monitoring_tasks.settings import Settings


def export_slos(settings: Settings, model: str) -> list[dict[str, Any]]:
    """Return a contract's objectives over many days as OpenSLO v1 documents.

    Args:
        settings: Where contracts lie.
        model: Registered model name.

    Raises:
        ConfigurationError: If no contract declares the model, or its own breaks a rule.
    """
    contract = find_contract(settings.expectations, model).contract
    return [to_openslo(slo, service=model) for slo in contract.slos]


def import_slos(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """Read OpenSLO v1 documents as the `slos` of one contract.

    Args:
        path: YAML: a stream of documents, or one list of them.

    Returns:
        The model they are of, and the entries as plain values, defaults left out.

    Raises:
        ConfigurationError: If a contract cannot hold them; names file and key.
    """
    parsed = [
        from_openslo(raw, origin=f"{path}: document {number}")
        for number, raw in enumerate(_documents(path), start=1)
    ]
    services = sorted({service for service, _ in parsed})
    if len(services) != 1:
        listed = ", ".join(services) or "none"
        msg = (
            f"{path}: spec.service: a contract is for one model; the documents name: "
            f"{listed}"
        )
        raise ConfigurationError(msg)
    names = [slo.name for _, slo in parsed]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path}: metadata.name: given more than once: {', '.join(twice)}"
        raise ConfigurationError(msg)
    return services[0], [_plain(slo) for _, slo in parsed]


def _documents(path: Path) -> list[Any]:
    """Read a file's documents, be they a stream or one list."""
    try:
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise ConfigurationError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path}: not valid YAML ({error})"
        raise ConfigurationError(msg) from error
    lists = [d if isinstance(d, list) else [d] for d in documents]
    return [document for part in lists for document in part if document is not None]


def _plain(slo: Slo) -> dict[str, Any]:
    plain: dict[str, Any] = slo.model_dump(mode="json", exclude_defaults=True)
    return plain
