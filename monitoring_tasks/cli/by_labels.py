"""What labels told last, beside the verdict of a day that still waits for its own."""

from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import styled
from monitoring_tasks.cli.terminal import assembled


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
