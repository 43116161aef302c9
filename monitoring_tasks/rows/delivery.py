"""What was read of a source."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from monitoring_tasks.domain.partitions import OtherDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What was read, the words in which it was asked for, and what was left out."""

    table: pa.Table
    query: str
    watermark: datetime | None
    other_days: OtherDays | None = None
