"""Copies of the worlds, one a test."""

from pathlib import Path

import pytest

from tests.scenarios import world, worlds


@pytest.fixture
def home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Three versions, eight healthy days, nothing judged; the workspace to work in."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "home"))
    return world.copy(worlds.base(), tmp_path / "home")


@pytest.fixture
def breached(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Version 3 was released and breaches; the second bad day awaits its response."""
    monkeypatch.setenv("DAYWATCH_HOME", str(tmp_path / "home"))
    return world.copy(worlds.breached(), tmp_path / "home")
