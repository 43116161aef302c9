"""One line of `check --live`: a thing a contract relies on, and how it answered."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["ok", "warn", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLine:
    """What was found of one thing a contract relies on.

    Attributes:
        about: The thing.
        status: `ok`, `warn` or `fault`.
        text: What was found, and what to do about it.
    """

    about: str
    status: Status
    text: str

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)


def is_faulty(lines: list[LiveLine]) -> bool:
    """Whether something has to be fixed."""
    return any(line.status == "fault" for line in lines)
