"""The contract: what is expected of one model, declared and never guessed.

One `monitor.yaml` per model under `expectations/<model>/`. Unknown keys are
refused. Every key has a module of its name in this folder; `files` reads the file.
"""

import re
from typing import Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from monitoring_tasks.contract.columns import Columns
from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.contract.governance import Governance
from monitoring_tasks.contract.model import NAME, checked_model_name
from monitoring_tasks.contract.notify import Notify
from monitoring_tasks.contract.objectives import Objective
from monitoring_tasks.contract.policy import Policy
from monitoring_tasks.contract.promise_checks import promise_faults
from monitoring_tasks.contract.response import Response
from monitoring_tasks.contract.roles import Roles
from monitoring_tasks.contract.schedule import CronSchedule, Schedule
from monitoring_tasks.contract.slos import Slo
from monitoring_tasks.contract.sources import Sources
from monitoring_tasks.contract.value import BusinessValue
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.metrics import comparison_metrics
from monitoring_tasks.domain.problems import Problem


class Contract(ContractModel):
    """All that is expected of one model.

    Attributes:
        model: Registered model name in MLflow.
        alias: The registry alias consumers resolve.
        problem: What the model predicts.
        tier: 1 (business critical) to 3.
        owners: Who answers for the model; addresses of e-mail are written to.
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
        notify: Who is told of what, and who is asked next.
        roles: Who leads the response, and who does what.
        governance: What the model is for, and who answers for it.
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
    notify: Notify = Notify()
    roles: Roles = Roles()
    governance: Governance = Governance()

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
                loc=keys,
                input=None,
            )
            for keys, text in promise_faults(self)
        ]
        if faults:
            raise ValidationError.from_exception_data("Contract", faults)
        return self

    @property
    def comparison_metric(self) -> str:
        """The metric by which versions are compared."""
        return self.policy.versions.metric or comparison_metrics(self.problem)[0]

    @property
    def estimates_classes(self) -> bool:
        """Whether it is of classes whose metrics are estimated before labels come.

        NannyML takes three and more; two are estimated as a binary problem.
        """
        return self.problem is Problem.MULTICLASS and len(self.classes) > 2  # noqa: PLR2004

    @property
    def measures_rows(self) -> bool:
        """Whether some number of a day cannot be told from counts."""
        is_binary = self.problem is Problem.BINARY
        classifies = self.policy.drift.domain_classifier
        return not is_binary or self.rebuilds_rows or classifies

    @property
    def rebuilds_rows(self) -> bool:
        """Whether rows are held against themselves rebuilt (multivariate drift)."""
        return self.problem is Problem.BINARY and self.policy.drift.multivariate

    @property
    def kept_rows(self) -> int:
        """How many rows of a day are kept where the others stay with their source."""
        return max(self.policy.sample_rows, self.policy.weak_segments.sample_rows)

    @property
    def longest_horizon(self) -> int:
        """How many days are pooled at most; 1 where nothing is promised."""
        return max(h.days for h in self.policy.horizons) if self.objectives else 1

    def is_past_hard(self, number: Measurement) -> bool:
        """Whether a number's whole interval lies past a hard limit of an objective."""
        return any(objective.is_past_hard(number) for objective in self.objectives)

    @property
    def zone(self) -> ZoneInfo:
        """The model's time zone."""
        return ZoneInfo(self.timezone)
