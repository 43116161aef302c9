"""Expectations asked of Postgres: what memory says of the same rows."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ibis.backends import BaseBackend

from monitoring_tasks.engine.key_groups import GROUPS_A_PART
from monitoring_tasks.validate.pushed.batch import PushedBatch
from tests.validate.engine_checks.frames import ARGUMENTS, Kwargs, tables
from tests.validate.pushed import test_answered

pytestmark = pytest.mark.slow
PATIENT = [*HealthCheck]
WHOLE = {"small": pa.int64(), "count": pa.int64()}


def test_postgres_says_what_memory_says(
    engine: BaseBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Success, counts, statistics and examples are the same, whatever the rows."""

    def held_there(table: pa.Table, groups_a_part: int) -> PushedBatch:
        names = {name: f"c{at}" for at, name in enumerate(table.column_names)}
        renamed = table.rename_columns([*names.values()])
        held = engine.create_table("drawn", renamed, temp=True, overwrite=True)
        return PushedBatch(table=held, names=names, groups_a_part=groups_a_part)

    monkeypatch.setattr(test_answered, "pushed", held_there)

    @settings(max_examples=15, deadline=None, suppress_health_check=PATIENT)
    @given(table=tables(), arguments=st.fixed_dictionaries(ARGUMENTS))
    def alike(table: pa.Table, arguments: dict[str, Kwargs]) -> None:
        decoded = test_answered.decoded(table)
        # Postgres has no whole numbers of eight bits.
        fields = [(f.name, WHOLE.get(f.name, f.type)) for f in decoded.schema]
        rows = decoded.cast(pa.schema(fields))
        found = test_answered.differences(rows, arguments, GROUPS_A_PART)
        assert not found, "\n".join(found)

    alike()
