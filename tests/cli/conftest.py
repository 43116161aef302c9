"""Copies of the worlds, one a test."""

from tests.scenarios.fixtures import breached, home  # noqa: F401 (fixtures)
