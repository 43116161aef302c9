"""The key `columns`: the role of every column Daywatch may read."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.version_names import NUMBER

VersionColumn = Annotated[
    str,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {
                        "column": {"type": "string"},
                        "map": {"type": "object"},
                    },
                    "required": ["column", "map"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


def version_parts(declared: Mapping[object, object]) -> dict[str, object]:
    """Take `{column, map}` apart into `model_version` and `version_map`.

    Raises:
        ValueError: If it is not of that form, or a version is no number.
    """
    named = declared.get("map")
    if set(declared) != {"column", "map"} or not isinstance(named, Mapping):
        msg = (
            "model_version is a column's name, or {column: NAME, map: {VALUE: VERSION}}"
        )
        raise ValueError(msg)
    mapped = {str(value): str(version) for value, version in named.items()}
    wrong = [version for version in mapped.values() if not NUMBER.fullmatch(version)]
    if wrong:
        msg = (
            f"model_version.map: '{wrong[0][:40]}' is no version; the registry numbers "
            "them 1, 2, 3"
        )
        raise ValueError(msg)
    return {"model_version": declared["column"], "version_map": mapped}


class Columns(ContractModel):
    """The role of every column Daywatch may read; anything else is left alone.

    Attributes:
        id: Identifies a prediction; labels are joined on it, one to one.
        timestamp: The instant a row is about; aware, or in the model's time zone.
        model_version: The registered version that scored the row: a column, or
            `{column: ..., map: {value: version}}` where it holds other names.
        version_map: The `map` of `model_version`; not written by itself.
        score: Probability of the positive class (binary); one column per class,
            `class: column` (multiclass).
        prediction: Predicted class or value.
        label: The truth, in the label source.
        continuous: Numeric features.
        categorical: Categorical features.
        calendar: Features that follow the calendar; kept out of daily drift.
        latency: Seconds the row took to score.
        error: True where scoring failed.
        protected: Protected attributes, for fairness.
        segments: Columns whose values are watched one by one.
    """

    id: str
    timestamp: str
    model_version: VersionColumn
    prediction: str
    label: str
    score: str | dict[str, str] | None = None
    continuous: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    latency: str | None = None
    error: str | None = None
    protected: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    version_map: SkipJsonSchema[dict[str, str]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _versions_mapped(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        declared = value.get("model_version")
        if not isinstance(declared, Mapping):
            return value
        return {**value, **version_parts(declared)}

    @property
    def scores(self) -> tuple[str, ...]:
        """The score columns, however they were declared."""
        if isinstance(self.score, dict):
            return tuple(self.score.values())
        return (self.score,) if self.score else ()

    @property
    def outputs(self) -> frozenset[str]:
        """What comes out of the model: the scores and the prediction."""
        return frozenset(filter(None, (*self.scores, self.prediction)))

    @property
    def features(self) -> tuple[str, ...]:
        """What a registered version needs to score a row again, each once."""
        return tuple(
            dict.fromkeys((*self.continuous, *self.categorical, *self.calendar))
        )

    @property
    def named(self) -> tuple[str, ...]:
        """The columns whose values are names: categories, groups, segments."""
        return tuple(dict.fromkeys((*self.features, *self.protected, *self.segments)))

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns of a prediction whose values are few names, each many times."""
        split = (*self.protected, *self.segments)
        return tuple(dict.fromkeys((self.model_version, *self.categorical, *split)))

    @property
    def of_predictions(self) -> tuple[str, ...]:
        """Every declared column of the prediction source, each once."""
        optional = [self.latency, self.error]
        return tuple(
            dict.fromkeys(
                (
                    self.id,
                    self.timestamp,
                    self.model_version,
                    *self.scores,
                    self.prediction,
                    *self.features,
                    *(name for name in optional if name),
                    *self.protected,
                    *self.segments,
                )
            )
        )

    @model_validator(mode="after")
    def _one_role_each(self) -> Self:
        roles = [*self.continuous, *self.categorical, *self.calendar]
        twice = sorted({name for name in roles if roles.count(name) > 1})
        if twice:
            msg = f"declared as a feature more than once: {', '.join(twice)}"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _no_truth_nor_output_among_the_inputs(self) -> Self:
        if self.label in self.of_predictions:
            msg = (
                f"the label '{self.label}' is also declared as a column of the "
                "predictions; take it out of the other role: a version that needs the "
                "truth to score cannot be right"
            )
            raise ValueError(msg)
        outputs = sorted({self.prediction, *self.scores} & set(self.features))
        if outputs:
            msg = (
                f"declared both as output and as a feature: {', '.join(outputs)}; what"
                " a version gives cannot be what it is scored on"
            )
            raise ValueError(msg)
        return self
