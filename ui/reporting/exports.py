"""The items of a period as CSV and Parquet: pseudonymous, and harmless to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from agent.domain.measures import Fact

COLUMNS = tuple(Fact.model_fields)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""


def csv_bytes(facts: Iterable[Fact]) -> bytes:
    """Return one line an item, with a header; times in ISO 8601, UTC."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for fact in facts:
        writer.writerow([_cell(getattr(fact, name)) for name in COLUMNS])
    return (_BYTE_ORDER_MARK + written.getvalue()).encode("utf-8")


def parquet_bytes(facts: Iterable[Fact]) -> bytes:
    """Return the same table with its types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [fact.model_dump() for fact in facts]
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=_schema()), written, compression="zstd")
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _schema() -> Any:
    import pyarrow as pa

    kinds = {
        "edit_ratio": pa.float64(),
        "seconds_on_item": pa.int64(),
        **{name: pa.timestamp("us", tz="UTC") for name in COLUMNS if name.endswith("_at")},
    }
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
