"""Whether what a text tells people to type is a command."""

from collections.abc import Sequence

import click
from click import Command


def parsed(group: Command, words: Sequence[str]) -> str:
    """Parse a command line without running it; return the command's name.

    Args:
        group: The root command.
        words: The words of the line, `daywatch` first.

    Raises:
        click.ClickException: If there is no such command, argument or option.
    """
    assert words[0] == "daywatch"
    command, name, rest = group, "daywatch", list(words[1:])
    while hasattr(command, "commands"):
        below = command.commands.get(rest[0])
        if below is None:
            msg = f"no command '{' '.join(words)}'"
            raise click.UsageError(msg)
        command, name, rest = below, f"{name} {rest[0]}", rest[1:]
    command.make_context(name, rest).close()
    return name
