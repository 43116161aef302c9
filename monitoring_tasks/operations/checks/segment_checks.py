"""Whether the reference has the segments that objectives are about."""

from difflib import get_close_matches

from monitoring_tasks.compare.limit_checks import name_of
from monitoring_tasks.domain.texts import short_text
from monitoring_tasks.errors import RegistryError, TransientError
from monitoring_tasks.operations.checks.suite_checks import has_registry
from monitoring_tasks.workspace.workspace import Workspace

MOST_NAMES = 5
"""Values a sentence lists."""


def check_segments(workspace: Workspace, model: str) -> tuple[list[str], list[str]]:
    """Check whether the segments that objectives are about are in the reference.

    A segment that no row of the reference is in would be `no_data` every day: a fault.
    A note where only a sample of the reference's rows was kept, or the registry could
    not be asked. Nothing while the version that serves has no reference.

    Args:
        workspace: The workspace; only read.
        model: Registered model name.

    Returns:
        What has to be fixed, and what is worth knowing.
    """
    contract = workspace.contract(model)
    promised = [
        objective for objective in contract.objectives if "=" in objective.segment
    ]
    if not promised or not has_registry(workspace):
        return [], []
    try:
        version = workspace.registry.alias_version(model, contract.alias)
        reference = workspace.reference(model, version) if version else None
        rows = workspace.references.rows(model, version) if version else None
    except (RegistryError, TransientError) as error:
        return [], [f"objectives: segments were not looked up: {error}"]
    if reference is None or rows is None:
        return [], []
    from monitoring_tasks.rows.encoding import categories  # noqa: PLC0415 (heavy)

    lines = []
    for objective in promised:
        column, _, value = objective.segment.partition("=")
        if column not in rows:
            continue
        values = [
            str(category) for category in categories(rows[column]).value_counts().index
        ]
        if value in values:
            continue
        lines.append(
            f"objectives: {name_of(objective)}: no reference row of version {version} "
            f"has '{value}' in '{column}'; {_instead(value, values)}"
        )
    # A sample may lack a rare value: then its absence proves nothing.
    is_whole = len(rows) == reference.profile.rows
    return (lines, []) if is_whole else ([], lines)


def _instead(value: str, values: list[str]) -> str:
    """Name the value that was meant, else the most frequent ones."""
    near = get_close_matches(value, values, n=1)
    if near:
        return f"did you mean '{short_text(near[0])}'?"
    listed = ", ".join(short_text(frequent) for frequent in values[:MOST_NAMES])
    return f"it has {listed or 'no value'}"
