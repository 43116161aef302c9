"""A rollback a person asks for: the same guards, the same journal."""

from typing import Any

from monitoring_tasks.domain.evaluations import Unit
from monitoring_tasks.domain.rollbacks import Move
from monitoring_tasks.errors import ConfigurationError, NoDataError, VersionMissingError
from monitoring_tasks.wiring.acting import as_dict, move_alias
from monitoring_tasks.wiring.judging import decision_of
from monitoring_tasks.wiring.side_by_side import compare_with
from monitoring_tasks.wiring.workspace import Workspace

SHORTEST_REASON = 10


def roll_back_by_hand(
    space: Workspace,
    model: str,
    *,
    to: str,
    reason: str,
    actor: str,
    overrule: bool,
) -> dict[str, Any]:
    """Move the alias to version `to` if every guard holds.

    The evidence is the latest judged day of the live version: its decision, and the
    target measured now on that day's rows.

    Args:
        space: The workspace.
        model: Registered model name.
        to: Version to put back.
        reason: Why; at least ten characters, for whoever reads the journal.
        actor: Who asks.
        overrule: Whether the guards on evidence are overruled; those on the registry
            never are.

    Returns:
        `state`, `text` and every guard with what was seen and needed.

    Raises:
        ConfigurationError: If the reason says nothing.
        VersionMissingError: If the alias stands nowhere.
        NoDataError: If the live version has never been judged.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        msg = f"--reason needs at least {SHORTEST_REASON} characters: say why"
        raise ConfigurationError(msg)
    contract = space.contract(model)
    live = space.registry.alias_version(model, contract.alias)
    if live is None:
        msg = (
            f"model '{model}' has no alias '{contract.alias}'; there is nothing to move"
        )
        raise VersionMissingError(msg)
    unit = _latest(space, model, live)
    target = [v for v in space.versions(model) if v.version == to]
    comparisons = compare_with(space, unit, target, most=1)
    attempt = len(space.journal.lines(model))
    wish = Move(
        key=f"by-hand/{model}@{contract.alias}/{live}->{to}/{attempt}",
        model=model,
        alias=contract.alias,
        from_version=live,
        to_version=to,
        reason=reason.strip(),
        actor=actor,
    )
    outcome = move_alias(
        space,
        wish,
        decision=decision_of(space, unit),
        comparison=comparisons[0] if comparisons else None,
        now=space.settings.now(unit.as_of),
        overrule=overrule,
    )
    return {"model": model, "from": live, "to": to, "actor": actor, **as_dict(outcome)}


def _latest(space: Workspace, model: str, live: str) -> Unit:
    span = space.results.days(model)
    rows = space.results.current(model, *span) if span else []
    mine = [row for row in rows if row["version"] == live and row["verdict"]]
    if not mine:
        msg = f"version {live} of {model}, the live one, has never been judged"
        raise NoDataError(msg)
    return Unit.from_key(mine[-1]["key"])
