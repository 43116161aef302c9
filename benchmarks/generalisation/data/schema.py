"""Which column is what, under the same names for every data set."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from monitoring_tasks.domain.problems import Problem

if TYPE_CHECKING:
    import pandas as pd

ID, TIME, VERSION = "row_id", "at", "model_version"
SCORE, PREDICTION, LABEL, ARRIVED = "score", "prediction", "label", "arrived_at"
SERVED = "2"
"""The version that serves when nothing is wrong."""
OLDER = "1"
"""An older and weaker version: a rollback to it never helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of a data set.

    Attributes:
        problem: What is predicted.
        continuous: Numeric inputs.
        categorical: Inputs that are text.
        classes: Labels of a multiclass problem; else none.
        segments: Inputs the contract declares as segments.
    """

    problem: Problem
    continuous: tuple[str, ...]
    categorical: tuple[str, ...]
    classes: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    @property
    def features(self) -> list[str]:
        """All inputs, numbers first."""
        return [*self.continuous, *self.categorical]

    @property
    def outputs(self) -> list[str]:
        """Columns with scores; of a regression that of the prediction."""
        match self.problem:
            case Problem.BINARY:
                return [SCORE]
            case Problem.MULTICLASS:
                return [f"p_{name}" for name in self.classes]
            case Problem.REGRESSION:
                return [PREDICTION]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A day as it is delivered.

    Attributes:
        predictions: One row a prediction: id, instant, version, inputs, outputs.
        labels: Id, label and the instant it became known.
    """

    predictions: "pd.DataFrame"
    labels: "pd.DataFrame"

    def with_values(self, **values: Any) -> "Batch":  # noqa: ANN401 (any column)
        """Return the batch with other columns in its predictions."""
        return replace(self, predictions=self.predictions.assign(**values))

    def with_labels(self, **values: Any) -> "Batch":  # noqa: ANN401 (any column)
        """Return the batch with other columns in its labels."""
        return replace(self, labels=self.labels.assign(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Rows with their labels.

    Attributes:
        name: Short name.
        about: What is real in it and what is made.
        schema: Which column is what.
        read: Reads the rows: inputs and `label`; `at` where the rows have a real
            instant, `block` where some of them belong together and stay on one day.
        timezone: In which its days are cut.
    """

    name: str
    about: str
    schema: Schema
    read: Callable[[], "pd.DataFrame"] = field(repr=False)
    timezone: str = "UTC"
