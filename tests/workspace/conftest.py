"""Copies of the scenario worlds, one a test."""

from tests.scenarios.fixtures import home  # noqa: F401 (a fixture)
