"""What every part of a contract has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Ratio = Annotated[float, Field(ge=0, le=1)]
"""A share, 0..1."""


class ContractModel(BaseModel):
    """Base of every part of a contract: immutable, unknown keys refused."""

    # Built when first read, as a part of the whole: not twice, and not at import.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
