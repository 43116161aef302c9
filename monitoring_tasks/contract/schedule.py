"""The key `schedule`: when a day is judged."""

from typing import Annotated

from pydantic import Discriminator, Field, Tag, field_validator

from monitoring_tasks.contract.contract_model import ContractModel
from monitoring_tasks.domain.runs import daily_time
from monitoring_tasks.errors import ConfigurationError


class CronSchedule(ContractModel):
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


class AssetSchedule(ContractModel):
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
