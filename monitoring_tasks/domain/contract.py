"""The contract: what is expected of one model, declared and never guessed.

One `monitor.yaml` per model under `expectations/<model>/`. Unknown keys are
refused. `monitoring_tasks.contracts` reads the file; this module only says what
may stand in it.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from monitoring_tasks.domain.runs import daily_time
from monitoring_tasks.errors import ConfigurationError

NAME = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,200}$"
Ratio = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """Base of every part of a contract: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(StrEnum):
    """What the model predicts."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


class ResponseMode(StrEnum):
    """How far Daywatch may go without a person."""

    OBSERVE = "observe"
    DRY_RUN = "dry_run"
    APPROVE = "approve"
    AUTO = "auto"


COMPARISON_METRICS: Mapping[Problem, tuple[str, ...]] = {
    Problem.BINARY: ("roc_auc", "accuracy", "brier"),
    Problem.MULTICLASS: ("accuracy",),
    Problem.REGRESSION: ("mae", "rmse"),
}
"""What versions can be compared by; the first is what they are compared by unless
the contract says otherwise."""


class FileSource(Part):
    """Parquet or CSV files on a local folder or object storage.

    Attributes:
        path: fsspec URL or path, `{day}` stands for the ISO day, `*` may be used;
            relative paths start at the workspace. Without `{day}` the rows of the
            day are picked by `day_column`.
        format: `parquet` or `csv`.
        arrived_at: Column with the instant at which a row became known, if any.
        day_column: Column that picks the rows of a day: a date, or an instant. For
            predictions the timestamp column unless said otherwise.
        rename: Name in the source -> name in the contract.
    """

    kind: Literal["files"] = "files"
    path: str
    format: Literal["parquet", "csv"] = "parquet"
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = {}


class SqlSource(Part):
    """A table or view in any database SQLAlchemy can reach.

    Attributes:
        connection: Name of a connection (`DAYWATCH_CONN_<NAME>`, an Airflow
            Connection) or a SQLAlchemy URL without a password.
        table: Table or view, `schema.table` allowed.
        arrived_at: Column with the instant at which a row became known, if any.
        day_column: Column that picks the rows of a day: a date, or an instant. For
            predictions the timestamp column unless said otherwise.
        rename: Name in the source -> name in the contract.
    """

    kind: Literal["sql"]
    connection: str
    table: str
    arrived_at: str | None = None
    day_column: str | None = None
    rename: dict[str, str] = {}

    @field_validator("connection")
    @classmethod
    def _no_password(cls, value: str) -> str:
        # What SQLAlchemy itself takes for a password, and one among the options.
        if re.search(r"://[^:/]*:[^@]+@|[?&]password=", value):
            msg = (
                "a password does not belong in a contract; "
                "name a connection and set it in the environment or in Airflow"
            )
            raise ValueError(msg)
        return value


Source = Annotated[FileSource | SqlSource, Field(discriminator="kind")]


class Sources(Part):
    """Where predictions and labels come from."""

    predictions: Source
    labels: Source


class Columns(Part):
    """The role of every column Daywatch may read; anything else is left alone.

    Attributes:
        id: Identifies a prediction; labels are joined on it, one to one.
        timestamp: The instant a row is about; aware, or in the model's time zone.
        model_version: The registered version that scored the row.
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
    model_version: str
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


class Objective(Part):
    """A promise about one number; crossing it for long enough is a breach.

    Attributes:
        metric: e.g. `roc_auc`, `f1`, `brier`, `mae`, `error_ratio`.
        source: Which kind of number it is about.
        segment: `all`, or `column=value`.
        column: The protected attribute, for a gap between its groups.
        min: Smallest acceptable value.
        max: Largest acceptable value.
        max_drop: Largest acceptable loss against the version's own reference; the
            limit also leaves room for the reference's day-to-day spread.
    """

    metric: str
    source: Literal["realized", "estimated", "fairness", "service"]
    segment: str = "all"
    column: str = ""
    min: float | None = None
    max: float | None = None
    max_drop: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.min is None and self.max is None and self.max_drop is None:
            msg = "an objective needs at least one of min, max, max_drop"
            raise ValueError(msg)
        if self.min is not None and self.max is not None and self.min > self.max:
            msg = f"min ({self.min}) lies above max ({self.max}): nothing can meet it"
            raise ValueError(msg)
        return self


