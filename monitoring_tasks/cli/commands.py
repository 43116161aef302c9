"""Which command stands in which module: loaded when it is typed, and not before.

To build every command takes longer than most of them have to run.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from typer._click.core import Command
    from typer.core import TyperGroup

EXIT_CODES = """
Exit codes: 0 done; 1 something must be fixed (contract, data, settings, judgement);
2 wrong usage; 3 done, and a person is needed (breach, no_data, error);
4 a guard refused; 75 something did not answer, try again.
"""
MODULES: Mapping[str, str] = MappingProxyType(
    {
        "demo": "demo",
        "up": "up",
        "init": "onboarding",
        "try": "trying",
        "check": "checking",
        "propose-suite": "setting_up",
        "reference": "setting_up",
        "run": "judging",
        "backfill": "judging",
        "settle": "settling",
        "status": "status",
        "show": "looking",
        "pack": "pack",
        "trace": "trace",
        "playbook": "playbook",
        "report": "reporting",
        "labels": "labels",
        "segments": "segments",
        "rollbacks": "rollbacks",
        "rollback": "acting",
        "approve": "answering",
        "reject": "answering",
        "repair": "repairing",
        "prune": "pruning",
        "autonomy": "autonomy",
        "review": "autonomy",
        "restore": "autonomy",
        "drill": "drill",
        "receive": "receive",
        "incident": "incident",
        "slo": "slo",
        "policy": "policy",
        "silence": "silence",
        "hold": "holding",
        "journal": "journal",
        "notify": "notify",
        "outbox": "outbox",
        "postmortem": "postmortem",
        "retrospective": "retrospective",
        "governance": "governance",
    }
)
"""Command or group of commands -> its module, in the order `--help` has them."""


class LazyCommands(MutableMapping[str, "Command"]):
    """The commands of the root by name; each is built when it is asked for."""

    def __getitem__(self, name: str) -> "Command":
        """Build a command.

        Raises:
            KeyError: If there is none of that name.
        """
        return load_command(name, MODULES[name])

    def __iter__(self) -> Iterator[str]:
        """List the names."""
        return iter(MODULES)

    def __len__(self) -> int:
        """Count them."""
        return len(MODULES)

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a command, without building it."""
        return name in MODULES

    def __setitem__(self, name: str, command: "Command") -> None:
        """Refuse: what there is stands in `MODULES`."""
        raise TypeError(name, command)

    def __delitem__(self, name: str) -> None:
        """Refuse: what there is stands in `MODULES`."""
        raise TypeError(name)


@cache
def load_command(name: str, module_name: str) -> "Command":
    """Return a command or a group of commands.

    Args:
        name: What is typed.
        module_name: The module of `cli/` it stands in.
    """
    module = import_module(f"monitoring_tasks.cli.{module_name}")
    if hasattr(module, "group"):
        return _group(module)
    offered = {_root_name(command): command for command in module.COMMANDS}
    alone = typer.Typer(
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_show_locals=False,  # locals may hold connection strings
    )
    alone.command(name, epilog=EXIT_CODES)(offered[name])
    return typer.main.get_command(alone)


def _root_name(command: Callable[..., None]) -> str:
    # A command is called like its function, save for `try`, a word of Python.
    return command.__name__.removesuffix("_command").replace("_", "-")


def _group(module: ModuleType) -> "TyperGroup":
    for group, commands in _parts_of(module):
        for name, command in commands.items():
            group.command(name, epilog=EXIT_CODES)(command)
    return typer.main.get_group(module.group)


def _parts_of(
    module: ModuleType,
) -> list[tuple[typer.Typer, Mapping[str, Callable[..., None]]]]:
    """Return each group of a module with its commands by name."""
    commands = module.COMMANDS
    if isinstance(commands, Mapping):
        return [(module.group, commands)]
    if isinstance(commands[0], tuple):
        return list(commands)
    return [(module.group, {c.__name__.split("_")[0]: c for c in commands})]
