"""A reference logged for a version that had none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitoring_tasks.operations.references import log_reference
from monitoring_tasks.workspace.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReference:
    """A reference that was made for a version that had none.

    Attributes:
        version: The version.
        origin: The file its rows are of; empty for the version's first days.
        first_day: The first of its days.
        last_day: The last.
        warnings: What it cannot do.
        has_labels: Whether its rows have labels.
    """

    version: str
    first_day: date
    last_day: date
    warnings: tuple[str, ...]
    has_labels: bool = True
    origin: str = ""

    @property
    def sentence(self) -> str:
        """What was made of what."""
        rows = "rows and labels" if self.has_labels else "rows without labels"
        source = f"{rows} of {self.origin or 'its first days'}"
        return (
            f"made the reference of version {self.version} from {source}, "
            f"{self.first_day} to {self.last_day}; later days are compared with it"
        )


def log_rows(
    workspace: Workspace,
    model: str,
    version: str,
    rows: "pd.DataFrame",
    *,
    days: Sequence[date],
) -> FirstReference:
    """Log rows as a reference; training nobody recorded is taken to end before them.

    Args:
        workspace: The workspace.
        model: Registered model name.
        version: The version that scored them.
        rows: As `log_reference` takes them. Not modified.
        days: Calendar days of the rows, in any order; at least one.

    Raises:
        ConfigurationError: If the version has a reference already.
        DataError: If the rows make no reference.
        RegistryError: If the version is not registered.
    """
    first, last = min(days), max(days)
    trained, warnings = workspace.registry.version(model, version).trained_until, []
    if trained is None:
        trained = first - timedelta(days=1)
        warnings.append(
            f"nobody recorded when version {version} was trained: taken to be before "
            f"{first}; tag it `daywatch.trained_until` if that is wrong"
        )
    _, review = log_reference(workspace, model, version, rows, trained_until=trained)
    return FirstReference(
        version=version,
        first_day=first,
        last_day=last,
        warnings=(*warnings, *review.warnings),
        has_labels=review.labelled > 0,
    )
