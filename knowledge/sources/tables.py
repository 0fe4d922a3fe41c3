"""CSV, XLSX and JSONL: one entry a row, a bad row reported with its number, the rest goes on."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.sources.gathering import Gathering
from knowledge.sources.records import add_record, has_question, unread_columns
from knowledge.sources.report import SourceReport
from knowledge.sources.wording import ImportWording as Wording

_OBJECT = '{"id": …, "question": …, "answer": …}'


def read_csv(path: Path) -> SourceReport:
    """Read a CSV with a header: comma, semicolon or tab; UTF-8, or as French spreadsheets do."""
    gathering = Gathering(path)
    text = _decoded(path.read_bytes(), gathering)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    last = len(text.splitlines())
    names: list[str] = []
    for line, row in _rows(rows, gathering):
        if not any(cell.strip() for cell in row):
            continue
        if rows.line_num >= last and _is_open(text, line):
            gathering.error(line, Wording.QUOTE_OPEN)
            break
        if names:
            _add_row(gathering, names, row, line)
        elif has_question(row):
            names = [cell.strip() for cell in row]
            _note_columns(gathering, names, line)
        else:
            gathering.error(line, Wording.NO_COLUMN)
            break
    return gathering.report()


def _decoded(data: bytes, gathering: Gathering) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        gathering.skip(line, Wording.READ_AS_WINDOWS)
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _rows(rows: Any, gathering: Gathering) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            gathering.error(line, Wording.NOT_A_ROW, problem=str(error))
            continue
        yield line, row


def _is_open(text: str, line: int) -> bool:
    """Whether the row that begins at `line` opens a quote that nothing closes: it eats the rest."""
    rest = "".join(text.splitlines(keepends=True)[line - 1 :])
    try:
        next(csv.reader(io.StringIO(rest, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _add_row(gathering: Gathering, names: list[str], row: list[str], line: int) -> None:
    if len(row) > len(names):
        gathering.error(line, Wording.CELLS_OVER)
        return
    add_record(gathering, dict(zip(names, row, strict=False)), line)


def _note_columns(gathering: Gathering, names: list[str], line: int) -> None:
    if unread := unread_columns(names):
        gathering.skip(line, Wording.COLUMNS_NOT_READ, columns=", ".join(unread))


def read_xlsx(path: Path) -> SourceReport:
    """Read every sheet that has a question column; dates and numbers as they show."""
    from openpyxl import load_workbook

    gathering = Gathering(path, unit="row")
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            _read_sheet(gathering, sheet)
    finally:
        book.close()
    return gathering.report()


def _read_sheet(gathering: Gathering, sheet: Any) -> None:
    names: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        row = ["" if cell is None else str(cell) for cell in cells]
        if not any(cell.strip() for cell in row):
            continue
        if names:
            _add_row(gathering, names, row[: len(names)], number)
        elif has_question(row):
            names = row
            _note_columns(gathering, names, number)
        else:
            gathering.skip(number, Wording.SHEET_WITHOUT_COLUMN, sheet=repr(sheet.title))
            return


def read_jsonl(path: Path) -> SourceReport:
    """Read one JSON object a line, or a file that is one JSON list of objects."""
    gathering = Gathering(path)
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if data.lstrip().startswith(b"["):
        _read_list(gathering, data)
        return gathering.report()
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            _read_object(gathering, line, number)
    return gathering.report()


def _read_list(gathering: Gathering, data: bytes) -> None:
    try:
        values = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        gathering.error(None, Wording.NOT_JSON_LIST)
        return
    for number, value in enumerate(values, start=1):
        _add_object(gathering, value, number)


def _read_object(gathering: Gathering, line: bytes, number: int) -> None:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        gathering.error(number, Wording.DOCUMENT_NOT_UTF8)
    except RecursionError:
        gathering.error(number, Wording.JSON_DEEP)
    except ValueError as error:
        column = getattr(error, "colno", 0)
        gathering.error(number, Wording.NOT_JSON, column=column)
    else:
        _add_object(gathering, value, number)


def _add_object(gathering: Gathering, value: object, number: int) -> None:
    if not isinstance(value, dict):
        gathering.error(number, Wording.NOT_JSON_OBJECT, form=_OBJECT)
    elif not has_question(list(value)):
        gathering.error(number, Wording.NO_JSON_QUESTION)
    else:
        add_record(gathering, value, number)
