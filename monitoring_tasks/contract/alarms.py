"""The key `policy.alarms`: when alarms are gathered rather than told one by one."""

from typing import Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel


class AlarmPolicy(ContractModel):
    """How alarms about the same trouble become one.

    Attributes:
        flap_days: Valid days among which changes between good and confirmed bad are
            counted.
        flap_changes: So many changes, and the alarm flaps.
        calm_changes: So few, and it no longer does.
        reopen_days: Trouble that comes back within so many valid days of its end is
            the same incident.
        longest_silence_days: No silence lasts longer.
        upstreams: What the model shares with others beside its sources, by names of
            your own: a feature store, a scoring job.
    """

    flap_days: int = Field(default=14, ge=2)
    flap_changes: int = Field(default=4, ge=2)
    calm_changes: int = Field(default=2, ge=0)
    reopen_days: int = Field(default=7, ge=0)
    longest_silence_days: int = Field(default=14, ge=1, le=14)
    upstreams: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.calm_changes < self.flap_changes <= self.flap_days:
            msg = (
                f"calm_changes ({self.calm_changes}) have to be fewer than "
                f"flap_changes ({self.flap_changes}), and those fit in flap_days "
                f"({self.flap_days})"
            )
            raise ValueError(msg)
        return self
