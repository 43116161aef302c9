"""Where the alias stands, written down whenever that is news.

Daywatch is not the only one who moves an alias: releases do. What it finds moved is
journalled, so that "who was champion on day D" has an answer for every day since the
first look. A move there and back between two looks leaves no trace.
"""

import logging
from datetime import datetime
from typing import Any

from monitoring_tasks.domain.journal import Line
from monitoring_tasks.domain.rollbacks import IN_DOUBT, RollbackState
from monitoring_tasks.errors import (
    LeaseHeldError,
    RegistryError,
    SourceUnavailableError,
    VersionMissingError,
)
from monitoring_tasks.store.journal import OUTSIDE, SEEN
from monitoring_tasks.workspace.processes import process_name
from monitoring_tasks.workspace.workspace import Workspace

S = RollbackState
logger = logging.getLogger(__name__)


def note_alias(
    space: Workspace, model: str, *, at: datetime, must_answer: bool = True
) -> None:
    """Journal where the alias stands, if it was never seen or somebody moved it.

    An alias that is not set, and never was, is no news. A rollback that is being
    verified ends `superseded` when the alias has left its target. Nothing is noted
    while another process moves the alias, nor while it is not known what came of a
    move of Daywatch's own: the next look will tell.

    Args:
        space: The workspace.
        model: Registered model name.
        at: When it is looked at.
        must_answer: Whether a registry that does not answer is an error; else it is
            logged. A day must not go unanswered for want of a record that the next
            look makes good.

    Raises:
        SourceUnavailableError: If the registry has to answer and does not.
    """
    alias = space.contract(model).alias
    try:
        with space.leases.hold(f"{model}@{alias}", holder=process_name()) as fence:
            known = space.rollbacks.open_of(model, alias)
            if known is not None and known.state in IN_DOUBT:
                return
            stands = _stands(space, model, alias, must_answer=must_answer)
            if stands is not None:
                _note(space, model, alias, stands=stands, at=at, fence=fence)
    except LeaseHeldError:
        return


def _note(
    space: Workspace, model: str, alias: str, *, stands: str, at: datetime, fence: int
) -> None:
    last = space.journal.last_stand(model, alias)
    if (last["to_version"] if last else "") != stands:
        line = _line(last, model, alias, stands=stands, at=at, fence=fence)
        space.journal.append(line)
    # Also where the move was Daywatch's own, or a look before this one was cut short.
    _end_verification(space, model, alias, stands=stands, at=at, fence=fence)


def _stands(
    space: Workspace, model: str, alias: str, *, must_answer: bool
) -> str | None:
    """Name the version; empty without an alias, or for a model nobody registered.

    None when the registry does not answer and does not have to.
    """
    try:
        return space.registry.alias_version(model, alias) or ""
    except VersionMissingError:
        return ""
    except (SourceUnavailableError, RegistryError) as error:
        if must_answer:
            raise
        logger.warning("where the alias stands is not noted: %s", error)
        return None


def _line(
    last: dict[str, Any] | None,
    model: str,
    alias: str,
    *,
    stands: str,
    at: datetime,
    fence: int,
) -> Line:
    where = f"version {stands}" if stands else "no version"
    if last is None:
        return Line(
            key=f"{model}@{alias}",
            state=SEEN,
            at=at,
            model=model,
            alias=alias,
            to_version=stands,
            reason=f"first look: alias '{alias}' at {where}",
            actor=OUTSIDE,
            fence=fence,
        )
    since = last["at"].isoformat(timespec="seconds")
    return Line(
        key=f"{model}@{alias}",
        state=OUTSIDE,
        at=at,
        model=model,
        alias=alias,
        from_version=last["to_version"],
        to_version=stands,
        reason=f"alias '{alias}' found at {where}; not moved by Daywatch",
        actor=OUTSIDE,
        fence=fence,
        detail={"moved_after": since},
    )


def _end_verification(
    space: Workspace, model: str, alias: str, *, stands: str, at: datetime, fence: int
) -> None:
    """End what was being verified and does not serve any more."""
    for known in space.rollbacks.find(model):
        if known.state is not S.VERIFYING or known.alias != alias:
            continue
        if known.to_version == stands:
            continue
        text = (
            f"alias '{alias}' was moved on to version {stands or 'none'} before "
            f"version {known.to_version} was verified"
        )
        space.rollbacks.advance(known, S.SUPERSEDED, at=at, text=text, fence=fence)
