"""A throw-away workspace over a copy of a model's store; the real one is only read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from monitoring_tasks.store.read_only_registry import ReadOnlyRegistry
from monitoring_tasks.store.sandbox import copy_model
from monitoring_tasks.workspace.workspace import Workspace

TELLS_NOBODY: dict[str, Any] = {
    "channels": {},
    "openlineage": "",
    "heartbeat": "",
    "anchors": "",
}
"""Settings of a copy: whatever happens in it, nobody outside hears of it."""


@contextmanager
def open_sandbox(real: Workspace, model: str, folder: Path) -> Iterator[Workspace]:
    """Lay out a workspace under `folder` that knows what the real one knows.

    Contracts are read from `folder/expectations`; whoever asks puts them there. The
    registry can be asked and never told, the clock is simulated.

    Args:
        real: The real workspace; only read.
        model: Registered model name.
        folder: A folder without a store.
    """
    settings = real.settings.model_copy(
        update={
            "home": folder,
            "expectations": folder / "expectations",
            "store_url": f"sqlite:///{folder / 'daywatch.db'}",
            "partitions": str(folder / "partitions"),
            "reports": folder / "reports",
            # The real now lies after the days that are judged again.
            "clock": "simulated",
            **TELLS_NOBODY,
        }
    )
    with Workspace(settings=settings) as workspace:
        workspace.registry = ReadOnlyRegistry(
            settings.registry_url,
            tracking_url=settings.tracking_url,
            cache=_copy_cache(real, folder),
        )
        copy_model(real.settings.store_url, model, workspace.database)
        yield workspace


def _copy_cache(real: Workspace, folder: Path) -> Path:
    """Take along the references that were fetched before."""
    cache = folder / "cache"
    kept = real.settings.home / "cache" / "registry"
    if kept.is_dir():
        shutil.copytree(kept, cache)
    return cache