class Persistence(Part):
    """How many bad days out of how many valid ones confirm a breach."""

    bad_days: int = Field(default=2, ge=1)
    of_days: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.bad_days > self.of_days:
            msg = f"{self.bad_days} bad days cannot happen in {self.of_days} days"
            raise ValueError(msg)
        return self


class DriftPolicy(Part):
    """Which distance is judged for which column, and from where it warns.

    Attributes:
        continuous: Distance for continuous columns and the score.
        categorical: Distance for categorical columns.
        min_distance: A smaller distance never warns, however unusual.
        spreads: Distance over the reference's daily mean, in daily spreads.
        multivariate: Whether to reconstruct the rows by PCA (NannyML) as well.
    """

    continuous: Literal[
        "jensen_shannon", "hellinger", "kolmogorov_smirnov", "wasserstein", "psi"
    ] = "jensen_shannon"
    categorical: Literal["jensen_shannon", "hellinger", "l_infinity", "psi", "chi2"] = (
        "jensen_shannon"
    )
    min_distance: float = Field(default=0.1, ge=0)
    spreads: float = Field(default=4.0, gt=0)
    multivariate: bool = True


class VersionPolicy(Part):
    """How other registered versions are held against the live one.

    Attributes:
        when: `always`, or only on a day in `breach`.
        candidates: How many of the newest earlier versions to score.
        time_limit_seconds: After this a version that does not answer is given up.
        metric: The metric a version must be better by; left out, `roc_auc` for a
            binary model, `accuracy` for a multiclass one, `mae` for a regression.
        margin: The smallest gain anybody cares about, in units of the metric.
        pool_days: Days of the same version pooled for the comparison.
    """

    when: Literal["always", "breach"] = "breach"
    candidates: int = Field(default=2, ge=0)
    time_limit_seconds: float = Field(default=120, gt=0)
    metric: Literal["roc_auc", "accuracy", "brier", "mae", "rmse"] | None = None
    margin: float = Field(default=0.01, ge=0)
    pool_days: int = Field(default=3, ge=1)


class Policy(Part):
    """Every limit of the judgement; no such number stands in the code.

    Attributes:
        min_rows: Fewer rows than this are never judged.
        confidence: Level of every interval.
        persistence: When a breach counts as confirmed.
        label_coverage: Share of rows with a label from which a day is mature.
        look_back_days: How far back late labels re-open a day.
        max_action_age_days: Older days never page anyone nor move an alias.
        onset_days: A breach that began this soon after a version went live may be
            blamed on the version.
        cool_down_days: Days after an alias move before Daywatch may move it again.
        drift: Limits on drift.
        versions: How versions are compared.
        sample_rows: Size of the deterministic sample for row-level estimators.
        excluded_days: Days that are recorded and never judged.
        recovery_days: Consecutive good days after which an incident resolves.
    """

    min_rows: int = Field(default=100, ge=1)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    persistence: Persistence = Persistence()
    label_coverage: Ratio = 0.8
    look_back_days: int = Field(default=30, ge=0)
    max_action_age_days: int = Field(default=3, ge=0)
    onset_days: int = Field(default=28, ge=1)
    cool_down_days: int = Field(default=7, ge=0)
    drift: DriftPolicy = DriftPolicy()
    versions: VersionPolicy = VersionPolicy()
    sample_rows: int = Field(default=100_000, ge=1)
    excluded_days: tuple[date, ...] = ()
    recovery_days: int = Field(default=3, ge=1)


class BusinessValue(Part):
    """What each outcome of a binary decision is worth, in one currency unit."""

    true_positive: float = 0.0
    false_positive: float = 0.0
    true_negative: float = 0.0
    false_negative: float = 0.0


class Response(Part):
    """How far Daywatch may go for this model."""

    mode: ResponseMode = ResponseMode.OBSERVE


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
        policy: All limits.
        response: How far Daywatch may go.
    """

    model: str = Field(pattern=NAME)
    problem: Problem
    owners: tuple[str, ...] = Field(min_length=1)
    sources: Sources
    columns: Columns
    alias: str = Field(default="champion", pattern=NAME)
    tier: Literal[1, 2, 3] = 2
    timezone: str = "UTC"
    schedule: Schedule = CronSchedule()
    classes: tuple[str, ...] = ()
    value: BusinessValue | None = None
    objectives: tuple[Objective, ...] = ()
    policy: Policy = Policy()
    response: Response = Response()

    @field_validator("alias")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
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
    def zone(self) -> ZoneInfo:
        """The model's time zone."""
        return ZoneInfo(self.timezone)
