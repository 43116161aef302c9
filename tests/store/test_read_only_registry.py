from collections.abc import Callable
from pathlib import Path

import pytest

from monitoring_tasks.errors import RegistryError
from monitoring_tasks.store.read_only_registry import ReadOnlyRegistry
from tests.builders import MODEL


@pytest.mark.parametrize(
    ("write", "wish"),
    [
        pytest.param(
            lambda one: one.set_alias(MODEL, "champion", "1"), "move", id="alias"
        ),
        pytest.param(
            lambda one: one.tag_version(MODEL, "1", {"a": "b"}), "tag", id="tag"
        ),
        pytest.param(
            lambda one: one.save_reference(MODEL, "1", Path("x")), "keep", id="artifact"
        ),
        pytest.param(
            lambda one: one.register(MODEL, None, example=None, training=None),
            "register",
            id="version",
        ),
    ],
)
def test_registry_for_reading_refuses_to_write(
    write: Callable[[ReadOnlyRegistry], None], wish: str, tmp_path: Path
) -> None:
    """Refused before anything is contacted: the address leads nowhere."""
    registry = ReadOnlyRegistry("http://127.0.0.1:1", cache=tmp_path)
    with pytest.raises(RegistryError, match=f"read-only; it will not {wish}"):
        write(registry)
