"""Which registered version a value of the version column means. Nothing is guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""How MLflow numbers versions; what is larger fits no registry's column."""
_WHOLE = re.compile(r"\s*0*([1-9][0-9]{0,8})(?:\.0*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNames:
    """What versions of a model are called.

    Attributes:
        mapped: From a value to a version, as the contract has it.
        numbers: The registered versions.
        aliases: From an alias to the version it stood at when the rows were scored.
        marks: From a run id or the value of a tag to every version that has it.
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def version_of(self, value: str) -> str | None:
        """Return the version a value means; None where nothing says so.

        The contract's word comes first, then a number (`2`, `2.0`, `02`), an alias, and
        a run id or tag that one version alone has.
        """
        # The first that speaks counts; what only a tag says is the weakest word.
        if value in self.mapped:
            return self.mapped[value]
        number = _WHOLE.fullmatch(value)
        if number and number[1] in self.numbers:
            return number[1]
        if value in self.aliases:
            return self.aliases[value]
        marked = self.marks.get(value, frozenset())
        return next(iter(marked)) if len(marked) == 1 else None


def are_plain(values: Iterable[str], mapped: Mapping[str, str]) -> bool:
    """Whether every value is a version's number as it stands, so nobody need be asked.

    Args:
        values: Values of the version column.
        mapped: From a value to a version, as the contract has it.

    >>> are_plain(["1", "12"], {}), are_plain(["1.0"], {}), are_plain(["v1"], {})
    (True, False, False)
    """
    return all(NUMBER.fullmatch(value) and value not in mapped for value in values)
