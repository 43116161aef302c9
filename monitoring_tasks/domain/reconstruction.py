"""What it takes to rebuild rows from a reference's principal components: numbers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericInput:
    """A numeric feature as it is scaled.

    Attributes:
        name: Its column.
        missing: What stands for a value that lacks.
        centre: Mean on the reference.
        scale: Standard deviation on the reference; 1 where that is 0.
    """

    name: str
    missing: float
    centre: float
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalInput:
    """A categorical feature as it is scaled: by how common each category was.

    Attributes:
        name: Its column.
        shares: Category as text -> its share of the reference's rows, 0..1.
        other: Share of any category that `shares` does not name.
        null: Share of nulls.
        centre: Mean share on the reference's rows.
        scale: Their standard deviation; 1 where that is 0.
    """

    name: str
    shares: Mapping[str, float]
    other: float
    null: float
    centre: float
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """How rows of a version are rebuilt from the components its reference taught.

    Attributes:
        declared: The numeric and the categorical features that the contract declared.
        numeric: Those with a value in the reference, in the order of the components.
        categorical: Likewise; they come after the numeric ones.
        middle: Mean of every scaled feature, as the components saw it.
        components: Principal components, one number a feature in each.
    """

    declared: tuple[tuple[str, ...], tuple[str, ...]]
    numeric: tuple[NumericInput, ...]
    categorical: tuple[CategoricalInput, ...]
    middle: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]
