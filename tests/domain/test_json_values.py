from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring_tasks.domain.json_values import hash_json, plain_json
from tests.builders import DAY

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_hash_is_the_same_after_json_and_back(value: object) -> None:
    """What is hashed before it is stored is hashed alike when it is read."""
    assert hash_json(plain_json(value)) == hash_json(value)


def test_hash_does_not_know_the_order_of_keys() -> None:
    """The same facts in another order are the same evidence."""
    assert hash_json({"a": 1, "b": [1, 2]}) == hash_json({"b": [1, 2], "a": 1})
    assert hash_json([1, 2]) != hash_json([2, 1])


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (DAY, "2013-09-02"),
        (datetime(2013, 9, 3, tzinfo=UTC), "2013-09-03 00:00:00+00:00"),
        ((1, 2), [1, 2]),
    ],
)
def test_plain_json_is_as_it_comes_back(value: object, plain: object) -> None:
    """Days and instants are text, tuples are lists."""
    assert plain_json({"a": value}) == {"a": plain}
