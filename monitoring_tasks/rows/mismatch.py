"""Why labels that have come fit no prediction, if it can be seen."""

import re
from collections.abc import Callable, Mapping

import pyarrow as pa

from monitoring_tasks.domain.texts import quoted_text

LOOSER: Mapping[str, Callable[[str], str]] = {
    "zeros in front": lambda text: text.lstrip("0") or "0",
    "an empty fraction, as in 12.0": lambda text: re.sub(r"\.0+$", "", text),
    "spaces around them": str.strip,
    "capital letters": str.casefold,
    "signs such as hyphens": lambda text: re.sub(r"[\W_]", "", text),
    "the way they are written": lambda text: re.sub(
        r"\.0+$|[\W_]", "", text.casefold()
    ).lstrip("0"),
}
"""What is taken off ids, from the least to the most, to see whether they then meet."""
FEWEST = 0.5
"""Share of the ids without a partner that have to meet for a cause to be told."""


def why_apart(orphans: pa.Array, alone: pa.ChunkedArray, column: str) -> str:
    """Say in what the ids of labels differ from those of predictions; else nothing.

    Args:
        orphans: Ids of labels that fit no prediction, as text.
        alone: Ids of predictions without a label, as text.
        column: The column of the ids.
    """
    label_ids = [text for text in orphans.to_pylist() if text is not None]
    prediction_ids = [text for text in alone.to_pylist() if text is not None]
    if not label_ids or not prediction_ids:
        return ""
    for difference, read in LOOSER.items():
        met = {read(text): text for text in prediction_ids}
        fits = [text for text in label_ids if read(text) in met]
        if len(fits) >= FEWEST * min(len(label_ids), len(prediction_ids)):
            pair = f"{quoted_text(fits[0])} beside {quoted_text(met[read(fits[0])])}"
            return (
                f"{len(label_ids)} labels fit no prediction: their '{column}' differs "
                f"in {difference} ({pair}); write it the same way in both sources"
            )
    return ""
