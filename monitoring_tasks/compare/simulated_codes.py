"""The verdicts on many drawn days at once, as small numbers in arrays."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
OK: Final = 0
INCONCLUSIVE: Final = 1
WARN: Final = 2
BREACH: Final = 3
"""In the order of `SEVEREST_LAST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is said of one objective over one horizon on every drawn day.

    Attributes:
        codes: `OK`, `INCONCLUSIVE`, `WARN` or `BREACH`; shape (runs, days).
        p_values: The p-value, nan on days without one; None where the number is of no
            family.
        is_past_hard: Whether the whole interval lies past a hard limit; None where
            there is none.
    """

    codes: Codes
    p_values: Floats | None = None
    is_past_hard: Flags | None = None
