"""Profiles are decoded once while they are remembered, and forgotten in time."""

from monitoring_tasks.domain.profiles import DayProfile
from monitoring_tasks.store.decoded_profiles import DecodedProfiles
from tests.builders import make_profile


class Decoder:
    """Decodes every content to the same profile and lists what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def __call__(self, content: bytes) -> DayProfile:
        """Return a profile."""
        self.given.append(content)
        return make_profile()


def test_a_profile_is_decoded_once_while_it_is_remembered() -> None:
    """Asked for again it is the same object."""
    decoder = Decoder()
    profiles = DecodedProfiles(decoder, most_bytes=10)
    first = profiles.read(b"aaaa")
    assert profiles.read(b"bbbb") is not first
    assert profiles.read(b"aaaa") is first
    assert decoder.given == [b"aaaa", b"bbbb"]


def test_what_was_read_longest_ago_is_forgotten() -> None:
    """So much content is remembered as is allowed; the one read last stays anyway."""
    decoder = Decoder()
    profiles = DecodedProfiles(decoder, most_bytes=10)
    for content in (b"aaaa", b"bbbb", b"aaaa", b"cccc", b"aaaa"):
        profiles.read(content)
    assert decoder.given == [b"aaaa", b"bbbb", b"cccc"]
    profiles.read(b"bbbb")
    assert decoder.given[-1] == b"bbbb"
    large = profiles.read(b"x" * 99)
    assert profiles.read(b"x" * 99) is large
    profiles.read(b"aaaa")
    assert decoder.given[-2:] == [b"x" * 99, b"aaaa"]
