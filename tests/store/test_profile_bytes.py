"""A profile goes into bytes and comes back as it was."""

import json
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pytest

from monitoring_tasks.domain.counts import ContinuousCounts, Outcome
from monitoring_tasks.errors import DataError
from monitoring_tasks.store.profile_bytes import METADATA, decode, encode
from tests.builders import make_profile
from tests.store.profile_samples import COLUMNS, OUTCOMES, full


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_profile_is_read_back_as_it_was(outcome: Outcome) -> None:
    """Every count and sum comes back to the last bit, with its keys' types."""
    profile = full(outcome)
    assert decode(encode(profile)) == profile
    assert decode(encode(make_profile(outcome=outcome))) == make_profile(
        outcome=outcome
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_outcome_is_read_back_alone(outcome: Outcome) -> None:
    """Without columns and service, and the same."""
    alone = replace(full(outcome), columns={}, service=None)
    assert decode(encode(full(outcome)), outcome_only=True) == alone


def test_equal_profiles_are_equal_bytes() -> None:
    """The order in which columns were counted does not show."""
    turned = replace(
        full(), columns={name: COLUMNS[name] for name in ("größe 'x'", "x")}
    )
    assert encode(turned) == encode(full())


def test_any_reader_of_arrow_can_read_it() -> None:
    """A person without Daywatch sees parts, bins and rows by their names."""
    with pa.ipc.open_stream(encode(full())) as reader:
        numbers = json.loads(reader.schema.metadata[METADATA])
        rows = reader.read_all().to_pylist()
    fine = next(row for row in rows if (row["part"], row["column"]) == ("fine", "x"))
    assert (fine["bins"], fine["rows"]) == ([7], [3])
    assert numbers["columns"]["x"]["nulls"] == 1


def test_large_profile_stays_in_order() -> None:
    """Bins come back in the order they were counted in."""
    fine = {number: number % 7 + 1 for number in range(10_000)}
    wide = make_profile(columns={"x": ContinuousCounts(rows=1, fine=fine)})
    (counts,) = decode(encode(wide)).columns.values()
    assert isinstance(counts, ContinuousCounts)
    assert counts.fine == fine
    assert all(low < high for low, high in pairwise(counts.fine))


def test_profile_of_a_newer_format_is_refused() -> None:
    """An old program does not guess at what a newer one wrote."""
    with pa.ipc.open_stream(encode(full())) as reader:
        table = reader.read_all()
    plain = json.loads(table.schema.metadata[METADATA]) | {"format": 3}
    table = table.replace_schema_metadata({METADATA: json.dumps(plain)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(DataError, match="format 3 is not known"):
        decode(sink.getvalue().to_pybytes())
