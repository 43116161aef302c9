"""What a model and its alias may be called: the keys `model` and `alias`."""

import re

NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,200}"
"""What an alias may be called."""


MODEL_NAME = rf"{NAME}(\.{NAME})*"
"""What a model may be called; the dots are those of Unity Catalog."""


MAX_MODEL_NAME = 200
"""An Airflow DAG id holds 250 characters, a file name 255 bytes."""


def checked_model_name(name: str) -> str:
    """Return a model's name, which is also that of its folder, files and DAGs.

    Raises:
        ValueError: If it cannot be all of these.
    """
    if len(name) > MAX_MODEL_NAME or not re.fullmatch(MODEL_NAME, name):
        msg = (
            f"{name[:60]!r} is no name for a model: letters, digits, _ and - only, in "
            "parts joined by single dots (catalog.schema.model), at most "
            f"{MAX_MODEL_NAME} characters"
        )
        raise ValueError(msg)
    return name
