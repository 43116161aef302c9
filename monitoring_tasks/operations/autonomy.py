"""How far Daywatch may go by itself: what it has earned, and what people say of it."""

from typing import Any

from monitoring_tasks.operations.accountability import require_reason
from monitoring_tasks.operations.rollbacks import reviews
from monitoring_tasks.operations.rollbacks.lookup import find_rollback
from monitoring_tasks.workspace.workspace import Workspace


def autonomy_view(workspace: Workspace, model: str) -> dict[str, Any]:
    """Return how far Daywatch may go for a model, why, and the record that earned it.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        Plain JSON: `mode` that acts, `contract`, the mode the contract allows, `why`;
        decisions that were `right`, `wrong` or `unanswered`; `regret`, what not acting
        lost a day; `proposal`, if the record asks for another mode.

    Raises:
        ConfigurationError: If no contract declares the model.
    """
    return reviews.describe(workspace, model)


def review_rollback(
    workspace: Workspace, rollback: str, *, right: bool, reason: str, actor: str
) -> dict[str, Any]:
    """Say whether a decision that asked nobody was right; it counts for autonomy.

    Args:
        workspace: The workspace.
        rollback: Its id.
        right: Whether it was right.
        reason: Why, ten characters or more.
        actor: Who says so.

    Returns:
        The model's autonomy afterwards, as `autonomy_view` returns it.

    Raises:
        ConfigurationError: If the reason says nothing.
        LookupError: If there is no such rollback.
    """
    require_reason(reason)
    model = find_rollback(workspace, rollback).model
    reviews.review(
        workspace,
        rollback,
        right=right,
        at=workspace.clock.now(),
        actor=actor,
        reason=reason.strip(),
    )
    return reviews.describe(workspace, model)


def restore_autonomy(
    workspace: Workspace, model: str, *, reason: str, actor: str
) -> dict[str, Any]:
    """Return to a model the autonomy that a rollback that did harm had taken.

    Args:
        workspace: The workspace.
        model: Registered model name.
        reason: Why, ten characters or more.
        actor: Who says so.

    Returns:
        The model's autonomy afterwards, as `autonomy_view` returns it.

    Raises:
        ConfigurationError: If the reason says nothing, or no contract declares the
            model.
    """
    require_reason(reason)
    workspace.contract(model)  # a model nobody knows is named as such
    reviews.restore(
        workspace,
        model,
        at=workspace.clock.now(),
        actor=actor,
        reason=reason.strip(),
    )
    return reviews.describe(workspace, model)
