"""JSONL and CSV in, one record a line: a bad line is reported with its number, the rest goes on."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.domain.errors import InputLineError, PortevoixError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CELL = csv.field_size_limit()
_CSV_MEND = 'quote the cell from end to end, write " inside it as "", split what is too long'
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Line:
    """One line of an input file: a record, or the problem that kept it from being one."""

    number: int
    """1 for the first line of the file."""
    record: dict[str, Any] = field(default_factory=dict)
    problem: InputLineError | None = None
    """With an empty `record`: the line was not read. With a record: it was read after a repair."""

    @property
    def is_readable(self) -> bool:
        """Whether the line gave a record."""
        return bool(self.record)


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a JSONL file, or of a CSV file with a header if it ends in `.csv`.

    Blank lines are passed over; they keep their number. The last line counts even without an
    end of line, so a file cut in the middle reports that line and no other.

    Raises:
        PortevoixError: the file cannot be opened.
    """
    reader = _csv_lines if path.suffix.lower() == ".csv" else _json_lines
    try:
        yield from reader(path)
    except OSError as error:
        raise PortevoixError(f"{path}: cannot be read: {error.strerror}") from None


def _json_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            data = raw.removeprefix(_BOM) if number == 1 else raw
            if data.strip():
                yield _json_line(number, data)


def _json_line(number: int, data: bytes) -> Line:
    try:
        value = json.loads(data.decode("utf-8"), strict=False)
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte 0x{data[error.start]:02x} at column {error.start + 1})"
        return _broken(number, problem, "save the file as UTF-8")
    except RecursionError:
        return _broken(number, "nested too deep", "one flat object a line")
    except ValueError as error:
        column = getattr(error, "colno", 0)
        return _broken(number, f"not valid JSON at column {column}", "one JSON object a line")
    if not isinstance(value, dict):
        return _broken(number, "not a JSON object", 'write {"id": …, "text": …}')
    if not value:
        return _broken(number, "an empty object", 'write {"id": …, "text": …}')
    return repaired(number, value)


def _csv_lines(path: Path) -> Iterator[Line]:
    try:
        text = path.read_bytes().removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].count(b"\n") + 1
        yield _broken(before, "not UTF-8", "save the file as « CSV UTF-8 »")
        return
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    if not rows.fieldnames or "text" not in rows.fieldnames:
        yield _broken(1, "no `text` column in the header", "the first line names the columns")
        return
    yield from _csv_rows(rows)


def _csv_rows(rows: "csv.DictReader[str]") -> Iterator[Line]:
    """Yield each row under the number of its first line; a cell may hold several lines."""
    # The inner reader counts lines through errors as well; DictReader's own number does not.
    first = rows.reader.line_num + 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield _broken(first, _csv_problem(first, rows.reader.line_num), _CSV_MEND)
        else:
            inside = sum(cell.count("\n") for cell in row.values() if isinstance(cell, str))
            yield _csv_line(rows.reader.line_num - inside, row)
        first = rows.reader.line_num + 1


def _csv_problem(first: int, last: int) -> str:
    extent = f"; lines {first} to {last} were not read" if last > first else ""
    return f"a quote that is not closed, or a cell over {_CELL:,} characters{extent}"


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.split("\n", 1)[0]
    return _Semicolon if header.count(";") > header.count(",") else csv.excel


class _Semicolon(csv.excel):
    """What French spreadsheets write."""

    delimiter = ";"


def _csv_line(number: int, row: dict[Any, Any]) -> Line:
    if None in row:
        return _broken(number, "more cells than the header", "quote cells that hold a separator")
    record = {key: value for key, value in row.items() if value not in (None, "")}
    if not record:
        return _broken(number, "an empty row", "delete it")
    return repaired(number, record)


def repaired(number: int, record: dict[str, Any]) -> Line:
    """Return the line with control characters and lone surrogates replaced, length unchanged."""
    found: set[str] = set()
    clean = _clean(record, found)
    if not found:
        return Line(number, record)
    problem = InputLineError(number, f"{' and '.join(sorted(found))} replaced", "the line was read")
    return Line(number, clean, problem)


def _clean(value: Any, found: set[str]) -> Any:
    if isinstance(value, str):
        return _clean_text(value, found)
    if isinstance(value, list):
        return [_clean(entry, found) for entry in value]
    if isinstance(value, dict):
        return {_clean_text(key, found): _clean(entry, found) for key, entry in value.items()}
    return value


def _clean_text(text: str, found: set[str]) -> str:
    if _CONTROL.search(text):
        found.add("control characters")
        text = _CONTROL.sub(" ", text)
    if _SURROGATE.search(text):
        found.add("half characters (lone surrogates)")
        text = _SURROGATE.sub("\ufffd", text)
    return text


def _broken(number: int, problem: str, mend: str) -> Line:
    return Line(number, problem=InputLineError(number, problem, mend))


def write_line(record: dict[str, Any]) -> str:
    """Return `record` as one JSON line, UTF-8, end of line included."""
    return json.dumps(record, ensure_ascii=False) + "\n"
