"""The key `governance`: what people answer for, said by people and never guessed."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from monitoring_tasks.contract.contract_model import ContractModel

UNASSESSED = "unassessed"
"""Nobody has said yet; never read as harmless."""


class Governance(ContractModel):
    """What the model is for and who answers for it; it changes no verdict.

    Daywatch records what stands here and derives nothing from it. No legal advice.

    Attributes:
        intended_purpose: What the model is used for, in a sentence.
        affected_persons: Whom its outputs touch.
        organisation_role: What the organisation is to the system, in the words of
            Regulation (EU) 2024/1689; None while nobody has said.
        risk_class: The class a person has put it in, in the organisation's own words.
        validated_on: When it was last validated by somebody independent.
        next_validation: By when it is to be validated again.
    """

    intended_purpose: str = ""
    affected_persons: str = ""
    organisation_role: Literal["provider", "deployer", "both"] | None = None
    risk_class: str = Field(default=UNASSESSED, min_length=1, max_length=80)
    validated_on: date | None = None
    next_validation: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        validated, following = self.validated_on, self.next_validation
        if validated and following and following <= validated:
            msg = (
                f"next_validation ({following}) does not lie after validated_on "
                f"({validated}); say when the model is to be validated again"
            )
            raise ValueError(msg)
        return self
