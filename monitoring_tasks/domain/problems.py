"""The kinds of problem a model may solve."""

from enum import StrEnum


class Problem(StrEnum):
    """What the model predicts."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"
