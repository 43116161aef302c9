"""The journal of alias moves: `journal list`, `journal verify`, `journal champion`."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from monitoring_tasks.cli.options import (
    HomeOption,
    JsonOption,
    LimitOption,
    ModelArgument,
)
from monitoring_tasks.cli.output import (
    ExitCode,
    console,
    print_json,
    print_table,
    reported,
)
from monitoring_tasks.cli.tables import Cell
from monitoring_tasks.cli.terminal import assembled
from monitoring_tasks.domain.journal import JournalLine

group = typer.Typer(
    name="journal",
    help="Who moved which alias when and why; every line chained to the one before.",
    no_args_is_help=True,
)
SHOWN_LINES = 5
DAY_LENGTH = len("2013-09-03")


def list_journal(
    model: ModelArgument,
    *,
    limit: LimitOption = 0,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """List every line about a model, oldest first; --json with guards and digests.

    Examples: daywatch journal list flight_delay
              daywatch journal list flight_delay --limit 20
    """
    with reported(home):
        from monitoring_tasks.operations.journal import journal_lines
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            lines = journal_lines(workspace, model, limit=limit or None)
    if as_json:
        print_json([line.to_json() for line in lines])
    else:
        print_lines(lines)


def print_lines(lines: list[JournalLine]) -> None:
    """Print lines of the journal; forced ones in red, with the guards skipped."""
    rows = [
        [
            str(line.number),
            f"{line.at:%Y-%m-%d %H:%M}",
            line.state,
            _versions(line),
            line.actor,
            _why(line),
        ]
        for line in lines
    ]
    columns = ("", "when (UTC)", "what", "versions", "who", "why")
    print_table("journal", columns, rows, unbroken=columns[:3])


def _versions(line: JournalLine) -> str:
    ends = [line.from_version, line.to_version]
    return " to ".join(end for end in ends if end) or "-"


def _why(line: JournalLine) -> Cell:
    why = line.reason
    if not line.detail.get("forced"):
        return why
    names = ", ".join(line.detail.get("skipped", [])) or "no guard yet"
    return assembled(f"{why} ", (f"(forced, skipping {names})", "bold red"))


def verify_journal(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Check that no line was changed, left out or cut off; exit 1 if one was.

    The digest of every line is also kept in the workspace's `journal.heads`, that of
    every move in the registry: a journal cut short is found out.

    Example: daywatch journal verify --json
    """
    with reported(home):
        from monitoring_tasks.operations.rollbacks.audit import audit
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            audited = audit(workspace)
    if as_json:
        print_json(audited)
    else:
        for text in _verdict(audited):
            console.print(text, soft_wrap=True)
    if not audited["ok"]:
        raise typer.Exit(ExitCode.FAULT)


def _verdict(audited: dict[str, Any]) -> list[Cell]:
    if audited["broken"]:
        return [assembled(("broken:", "bold red"), f" {audited['broken']}")]
    texts: list[Cell] = [
        f"{audited['lines']} lines, each chained to the one before; {audited['head']}"
    ]
    if audited["cut"]:
        numbers = ", ".join(str(number) for number in audited["cut"][:SHOWN_LINES])
        gap = f" lines {numbers} of the workspace's journal.heads are gone"
        texts.append(assembled(("cut short:", "bold red"), gap))
    for head in audited["mirrored"]:
        where = f"{head['model']} version {head['version']}"
        if head["found"]:
            texts.append(f"the head kept at {where} is in the journal: {head['head']}")
        else:
            gap = f" the head kept at {where} is not in the journal: {head['head']}"
            texts.append(assembled(("cut short:", "bold red"), gap))
    if not audited["mirrored"]:
        texts.append("the registry keeps no head yet: nothing was rolled back")
    texts.append(
        assembled(("broken time line:", "bold red"), f" {audited['timeline']}")
        if audited["timeline"]
        else f"{audited['events']} events of incidents, each chained to the one before"
    )
    texts += [
        assembled(("cut short:", "bold red"), f" {gap}") for gap in audited["anchors"]
    ]
    return texts


def parse_instant(text: str) -> date:
    """Read a day, or an instant, which is a `datetime`; UTC without an offset.

    Raises:
        typer.BadParameter: If it is neither.
    """
    try:
        # A day is no midnight: where it begins is up to the model's calendar.
        if len(text) == DAY_LENGTH:
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"'{text}' is no instant; write 2013-09-03T10:00Z, or the day 2013-09-03"
        raise typer.BadParameter(msg) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def champion_journal(
    model: ModelArgument,
    at: Annotated[
        date,
        typer.Option(
            "--at",
            parser=parse_instant,
            metavar="WHEN",
            help="An instant, or a day of the model's own calendar.",
        ),
    ],
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say which version the alias stood at, at any instant or during a day.

    Moves that others made are known from when Daywatch noticed them.

    Examples: daywatch journal champion flight_delay --at 2013-09-03T10:00Z
              daywatch journal champion flight_delay --at 2013-09-03 --json
    """
    with reported(home):
        from monitoring_tasks.operations.journal import champions_at
        from monitoring_tasks.workspace.workspace import open_workspace

        with open_workspace(home) as workspace:
            champions = champions_at(workspace, model, at)
    if as_json:
        print_json(champions)
        return
    for stand in champions["stands"]:
        console.print(_stand_text(stand), soft_wrap=True)


def _stand_text(stand: dict[str, Any]) -> str:
    """Return in a line which version stood, from when to when, and by which line."""
    until = f"{stand['until']:%Y-%m-%d %H:%M} UTC" if stand["until"] else ""
    if stand["version"] is None:
        return (
            f"unknown before {until}, when Daywatch first looked"
            if until
            else "unknown"
        )
    line = stand["line"]
    text = (
        f"version {stand['version'] or 'none'} since {stand['since']:%Y-%m-%d %H:%M} "
        f"UTC (line {line['number']}, {line['state']} by {line['actor']}: "
        f"{line['reason']})"
    )
    if stand["left_unseen"]:
        return f"{text}; moved by somebody else, noticed {until}"
    return f"{text}; until {until}" if until else text


COMMANDS = (list_journal, verify_journal, champion_journal)
