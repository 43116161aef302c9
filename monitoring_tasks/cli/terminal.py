"""The one door to the terminal: what is printed can neither steer nor style it.

Names, reasons and versions come from data, the registry and people. A `str` is always
printed as it stands; only a `Text` made here has a style.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeAlias
from unicodedata import bidirectional, category

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

CONTROLS = frozenset({"Cc", "Zl", "Zp"})
"""Unicode categories that a terminal acts on rather than shows."""
TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Bidirectional classes of characters that turn the text after them."""
Part: TypeAlias = str | Text | tuple[str, str]
"""A text as it stands, a styled text, or a text and its style."""
OPENING = re.compile(r"\s*(- )?")
"""The indentation of a line, with its bullet."""
WORD = re.compile(r"\s*\S+\s*")
"""A word with the blanks around it; those before it are the line's indentation."""


class SafeConsole(Console):
    """A console that shows control characters, markup and emoji codes as they stand.

    Lines are broken between words only; a word longer than a line stays whole.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (Rich's own options)
        """Take Rich's options; markup, emoji codes and highlighting are always off."""
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def print(
        self,
        *objects: Any,  # noqa: ANN401 (whatever Rich can draw)
        soft_wrap: bool | None = None,
        **options: Any,  # noqa: ANN401 (Rich's own options)
    ) -> None:
        """Print; texts wrap between words, unless `soft_wrap` leaves that be."""
        # Rich would break a word that is longer than a line.
        if not soft_wrap and all(isinstance(text, str | Text) for text in objects):
            objects = tuple(wrapped(assembled(text), self.width) for text in objects)
            soft_wrap = True
        super().print(*objects, soft_wrap=soft_wrap, **options)

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 (Rich's own options)
        """Return the text as it stands, its control characters written out."""
        plain = options | {"markup": False, "emoji": False, "highlight": False}
        return super().render_str(visible(text), **plain)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield what is sent; texts that did not pass `render_str` are held as well.

        Args:
            renderable: Whatever Rich can draw.
            options: Rich's own; None for those of the console.
        """
        for segment in super().render(renderable, options):
            if segment.control:  # Rich's own, for progress bars
                yield segment
            else:
                yield segment._replace(text=visible(segment.text))


def visible(text: str) -> str:
    r"""Return a text with every control character written out, line breaks aside.

    Control characters (C0, DEL, C1) start escape sequences; others turn the direction
    of what follows. Joiners stay: names in many scripts need them.

    >>> visible("a" + chr(27) + "[2Jb")
    'a\\x1b[2Jb'
    """
    return "".join(
        repr(char)[1:-1] if is_control(char) and char not in "\n\t" else char
        for char in text
    )


@cache
def is_control(char: str) -> bool:
    """Whether a terminal acts on a character rather than shows it."""
    return category(char) in CONTROLS or bidirectional(char) in TURNS


def assembled(*parts: Part) -> Text:
    """Return parts one after another as one text; only a stated style is one.

    >>> assembled(("error:", "bold red"), " [red]").plain
    'error: [red]'
    """
    text = Text()
    for part in parts:
        if isinstance(part, Text):
            text.append_text(part)
        elif isinstance(part, str):
            text.append(visible(part))
        else:
            text.append(visible(part[0]), style=part[1])
    return text


def wrapped(text: Text, width: int) -> Text:
    """Return a text of lines no longer than `width`, broken between words only.

    Later lines are indented like the first, behind its bullet if it has one.

    Args:
        text: The text; its own line breaks stay.
        width: Cells of a line, >= 1; a longer word stays whole.

    >>> print(wrapped(Text("  - some words more"), 11).plain)
      - some
        words
        more
    """
    lines = [
        broken
        for line in text.split("\n", allow_blank=True)
        for broken in _broken(line, width)
    ]
    return Text("\n").join(lines)


def _broken(line: Text, width: int) -> list[Text]:
    opening = cell_len(OPENING.match(line.plain).group())  # type: ignore[union-attr]  # may be empty
    breaks, used = list[int](), 0
    for word in WORD.finditer(line.plain):
        if used and used + cell_len(word.group().rstrip()) > width:
            breaks.append(word.start())
            used = opening
        used += cell_len(word.group())
    first, *later = line.divide(breaks)
    for part in later:
        part.pad_left(opening)
    for part in (first, *later):
        part.rstrip()
    return [first, *later]


def joined(separator: str, parts: Iterable[Part]) -> Text:
    """Return parts with a separator between them.

    Args:
        separator: A text as it stands.
        parts: Texts, with or without a style.

    >>> joined(", ", ["a", ("b", "red")]).plain
    'a, b'
    """
    return Text(separator).join(assembled(part) for part in parts)
