"""Texts from data and contracts: made fit for a sentence, and the nearest of some."""

from collections.abc import Iterable
from difflib import get_close_matches
from hashlib import sha256

MAX_TEXT = 80
"""Longer texts are no names; a customer's words are not to be repeated at length."""
MAX_SHOWN = 40
"""So much of a text is repeated in a sentence."""
DIGITS = 12
_KEPT = MAX_TEXT - DIGITS - 2


def short_text(text: str) -> str:
    """Return a text of at most `MAX_TEXT` characters: different texts stay different.

    A longer one keeps its beginning and ends in digits of its SHA-256.

    >>> short_text("north")
    'north'
    >>> short_text("x" * 1000)[60:]
    'xxxxxx… 44f8354494a5'
    """
    if len(text) <= MAX_TEXT:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:_KEPT]}… {digest[:DIGITS]}"


def escaped_text(text: str) -> str:
    r"""Return a short text of the data for a sentence, control characters written out.

    >>> print(escaped_text("a\x1b[2J" + "b" * 90))
    a\x1b[2Jbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
    >>> print(escaped_text(""), escaped_text(" "))
    '' ' '
    """
    if not text.strip():
        return repr(text[:MAX_SHOWN])
    # One character more than is shown, to tell whether something was cut off.
    start = text[: MAX_SHOWN + 1]
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in start)
    return plain if len(plain) <= MAX_SHOWN else f"{plain[: MAX_SHOWN - 1]}…"


def quoted_text(text: str) -> str:
    """Return a value of the data in quotes, short and with nothing hidden in it.

    >>> quoted_text("31.12.2024")
    "'31.12.2024'"
    """
    return f"'{escaped_text(text)}'" if text.strip() else repr(text)


def did_you_mean(name: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return `; did you mean 'x'?` for the nearest of some names; empty for none near.

    Near is a likeness of `cutoff` or more, of 1 for equal names (`difflib`).

    Args:
        name: What was written.
        names: What there is.
        cutoff: Least likeness of the nearest, 0..1.

    >>> did_you_mean("roc_acu", ["mae", "roc_auc"])
    "; did you mean 'roc_auc'?"
    """
    # `difflib` sees no likeness between a capital and its small letter.
    by_small = {candidate.casefold(): candidate for candidate in names}
    near = get_close_matches(name.casefold(), by_small, n=1, cutoff=cutoff)
    return f"; did you mean '{by_small[near[0]]}'?" if near else ""
