"""The key `policy.weak_segments`: how the segments that do worst are searched."""

from typing import Literal

from pydantic import Field

from monitoring_tasks.contract.contract_model import ContractModel


class WeakSegmentPolicy(ContractModel):
    """How segments of the rows are searched on which the model does worst.

    Attributes:
        when: On every day in `breach`, or only when somebody asks.
        days: Fit days of the same version whose labelled rows are searched together.
        depth: Most conditions a segment may have.
        min_rows: Rows a segment needs in each half of the sample.
        sample_rows: Most rows searched; picked by a hash of the id.
        most: Segments told.
    """

    when: Literal["breach", "never"] = "breach"
    days: int = Field(default=7, ge=1, le=92)
    depth: int = Field(default=3, ge=1, le=3)
    min_rows: int = Field(default=100, ge=20)
    sample_rows: int = Field(default=20_000, ge=100)
    most: int = Field(default=5, ge=1)
