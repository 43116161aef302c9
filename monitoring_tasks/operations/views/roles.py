"""Who does what about an incident, as the contract of its model has it."""

from typing import Any

from monitoring_tasks.contract.contract import Contract


def roles_view(contract: Contract | None) -> dict[str, Any]:
    """Return who answers for a model, and who does what about its incidents.

    Args:
        contract: Of the model; None for the fleet, which has none.

    Returns:
        `owners`; `duties` by activity; `declared`, whether the contract says so, or the
        duties are Daywatch's own proposal.
    """
    if contract is None:
        return {"owners": [], "declared": False, "duties": {}}
    return {
        "owners": list(contract.owners),
        "declared": "roles" in contract.model_fields_set,
        "duties": duties_of(contract),
    }


def duties_of(contract: Contract) -> dict[str, dict[str, list[str]]]:
    """Return who does and who answers for each activity: names, else their role.

    Args:
        contract: Of the model.
    """
    roles = contract.roles
    return {
        activity.value: {
            "does": roles.people_for(activity, "R"),
            "answers": roles.people_for(activity, "A"),
        }
        for activity in roles.raci
    }
