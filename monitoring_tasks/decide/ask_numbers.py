"""The form of a question to an earlier step that a day's numbers alone answer."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from monitoring_tasks.contract.contract import Contract
from monitoring_tasks.domain.findings import Measurement
from monitoring_tasks.domain.reference import ReferenceProfile

Answer_co = TypeVar("Answer_co", covariant=True)


class AskNumbers(Protocol[Answer_co]):
    """What an earlier step can tell of a day from its numbers alone."""

    def __call__(
        self,
        measurements: Sequence[Measurement],
        references: Mapping[str, ReferenceProfile],
        contract: Contract,
        *,
        day: date,
    ) -> Answer_co:
        """Answer for the day.

        Args:
            measurements: The numbers of the day.
            references: Reference profile by version; a version may lack one.
            contract: What is promised of the numbers.
            day: The calendar day.
        """
