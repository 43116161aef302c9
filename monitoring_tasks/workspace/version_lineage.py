"""Where versions come from: what the registry and the runs that made them say."""

from collections.abc import Sequence

from monitoring_tasks.domain.root_cause import LOOK_BACK_DAYS, VersionFacts
from monitoring_tasks.store.training_runs import TrainingRuns
from monitoring_tasks.workspace.day import Day
from monitoring_tasks.workspace.unread_parts import or_why
from monitoring_tasks.workspace.workspace import Workspace

MOST_VERSIONS = 4


def training_runs_of(workspace: Workspace) -> TrainingRuns:
    """Return the runs that made the versions of a workspace's models."""
    settings = workspace.settings
    return TrainingRuns(settings.registry_url, tracking_url=settings.tracking_url)


def version_facts(
    workspace: Workspace, model: str, version: str, *, no_runs: str = ""
) -> VersionFacts:
    """Return what the registry and its run say of a version.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.
        version: Registered version.
        no_runs: Why runs are not asked for; empty where they are.

    Raises:
        MonitoringError: If the registry does not answer.
    """
    known = next((v for v in workspace.versions(model) if v.version == version), None)
    if known is None:
        return VersionFacts(version=version, reason="the registry does not have it")
    unread = {"run": no_runs}
    runs = training_runs_of(workspace)
    run = (
        or_why(lambda: runs.read(known.run_id), unread, "run")
        if known.run_id and not no_runs
        else None
    )
    return VersionFacts(
        version=version,
        tags=known.tags,
        git_commit=known.git_commit,
        run=run,
        reason=unread["run"],
    )


def versions_in_question(day: Day, version: str | None) -> Sequence[VersionFacts]:
    """Return the version that served, those it was held against, the one before it.

    Args:
        day: The day.
        version: The version that served it; None where nobody knows.
    """
    evaluation = day.evaluation
    earlier = [e.version for e in reversed(day.past.evaluations(LOOK_BACK_DAYS))]
    named = [
        version,
        evaluation.rollback_to,
        *(comparison.version for comparison in evaluation.comparisons),
        next((v for v in earlier if v and v != version), None),
    ]
    numbers = list(dict.fromkeys(v for v in named if v and v.isdigit()))
    facts: list[VersionFacts] = []
    for number in numbers[:MOST_VERSIONS]:
        # A server that did not answer about one run is not waited for again.
        why = next((f.reason for f in facts if "did not answer" in f.reason), "")
        facts.append(version_facts(day.workspace, day.model, number, no_runs=why))
    return facts
