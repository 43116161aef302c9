"""The monitoring plan of a model, rendered from its contract and known by a digest."""

from dataclasses import dataclass

from monitoring_tasks.domain.json_values import hash_json
from monitoring_tasks.operations.governance.pages import templates
from monitoring_tasks.operations.governance.quotes import DISCLAIMER
from monitoring_tasks.workspace.contract_sightings import contract_content
from monitoring_tasks.workspace.workspace import Workspace

MAY_DO = {
    "observe": "Daywatch only watches and tells.",
    "dry_run": "Daywatch records which version it would put back, and moves nothing.",
    "approve": "Daywatch proposes to put a version back; a person has to approve it.",
    "auto": "Daywatch may move the alias back to a proven version by itself, as far as "
    "it has earned it and every guard holds.",
}
"""What may be done by itself, by `response.mode`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPlan:
    """What is measured, against which limits, who is told and what may be done.

    Attributes:
        model: Registered model name.
        digest: SHA-256 of contract and suites it is rendered from: its version.
        text: The plan, Markdown.
    """

    model: str
    digest: str
    text: str


def monitoring_plan(workspace: Workspace, model: str) -> MonitoringPlan:
    """Return the plan of a model as its contract stands now.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Raises:
        ConfigurationError: If no contract declares the model.
    """
    loaded = workspace.loaded(model)
    content = contract_content(loaded)
    digest = hash_json(content)
    text = (
        templates()
        .get_template("plan.md.j2")
        .render(
            contract=loaded.contract,
            suites=content["suites"],
            digest=digest,
            may_do=MAY_DO[loaded.contract.response.mode.value],
            disclaimer=DISCLAIMER,
        )
    )
    return MonitoringPlan(model=model, digest=digest, text=text)
