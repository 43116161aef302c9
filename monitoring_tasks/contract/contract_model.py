"""What every part of a contract has in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of every part of a contract: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
