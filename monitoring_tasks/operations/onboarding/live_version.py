"""Whether the version that serves can be judged: reference, libraries, scoring."""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from monitoring_tasks.operations.onboarding.detectable import detectable
from monitoring_tasks.operations.onboarding.live_lines import LiveLine, Status
from monitoring_tasks.store.flavours import libraries_named, try_flavours
from monitoring_tasks.workspace.scoring_again import Rescorer
from monitoring_tasks.workspace.workspace import Workspace

SCORED_ROWS = 200
OLD_REFERENCE_DAYS = 365


def reference_line(
    workspace: Workspace, model: str, version: str, *, day: date | None
) -> LiveLine:
    """Return whether the version has a reference that can teach limits.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version that serves.
        day: The newest day with predictions, which says how old the reference is; None
            where it is not known.
    """
    reference = workspace.reference(model, version)
    if reference is None:
        text = (
            f"version {version} has none: `daywatch try {model}` makes "
            "one of its first days, `daywatch reference` of held-out rows"
        )
        return LiveLine(about="reference", status="warn", text=text)
    text = (
        f"version {version}: {reference.profile.rows} rows, "
        f"{reference.first_day} to {reference.last_day}"
    )
    status: Status = "ok"
    needed = workspace.contract(model).policy.min_reference_days
    if reference.baseline is None or reference.baseline.days < needed:
        baseline_days = reference.baseline.days if reference.baseline else 0
        status = "warn"
        text += (
            f"; no baseline of the data: {baseline_days} days of policy.min_rows rows, "
            f"{needed} are needed"
        )
    if day is not None:
        age = (day - reference.last_day).days
        if age > OLD_REFERENCE_DAYS:
            status, text = "warn", f"{text}; it is {age} days old"
    return LiveLine(about="reference", status=status, text=text)


def library_lines(workspace: Workspace, model: str, version: str) -> Iterator[LiveLine]:
    """Yield whether the libraries the version names can score, each fault a line.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version that serves.
    """
    named = libraries_named(workspace.artifacts.folder(model, version))
    python = workspace.contract(model).response.scoring.python
    # Where no interpreter is named, versions are scored by this one.
    tried = try_flavours(named, python=python or sys.executable)
    faults = [fault for fault in tried.values() if fault]
    where = f" in {python} (response.scoring.python)" if python else ""
    for fault in faults:
        yield LiveLine(about="libraries", status="fault", text=f"{fault}{where}")
    if tried and not faults:
        text = (
            f"{', '.join(tried)}: a pipeline is fitted and scored as installed{where}"
        )
        yield LiveLine(about="libraries", status="ok", text=text)


def scoring_line(
    workspace: Workspace, model: str, version: str, table: pa.Table
) -> LiveLine:
    """Return whether the version gives again what was logged of a day's rows.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version that serves.
        table: Rows of the newest day.
    """
    # Versions are text in the registry and may be numbers in the rows.
    served = table[workspace.contract(model).columns.model_version].cast("string")
    frame = table.to_pandas()[[value == version for value in served.to_pylist()]].head(
        SCORED_ROWS
    )
    if frame.empty:
        text = f"no row of the day is of version {version}; not tried"
        return LiveLine(about="scoring", status="warn", text=text)
    with tempfile.TemporaryDirectory(prefix="daywatch-") as scratch:
        rescorer = Rescorer(
            workspace=workspace,
            model=model,
            version=version,
            example=frame,
            folder=Path(scratch),
        )
        rescorer.rescore(frame)
    if rescorer.remark:
        text = (
            f"{rescorer.remark}; versions cannot be compared or proven better, nor "
            "outputs held against theirs (policy.versions.rescore)"
        )
        return LiveLine(about="scoring", status="warn", text=text)
    text = (
        f"version {version} gives what was logged for {len(frame)} rows, in a "
        "process of its own"
    )
    return LiveLine(about="scoring", status="ok", text=text)


def detection_lines(
    workspace: Workspace, model: str, version: str
) -> Iterator[LiveLine]:
    """Yield which loss of each objective shows at the model's volume.

    Nothing while the version has no reference: nothing is known of its noise.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version that serves.
    """
    reference = workspace.reference(model, version)
    if reference is None:
        return
    contract = workspace.contract(model)
    for objective in contract.objectives:
        shown = detectable(objective, reference, contract.policy)
        if shown:
            yield LiveLine(about="detection", status=shown.status, text=shown.text)
