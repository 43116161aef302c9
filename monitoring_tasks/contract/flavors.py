"""The key `policy.versions.flavors`: which models may be loaded to score rows."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from monitoring_tasks.contract.versions import LoadingPolicy

OWN_CODE = "python_function"
"""The flavour of a model whose loader is, or brings, code of its own."""
WHERE = "policy.versions.flavors"


def why_not_loaded(
    flavors: Mapping[str, Mapping[str, Any]], policy: LoadingPolicy
) -> str:
    """Say why a model is not to be loaded; empty when it may be.

    Args:
        flavors: The flavours of its `MLmodel` file, each with its settings.
        policy: What the contract allows.
    """
    if not flavors.get(OWN_CODE, {}).get("loader_module"):
        return f"it has no loader (flavour {OWN_CODE})"
    if OWN_CODE in policy.flavors:
        return ""
    # Whatever its flavour: files outside are no part of the digest that was checked.
    outside = sorted(set(_paths_outside(flavors)))
    if outside:
        return f"it wants files outside its folder: {', '.join(outside)}"
    named = sorted(set(flavors) - {OWN_CODE})
    if named and not set(named) & set(policy.flavors):
        return (
            f"its flavour {' or '.join(named)} is not allowed; {WHERE} allows "
            f"{', '.join(policy.flavors) or 'none'}"
        )
    own = _own_code(flavors, policy)
    return f"it {own}; {OWN_CODE} in {WHERE} would allow it" if own else ""


def _own_code(flavors: Mapping[str, Mapping[str, Any]], policy: LoadingPolicy) -> str:
    """Say which code a model brings besides its allowed flavours'; empty for none."""
    loader = flavors[OWN_CODE]["loader_module"]
    # A model may name an allowed flavour and still be loaded by another module.
    if loader not in {f"mlflow.{name}" for name in policy.flavors if name in flavors}:
        return f"is loaded by code of its own ({loader})"
    has_code = any(settings.get("code") for settings in flavors.values())
    return "brings code of its own" if has_code else ""


def _paths_outside(flavors: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Find settings that lead out of the model's folder, and so past its digest."""
    for settings in flavors.values():
        for value in settings.values():
            path = PurePosixPath(value) if isinstance(value, str) else None
            if path and (path.is_absolute() or ".." in path.parts):
                yield str(value)
