"""Silences: about what nobody is paged for a while."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitoring_tasks.domain.decisions import Cause, Severity
from monitoring_tasks.domain.silences import Silence
from monitoring_tasks.domain.windows import window_of
from monitoring_tasks.store.silences import silence_id
from monitoring_tasks.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceScope:
    """What a silence is about.

    Attributes:
        cause: Only incidents of this cause; None for any.
        segment: Only if nothing else is broken, as `column=value`; None for any.
        severity_at_most: Graver incidents page all the same.
    """

    cause: Cause | None = None
    segment: str | None = None
    severity_at_most: Severity = Severity.P2


def add_silence(
    workspace: Workspace,
    model: str,
    scope: SilenceScope,
    *,
    until: date | timedelta,
    reason: str,
    actor: str,
) -> Silence:
    """Keep pagers quiet about a model; one that says the same and acts stands for it.

    Args:
        workspace: The workspace.
        model: Registered model name.
        scope: What it is about.
        until: Its last day, or how long it lasts.
        reason: Why; kept for ever.
        actor: Who says so.

    Raises:
        ConfigurationError: If it hides a P0, lasts too long, or nobody answers for it.
        NoDataError: If no day of the model was evaluated yet.
    """
    contract = workspace.contract(model)
    # Instants are kept as whole seconds.
    starts = workspace.now(model).replace(microsecond=0)
    if isinstance(until, timedelta):
        ends = starts + until
    else:
        ends = window_of(until, contract.timezone).end
    # All that tells two silences apart: the same asked twice has the same id.
    about = (scope.cause, scope.segment, scope.severity_at_most, ends, actor, reason)
    silence = Silence(
        id=silence_id(model, starts, *about),
        model=model,
        cause=scope.cause,
        segment=scope.segment,
        severity_at_most=scope.severity_at_most,
        starts_at=starts,
        ends_at=ends,
        actor=actor,
        reason=reason.strip(),
    )
    longest = contract.policy.alarms.longest_silence_days
    return workspace.silences.add(silence, longest_days=longest)


def end_silence(
    workspace: Workspace, silence: str, *, reason: str, actor: str
) -> Silence:
    """End a silence early; days judged before stay as they were.

    Args:
        workspace: The workspace.
        silence: Its id.
        reason: Why; kept for ever.
        actor: Who says so.

    Raises:
        LookupError: If there is no such silence.
    """
    models = {s.id: s.model for s in workspace.silences.find()}
    if silence not in models:
        msg = f"there is no silence '{silence}'"
        raise LookupError(msg)
    return workspace.silences.end(
        silence,
        at=workspace.now(models[silence]),
        actor=actor,
        reason=reason.strip(),
    )


def silences_view(workspace: Workspace, model: str | None) -> list[dict[str, Any]]:
    """List silences, newest first, with whether each acts and what happened to it.

    Args:
        workspace: The workspace.
        model: Registered model name; None for all.
    """
    now = workspace.clock.now()
    return [
        asdict(silence)
        | {
            "state": _state(silence, now),
            "events": workspace.silences.events(silence.id),
        }
        for silence in workspace.silences.find(model)
    ]


def _state(silence: Silence, now: datetime) -> str:
    if silence.ended_at is not None:
        return "ended"
    return "acts" if silence.acts_at(now) else "over"
