"""A mapping whose keys and values are kept as arrays."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class ArrayMapping(Mapping[Key, Value]):
    """A mapping of many entries, each of which would be objects of Python's own.

    Whoever computes with it takes the arrays; the dict is made for whoever asks by key.
    """

    @abstractmethod
    def as_dict(self) -> dict[Key, Value]:
        """Return the entries, in order."""

    def __getitem__(self, key: Key) -> Value:
        """Return the value of a key.

        Raises:
            KeyError: If it has none.
        """
        return self._by_key[key]

    def __iter__(self) -> Iterator[Key]:
        """Go over the keys."""
        return iter(self._by_key)

    def __repr__(self) -> str:
        """Show it as the mapping it is."""
        return repr(self._by_key)

    @cached_property
    def _by_key(self) -> dict[Key, Value]:
        return self.as_dict()
