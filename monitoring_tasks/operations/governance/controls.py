"""Which record serves which duty, by which command, and what none of them covers."""

from dataclasses import dataclass

from monitoring_tasks.operations.governance.quotes import data_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A duty, and what Daywatch has for it.

    Attributes:
        framework: Law, guidance or standard.
        clause: Where in it.
        duty: What it asks, in our words.
        serves: What Daywatch records.
        tables: Where, in the store; empty where it serves nothing.
        commands: How it is read or written, without `daywatch`.
        not_covered: What it does not do; never empty.
    """

    framework: str
    clause: str
    duty: str
    serves: str
    tables: tuple[str, ...]
    commands: tuple[str, ...]
    not_covered: str


def control_map() -> tuple[Control, ...]:
    """Return the duties in the order of their frameworks."""
    return tuple(
        Control(
            **dict(row)
            | {"tables": tuple(row["tables"]), "commands": tuple(row["commands"])}
        )
        for row in data_file("controls.json")["controls"]
    )
