"""The contract: what is expected of one model, declared and never guessed.

One `monitor.yaml` per model under `expectations/<model>/`. Unknown keys are
refused. `monitoring_tasks.contract.files` reads the file; this module only says what
may stand in it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    Discriminator,
    Field,
    Tag,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from monitoring_tasks.contract.contract_model import Part
from monitoring_tasks.contract.policy import BusinessValue, Objective, Policy
from monitoring_tasks.contract.promise_checks import promise_faults
from monitoring_tasks.contract.response import Response
from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.contract.sources import Sources
from monitoring_tasks.domain.metrics import comparison_metrics
from monitoring_tasks.domain.problems import Problem
from monitoring_tasks.domain.runs import daily_time
from monitoring_tasks.domain.version_names import NUMBER
from monitoring_tasks.errors import ConfigurationError

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


COMPARISON_METRICS: Mapping[Problem, tuple[str, ...]] = {
    problem: comparison_metrics(problem) for problem in Problem
}
"""What versions can be compared by; the first is what they are compared by unless
the contract says otherwise."""


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


class Columns(Part):
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


class CronSchedule(Part):
    """Run by the clock, in the contract's time zone."""

    cron: str = "0 6 * * *"

    @field_validator("cron")
    @classmethod
    def _once_a_day(cls, value: str) -> str:
        try:
            daily_time(value)
        except ConfigurationError as error:
            raise ValueError(str(error)) from error
        return value


class AssetSchedule(Part):
    """Run when every named Airflow asset has the partition of the day."""

    assets: tuple[str, ...] = Field(min_length=1)


def _schedule_kind(value: object) -> str:
    if isinstance(value, dict):
        return "AssetSchedule" if "assets" in value else "CronSchedule"
    return type(value).__name__


Schedule = Annotated[
    Annotated[CronSchedule, Tag("CronSchedule")]
    | Annotated[AssetSchedule, Tag("AssetSchedule")],
    Discriminator(_schedule_kind),
]


class Contract(Part):
    """All that is expected of one model.

    Attributes:
        model: Registered model name in MLflow.
        alias: The registry alias consumers resolve.
        problem: What the model predicts.
        tier: 1 (business critical) to 3.
        owners: Who is told.
        timezone: The model's own time zone; its days are calendar days there.
        schedule: When a day is monitored.
        sources: Where the rows are.
        columns: The role of every column.
        classes: Class names (multiclass), in a fixed order.
        value: Worth of each outcome (binary).
        objectives: What is promised.
        slos: What is promised over many days.
        policy: All limits.
        response: How far Daywatch may go.
    """

    model: str
    problem: Problem
    owners: tuple[str, ...] = Field(min_length=1)
    sources: Sources
    columns: Columns
    alias: str = "champion"
    tier: Literal[1, 2, 3] = 2
    timezone: str = "UTC"
    schedule: Schedule = CronSchedule()
    classes: tuple[str, ...] = ()
    value: BusinessValue | None = None
    objectives: tuple[Objective, ...] = ()
    slos: tuple[Slo, ...] = ()
    policy: Policy = Policy()
    response: Response = Response()

    @field_validator("model")
    @classmethod
    def _can_be_a_model(cls, value: str) -> str:
        return checked_model_name(value)

    @field_validator("alias")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if not re.fullmatch(NAME, value):
            msg = (
                f"{value!r} is no name for an alias: letters, digits, _ and - only, "
                "beginning with a letter or a digit"
            )
            raise ValueError(msg)
        if re.fullmatch(r"latest|v\d+", value, flags=re.IGNORECASE):
            msg = f"'{value}' is reserved by MLflow; choose another alias"
            raise ValueError(msg)
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            msg = f"'{value}' is not a time zone of the IANA database"
            raise ValueError(msg)
        return value

    @field_validator("slos")
    @classmethod
    def _named_once(cls, value: tuple[Slo, ...]) -> tuple[Slo, ...]:
        names = [slo.name for slo in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"more than one has the name {', '.join(twice)}; rename one"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _columns_fit_problem(self) -> Self:
        score = self.columns.score
        if self.problem is Problem.BINARY and not isinstance(score, str):
            msg = "a binary model needs columns.score: the probability's column"
            raise ValueError(msg)
        if self.problem is Problem.MULTICLASS:
            if not isinstance(score, dict):
                msg = "a multiclass model needs columns.score: {class: column}"
                raise ValueError(msg)
            if set(score) != set(self.classes):
                msg = "columns.score must name exactly the classes of `classes`"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _promises_can_be_measured(self) -> Self:
        """Refuse each promise under its own key, so that the line can be named."""
        faults = [
            InitErrorDetails(
                type=PydanticCustomError("promise", "{text}", {"text": text}),
                loc=place,
                input=None,
            )
            for place, text in promise_faults(self)
        ]
        if faults:
            raise ValidationError.from_exception_data("Contract", faults)
        return self

    @model_validator(mode="after")
    def _metric_fits_problem(self) -> Self:
        possible = COMPARISON_METRICS[self.problem]
        if self.policy.versions.metric not in {None, *possible}:
            msg = (
                f"policy.versions.metric: a {self.problem} model can be compared by "
                f"{', '.join(possible)}"
            )
            raise ValueError(msg)
        return self

    @property
    def comparison_metric(self) -> str:
        """The metric by which versions are compared."""
        return self.policy.versions.metric or COMPARISON_METRICS[self.problem][0]

    @property
    def estimates_classes(self) -> bool:
        """Whether it is of classes whose metrics are estimated before labels come.

        NannyML takes three and more; two are estimated as a binary problem.
        """
        return self.problem is Problem.MULTICLASS and len(self.classes) > 2  # noqa: PLR2004

    @property
    def measures_rows(self) -> bool:
        """Whether some number of a day cannot be told from counts."""
        drift = self.policy.drift
        is_binary = self.problem is Problem.BINARY
        return not is_binary or drift.multivariate or drift.domain_classifier

    @property
    def longest_horizon(self) -> int:
        """How many days are pooled at most; 1 where nothing is promised."""
        return max(h.days for h in self.policy.horizons) if self.objectives else 1

    @property
    def zone(self) -> ZoneInfo:
        """The model's time zone."""
        return ZoneInfo(self.timezone)
