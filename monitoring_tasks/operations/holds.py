"""Holds on alias moves: kill switches, and legal holds that ask for a person."""

from monitoring_tasks.domain.holds import ALL_MODELS, Hold, HoldKind
from monitoring_tasks.operations.accountability import require_reason
from monitoring_tasks.workspace.workspace import Workspace


def place_hold(
    workspace: Workspace,
    model: str | None,
    kind: HoldKind,
    *,
    reason: str,
    actor: str,
) -> Hold:
    """Hold the alias moves of a model back, or of all, until the hold is released.

    Args:
        workspace: The workspace.
        model: Registered model name; None for all, later ones too.
        kind: Whether nothing moves, or a person must approve.
        reason: Why, ten characters or more.
        actor: Who says so.

    Raises:
        ConfigurationError: If the reason says nothing, or no contract declares the
            model.
    """
    require_reason(reason)
    if model is not None:
        workspace.contract(model)  # a model nobody knows is named as such
    return workspace.holds.place(
        model or ALL_MODELS,
        kind,
        reason=reason.strip(),
        actor=actor,
        at=workspace.clock.now(),
    )


def release_hold(workspace: Workspace, hold: str, *, reason: str, actor: str) -> Hold:
    """Release a hold; what it held back is not done by itself.

    Args:
        workspace: The workspace.
        hold: Its id.
        reason: Why, ten characters or more.
        actor: Who says so.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If no such hold is active.
    """
    require_reason(reason)
    return workspace.holds.release(
        hold, reason=reason.strip(), actor=actor, at=workspace.clock.now()
    )


def active_holds(workspace: Workspace, model: str | None) -> tuple[Hold, ...]:
    """Return the holds that act on a model, those on all models among them.

    Args:
        workspace: The workspace; only read.
        model: Registered model name; None for the holds of every model.
    """
    if model is None:
        return workspace.holds.everywhere()
    return workspace.holds.active(model)
