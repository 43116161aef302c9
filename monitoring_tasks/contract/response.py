"""The key `response`: how far Daywatch may go when a version should be put back."""

from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.autonomy import AUTONOMY_LEVELS, ResponseMode
from monitoring_tasks.domain.decisions import Severity


class Autonomy(ContractModel):
    """What must have been seen before `auto` moves an alias unasked.

    Attributes:
        decisions: Earlier decisions of the model a person has said were right or
            wrong. 0 grants `auto` at once: the owners answer for it.
        agreement: Smallest share of them that was right.
    """

    decisions: int = Field(default=20, ge=0)
    agreement: Annotated[float, Field(ge=0, le=1)] = 0.95


class Freeze(ContractModel):
    """Days on which nothing is moved, e.g. the end of the year.

    Attributes:
        first: First day, in the model's own time zone.
        last: Last day, included.
        reason: Why; shown to whoever is held back.
    """

    first: date
    last: date
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            msg = f"a freeze from {self.first} to {self.last} freezes no day"
            raise ValueError(msg)
        return self


class AirflowAlert(ContractModel):
    """A last task of the model's DAG that ends badly on a grave day.

    For alerting that looks at Airflow already: what watches for failed or skipped
    tasks sees the day without asking Daywatch. Only live runs answer to it.

    Attributes:
        severity: Least grave severity the task answers to.
        task: How it ends then. `failed` fails the run of the DAG as well.
    """

    severity: Literal[Severity.P0, Severity.P1, Severity.P2] = Severity.P1
    task: Literal["failed", "skipped"] = "failed"


class ScoringProcess(ContractModel):
    """The process that scores rows with registered versions.

    Attributes:
        python: Absolute path of the interpreter; left out, the one that runs
            Daywatch. For models whose libraries are other versions than ours.
    """

    python: str = ""

    @field_validator("python")
    @classmethod
    def _absolute(cls, path: str) -> str:
        if path and not PurePosixPath(path).is_absolute():
            msg = (
                f"{path!r} is no absolute path; name the interpreter in full, e.g. "
                "/opt/scoring/bin/python"
            )
            raise ValueError(msg)
        return path


class Response(ContractModel):
    """How far Daywatch may go for this model, and what holds it back.

    Attributes:
        mode: The highest level; what has been earned or taken away may be lower.
        autonomy: What `auto` has to be earned by.
        decision_hours: How long a decision may be acted on, or approved.
        bake_days: Good valid days the version put back must serve to be verified.
        automatic_every_days: Calendar days in which there is one automatic move at
            most.
        target_tags: Tags a version must carry to be put back, e.g.
            `validation_status: approved`.
        max_target_age_days: A version whose training ended longer ago is too old.
        fallback: Registered version, rules rather than learnt, that is tried besides
            the earlier ones.
        freezes: Days on which nothing is moved.
        consumers: Who reads the predictions and is to be told when they change.
        airflow_alert: When the DAG's task `alert` fails or is skipped; without it the
            DAG has no such task.
        scoring: With which Python other versions are scored.
    """

    mode: ResponseMode = ResponseMode.OBSERVE
    autonomy: Autonomy = Autonomy()
    decision_hours: float = Field(default=24, gt=0)
    bake_days: int = Field(default=3, ge=1)
    automatic_every_days: int = Field(default=28, ge=0)
    target_tags: dict[str, str] = Field(default_factory=dict)
    max_target_age_days: int = Field(default=365, ge=1)
    fallback: str | None = Field(default=None, pattern=r"^[0-9]+$")
    freezes: tuple[Freeze, ...] = ()
    consumers: tuple[str, ...] = ()
    airflow_alert: AirflowAlert | None = None
    scoring: ScoringProcess = ScoringProcess()


def lower(left: ResponseMode, right: ResponseMode) -> ResponseMode:
    """Return the lower of two levels.

    Args:
        left: One level.
        right: Another.

    >>> lower(ResponseMode.AUTO, ResponseMode.APPROVE).value
    'approve'
    """
    return min(left, right, key=AUTONOMY_LEVELS.index)
