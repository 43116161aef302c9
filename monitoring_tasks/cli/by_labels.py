"""What labels told last, beside the verdict of a day that still waits for its own."""

from datetime import date
from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import styled
from monitoring_tasks.cli.terminal import assembled


def labelled_of(workspace: Any, model: str, day: date) -> dict[str, Any] | None:  # noqa: ANN401 (Workspace)
    """Give what labels told last; None where nothing is promised of labels."""
    from monitoring_tasks.learn.step import last_labelled
    from monitoring_tasks.operations.views.days import labelled_view

    return labelled_view(last_labelled(workspace, model), today=day)


def standing(row: dict[str, Any], labelled: dict[str, Any] | None) -> str | None:
    """Give the worse of today's verdict and of the last one that rests on labels."""
    from monitoring_tasks.domain.findings import Verdict, worst

    verdicts = [row.get("verdict"), labelled and labelled["verdict"]]
    known = [Verdict(verdict) for verdict in verdicts if verdict]
    return worst(known).value if known else None


def stands(line: dict[str, Any]) -> Text:
    """Write today's verdict, and below it what labels told if that is worse."""
    if line["standing"] == line["verdict"]:
        return styled(line["verdict"])
    return assembled(
        styled(line["verdict"]), "\n", styled(line["standing"]), " by labels"
    )


def by_labels(line: dict[str, Any]) -> list[str]:
    """Say what labels told last where today's verdict does not rest on them."""
    labelled = line["last_labelled"]
    if line["day"] is None or (labelled and labelled["day"].isoformat() == line["day"]):
        return []
    told = labelled["sentence"] if labelled else "no day has enough labels yet"
    return [f"{line['model']}: {told}"]
