"""The last verdict that rests on labels, beside that of a day that waits for them."""

from typing import Any

from rich.text import Text

from monitoring_tasks.cli.output import styled
from monitoring_tasks.cli.terminal import assembled


def stands(line: dict[str, Any]) -> Text:
    """Return today's verdict, and below it the last one by labels if that is worse."""
    if line["standing"] == line["verdict"]:
        return styled(line["verdict"])
    return assembled(
        styled(line["verdict"]), "\n", styled(line["standing"]), " by labels"
    )


def by_labels(line: dict[str, Any]) -> list[str]:
    """Return the last verdict by labels where today's does not rest on them."""
    labelled = line["last_labelled"]
    if line["day"] is None or (labelled and labelled["day"].isoformat() == line["day"]):
        return []
    if labelled is None and line["fault"]:
        return []  # nobody could ask
    sentence = labelled["sentence"] if labelled else "no day has enough labels yet"
    return [f"{line['model']}: {sentence}"]
