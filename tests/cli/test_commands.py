"""The table of commands is complete, and a command loads its own module alone."""

import inspect
import json
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest
from typer.core import TyperGroup

from monitoring_tasks import cli
from monitoring_tasks.cli.command_lines import LINES
from monitoring_tasks.cli.commands import MODULES, LazyCommands, load_command

PARTS = {"governance_bundles", "governance_records", "incident_closing"} | {
    "incident_moves",
    "incident_words",
}
"""Modules whose commands belong to the group of another one."""


def test_every_module_of_commands_is_in_the_table() -> None:
    """A command nobody can type is no command."""
    named = {
        module.name
        for module in pkgutil.iter_modules(cli.__path__)
        if hasattr(import_module(f"monitoring_tasks.cli.{module.name}"), "COMMANDS")
    }
    assert named - PARTS == set(MODULES.values())
    for module_name in {*MODULES.values()}:
        module = import_module(f"monitoring_tasks.cli.{module_name}")
        typed = [name for name, where in MODULES.items() if where == module_name]
        assert len(typed) == (1 if hasattr(module, "group") else len(module.COMMANDS))


@pytest.mark.parametrize("name", MODULES)
def test_command_is_called_as_the_table_has_it(name: str) -> None:
    """Its usage says so; a group has commands."""
    command = load_command(name, MODULES[name])
    assert command.name == name
    assert not isinstance(command, TyperGroup) or command.commands


def test_help_lists_the_first_line_of_each_command() -> None:
    """In the order of the table, as the command itself says it."""
    first = {
        name: inspect.cleandoc(load_command(name, module).help or "").split("\n\n")[0]
        for name, module in MODULES.items()
    }
    assert list(LINES) == list(MODULES)
    assert {name: " ".join(line.split()) for name, line in first.items()} == LINES


def test_root_has_what_the_table_has_and_takes_no_more() -> None:
    """It is a table to read."""
    commands = LazyCommands()
    assert list(commands) == list(MODULES)
    assert "status" in commands
    assert "nonsense" not in commands
    with pytest.raises(KeyError):
        commands["nonsense"]
    with pytest.raises(TypeError):
        commands["nonsense"] = commands["status"]
    with pytest.raises(TypeError):
        del commands["status"]


@pytest.mark.parametrize(
    ("words", "module"), [(["segments", "--help"], {"segments"}), (["--help"], set())]
)
def test_typed_command_loads_no_other(words: list[str], module: set[str]) -> None:
    """What is not typed costs nothing."""
    code = (
        "import json, sys; from monitoring_tasks.cli.app import app\n"
        f"app({words!r}, standalone_mode=False)\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 (our own code)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    loaded = {m.rsplit(".", 1)[-1] for m in modules if m.startswith(cli.__name__ + ".")}
    assert loaded & set(MODULES.values()) == module
