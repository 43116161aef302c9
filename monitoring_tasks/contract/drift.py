"""The key `policy.drift`: which distance is judged, and from where it warns."""

from typing import Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel


class DriftPolicy(ContractModel):
    """Which distance is judged for which column, and from where it warns.

    Attributes:
        continuous: Distance for continuous columns, scores and predicted numbers.
        categorical: Distance for categorical columns and the one of many classes.
        min_distance: A smaller distance never warns, however unusual.
        false_alarm: Probability that a column of a healthy day crosses its limit.
        multivariate: Whether to reconstruct the rows by PCA (NannyML) as well.
        domain_classifier: Whether to tell a day's rows from the reference's by a
            classifier (NannyML) as well; about a second a day.
        segments: Whether the columns are judged in every declared segment as well;
            measured there they are in any case.
    """

    continuous: Literal[
        "jensen_shannon", "hellinger", "kolmogorov_smirnov", "wasserstein", "psi"
    ] = "jensen_shannon"
    categorical: Literal["jensen_shannon", "hellinger", "l_infinity", "psi", "chi2"] = (
        "jensen_shannon"
    )
    min_distance: float = Field(default=0.1, ge=0)
    false_alarm: float = Field(default=0.001, gt=0, le=0.2)
    multivariate: bool = True
    domain_classifier: bool = False
    segments: bool = False

    @model_validator(mode="after")
    def _counted_in_segments(self) -> Self:
        if self.segments and self.continuous in {"kolmogorov_smirnov", "wasserstein"}:
            msg = (
                f"drift.segments: {self.continuous} is not measured in segments, whose "
                "rows have no fine bins; choose jensen_shannon, hellinger or psi"
            )
            raise ValueError(msg)
        return self
