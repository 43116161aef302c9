import pytest

from monitoring_tasks.domain.messages import Link, Occasion
from monitoring_tasks.respond.channels.lengths import (
    Unit,
    characters,
    one_line,
    plain_notice,
    shortened,
    shortened_key,
    utf8_bytes,
    utf16_units,
)
from tests.respond.channels.notices import about


@pytest.mark.parametrize("unit", [characters, utf16_units, utf8_bytes])
@pytest.mark.parametrize("text", ["x" * 20, "é" * 20, "🏴" * 20, "שלום" * 5])
def test_a_text_fits_in_the_unit_that_counts(text: str, unit: Unit) -> None:
    """At the limit it stays, one above it is cut and says so."""
    assert shortened(text, unit(text), unit) == text
    for most in range(3, unit(text)):
        cut = shortened(text, most, unit)
        assert unit(cut) <= most
        assert cut.endswith("…")
        assert text.startswith(cut[:-1])


def test_no_half_of_a_picture_is_left() -> None:
    """A family, a skin tone or an accent is cut before, never within."""
    assert shortened("ab👩‍👩‍👧x", 6) == "ab…"
    assert shortened("ab👍🏽x", 4) == "ab…"
    assert shortened("abe\u0301x", 4) == "ab…"
    assert len(shortened("a" + "\u0301" * 100, 50)) > 30


def test_long_keys_stay_different() -> None:
    """Two incidents never share a key because it was too long."""
    first, second = shortened_key("x" * 300 + "1", 255), shortened_key("x" * 301, 255)
    assert len(first) == len(second) == 255
    assert first != second
    assert shortened_key("x" * 255, 255) == "x" * 255


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a\r\nb", "a b"),
        ("\x1b[31mred\x00", "[31mred"),
        ("\u202eabc\u202c", "abc"),
        ("a\u2028b\x85c", "a b c"),
        ("\udcff", "?"),
        ("שלום 👩‍👧", "שלום 👩‍👧"),
    ],
)
def test_one_line_is_one_line(text: str, plain: str) -> None:
    """Nothing in it breaks the line, moves the cursor or turns the text round."""
    assert one_line(text) == plain


def test_only_addresses_that_open_are_links() -> None:
    """A script is none; blanks and other alphabets are written out."""
    links = (
        Link(text="x", href="javascript:alert(1)"),
        Link(text="", href="https://host/a b/ü%20?x=1"),
    )
    (link,) = plain_notice(about(Occasion.OPENED, links=links)).links
    assert link.href == "https://host/a%20b/%C3%BC%20?x=1"
    assert link.text
