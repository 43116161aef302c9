"""The record of a serious incident: `governance record open`, `assess`, `aware`, ..."""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from monitoring_tasks.cli import record_reading
from monitoring_tasks.cli.journal import parse_instant
from monitoring_tasks.cli.options import ByOption, HomeOption, JsonOption, ReasonOption
from monitoring_tasks.cli.output import console, print_json, reported
from monitoring_tasks.cli.record_reading import IncidentArgument
from monitoring_tasks.domain.regulatory_clocks import CLOCKS
from monitoring_tasks.domain.regulatory_records import (
    CAUSAL_LINKS,
    QUESTIONS,
    REPORT_KINDS,
)

group = typer.Typer(
    name="record",
    help="A serious incident: facts, people's judgements, clocks; no legal advice.",
    no_args_is_help=True,
)
ClockOption = Annotated[
    list[str],
    typer.Option("--clock", help=f"One of {', '.join(c.id for c in CLOCKS)}; repeat."),
]


def instant(text: str) -> datetime:
    """Read an instant with its hour; UTC without an offset.

    Raises:
        typer.BadParameter: If it is none, or a day alone.
    """
    read = parse_instant(text)
    if not isinstance(read, datetime):
        msg = f"'{text}' is a day; say the hour too, as in {text}T10:00Z"
        raise typer.BadParameter(msg)
    return read.astimezone(UTC)


AtOption = Annotated[
    datetime,
    typer.Option(
        "--at", parser=instant, metavar="WHEN", help="An instant, 2027-03-01T10:00Z."
    ),
]


def open_record(
    incident: IncidentArgument,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Open the record of an incident with the facts Daywatch has; nothing is assessed.

    Example: daywatch governance record open ID --reason "a person may be harmed"
    """
    with reported(home):
        from monitoring_tasks.operations.governance.regulatory import open_record as go

        _put(lambda ws: go(ws, incident, _author(by, reason)), as_json=as_json)


def assess(
    incident: IncidentArgument,
    reason: ReasonOption,
    answers: Annotated[
        list[str] | None,
        typer.Option("--set", help=f"QUESTION=ANSWER; repeat. {', '.join(QUESTIONS)}."),
    ] = None,
    not_required: Annotated[
        list[str] | None,
        typer.Option("--not-required", help="A clock a person says is not required."),
    ] = None,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep what a person answers; Daywatch answers no question and stops no clock.

    Example: daywatch governance record assess ID --set death=no --reason "seen by ..."
    """
    said = dict(_answer(text) for text in answers or ())
    if bool(said) is bool(not_required):
        raise typer.BadParameter("say either --set or --not-required")
    with reported(home):
        from monitoring_tasks.operations.governance import regulatory

        author = _author(by, reason)
        _put(
            lambda ws: (
                regulatory.assess(ws, incident, said, author)
                if said
                else regulatory.set_not_required(
                    ws, incident, not_required or (), author
                )
            ),
            as_json=as_json,
        )


def aware(
    incident: IncidentArgument,
    at: AtOption,
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say since when somebody is aware of a serious incident: the clocks run from then.

    Example: daywatch governance record aware ID --at 2027-03-01T10:00Z --reason "..."
    """
    with reported(home):
        from monitoring_tasks.operations.governance.regulatory import set_aware

        _put(
            lambda ws: set_aware(ws, incident, at, _author(by, reason)), as_json=as_json
        )


def cause(
    incident: IncidentArgument,
    status: Annotated[
        str, typer.Option("--link", help=f"One of {', '.join(CAUSAL_LINKS)}.")
    ],
    reason: ReasonOption,
    *,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep what a person says of a causal link between the system and the incident.

    Example: daywatch governance record cause ID --link suspected --reason "..."
    """
    with reported(home):
        from monitoring_tasks.operations.governance.regulatory import set_causal_link

        _put(
            lambda ws: set_causal_link(ws, incident, status, _author(by, reason)),
            as_json=as_json,
        )


def measure(
    incident: IncidentArgument,
    text: Annotated[str, typer.Option("--text", help="What was done.")],
    reason: ReasonOption,
    *,
    alters: Annotated[
        bool,
        typer.Option(
            "--alters-system",
            help="It may affect a later evaluation of the causes (Article 73(6)).",
        ),
    ] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep what people did about the incident, e.g. that its use was suspended.

    Example: daywatch governance record measure ID --text "use suspended" --reason "..."
    """
    with reported(home):
        from monitoring_tasks.operations.governance.regulatory import add_measure

        author = _author(by, reason)
        _put(
            lambda ws: add_measure(ws, incident, text, author, alters=alters),
            as_json=as_json,
        )


def submit_note(  # noqa: PLR0913 (all that is noted of a submission)
    incident: IncidentArgument,
    clock: ClockOption,
    *,
    kind: Annotated[
        str, typer.Option("--kind", help=f"One of {', '.join(REPORT_KINDS)}.")
    ],
    at: AtOption,
    reason: ReasonOption,
    reference: Annotated[
        str, typer.Option("--reference", help="The receiver's, or where a copy lies.")
    ] = "",
    by: ByOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Keep that a person has sent a report, and which clocks it meets; sends nothing.

    Example: daywatch governance record submit-note ID --clock art73-2 --kind initial
             --at 2027-03-04T15:00Z --reason "sent to the authority by mail"
    """
    with reported(home):
        from monitoring_tasks.operations.governance.regulatory import (
            Submission,
            note_submission,
        )

        sent = Submission(
            clocks=tuple(clock),
            report_kind=kind,
            submitted_at=at,
            reference=reference,
        )
        author = _author(by, reason)
        _put(lambda ws: note_submission(ws, incident, sent, author), as_json=as_json)


def _answer(text: str) -> tuple[str, str]:
    question, sign, answer = text.partition("=")
    if not sign or not answer.strip():
        msg = f"'{text}' is no QUESTION=ANSWER"
        raise typer.BadParameter(msg)
    return question.strip(), answer.strip()


def _author(by: str | None, reason: str) -> Any:  # noqa: ANN401 (loaded when it is needed)
    from monitoring_tasks.operations.governance.regulatory import Author

    return Author(actor=by or getpass.getuser(), reason=reason)


def _put(ask: Callable[[Any], Any], *, as_json: bool) -> None:
    from dataclasses import asdict

    from monitoring_tasks.workspace.workspace import open_workspace

    with open_workspace() as workspace:
        event = ask(workspace)
    if as_json:
        print_json(asdict(event))
    else:
        text = f"{event.incident}: {event.kind.replace('_', ' ')}, event {event.number}"
        console.print(f"{text} ({event.digest[:12]}); a record, no legal advice")


COMMANDS: dict[str, Callable[..., None]] = {
    "open": open_record,
    "assess": assess,
    "aware": aware,
    "cause": cause,
    "measure": measure,
    "submit-note": submit_note,
    "show": record_reading.show,
    "list": record_reading.list_records,
    "verify": record_reading.verify_records,
}
