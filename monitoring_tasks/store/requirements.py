"""What a model was logged with, against what is installed where it is scored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from packaging.requirements import Requirement

FILE_NAME = "requirements.txt"
_MOST_SHOWN = 3
_MOST_CHARACTERS = 60
_LARGEST_BYTES = 2**18
_ABSENT = -1


@dataclass(frozen=True, slots=True)
class Installed:
    """What an interpreter has.

    Attributes:
        python: Its version.
        libraries: Versions by name of the distribution.
    """

    python: str = ""
    libraries: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Read what a worker says of its interpreter when it starts."""
        from packaging.utils import canonicalize_name  # noqa: PLC0415 (heavy)

        libraries: dict[str, str] = {
            canonicalize_name(name): str(version)
            for name, version in dict(answer["libraries"]).items()
        }
        return cls(str(answer["python"]), libraries)


def remedy_for(folder: Path, installed: Installed, python: str = "") -> str:
    """Name libraries that are others than a model's, and the way out; else nothing.

    Args:
        folder: The model's files.
        installed: What the interpreter that scores it has.
        python: Where that is (`response.scoring.python`); empty for our own.
    """
    differing = logged_otherwise(folder, installed)
    if not differing:
        return ""
    if python:
        return f"; {differing} ({python}): install the model's own there"
    return (
        f"; {differing}: install those, or name an interpreter that has them in "
        "response.scoring.python"
    )


def logged_otherwise(folder: Path, installed: Installed) -> str:
    """The libraries a model was logged with that are others here; empty without any.

    Those that are absent or further apart come first, three at most.

    Args:
        folder: The model's files.
        installed: What the interpreter that scores it has.
    """
    path = folder / FILE_NAME
    if not installed.libraries or not path.is_file():
        return ""
    # The file is the model's own: it may be of any size and encoding.
    with path.open("rb") as file:
        text = file.read(_LARGEST_BYTES).decode(errors="replace")
    differing = sorted(_differing(text, installed))
    if not differing:
        return ""
    shown = [words for _, words in differing[:_MOST_SHOWN]]
    others = len(differing) - len(shown)
    omitted = f", and {others} more" if others else ""
    return f"logged with {', '.join(shown)}{omitted}"


def _differing(text: str, installed: Installed) -> Iterator[tuple[int, str]]:
    """Yield how far requirements are from what is installed, and say so."""
    from packaging.requirements import (  # noqa: PLC0415 (heavy)
        InvalidRequirement,
        Requirement,
    )
    from packaging.utils import canonicalize_name  # noqa: PLC0415
    from packaging.version import InvalidVersion  # noqa: PLC0415

    for line in text.splitlines():
        try:
            # A comment begins after a space; without one it is a part of an address.
            required = Requirement(line.split(" #")[0].strip())
            if required.marker and not required.marker.evaluate(
                _surroundings(installed)
            ):
                continue
            here = installed.libraries.get(canonicalize_name(required.name), "")
            if here and required.specifier.contains(here, prereleases=True):
                continue
            apart = _first_difference(_pinned(required), here)
        except (InvalidRequirement, InvalidVersion):
            continue  # an option, an address, a file: nothing to compare
        wanted = f"{required.name} {_pinned(required) or required.specifier}".strip()
        yield apart, f"{wanted[:_MOST_CHARACTERS]}, here {here or 'absent'}"


def _surroundings(installed: Installed) -> dict[str, str]:
    short = ".".join(installed.python.split(".")[:2])
    return {"python_full_version": installed.python, "python_version": short}


def _pinned(required: "Requirement") -> str:
    """The version of a requirement that allows exactly that; else nothing."""
    pins = [pin.version for pin in required.specifier if pin.operator in {"==", "==="}]
    return pins[0] if len(pins) == 1 and len(required.specifier) == 1 else ""


def _first_difference(pinned: str, here: str) -> int:
    """Which part of a version differs first: 0 for the major one; -1 for absent."""
    from packaging.version import Version  # noqa: PLC0415 (heavy)

    if not here:
        return _ABSENT
    if not pinned:
        return 0
    pairs = zip_longest(
        Version(pinned.removesuffix(".*")).release, Version(here).release, fillvalue=0
    )
    # What differs beyond the release (`rc1`, `+cpu`) is nearer than any part of it.
    parts = [at for at, (left, right) in enumerate(pairs) if left != right]
    return parts[0] if parts else len(here)
