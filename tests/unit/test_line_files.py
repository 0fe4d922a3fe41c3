"""Bad lines are named with their number and mend; the others go on."""

import json
from pathlib import Path

import pytest

from agent.adapters.files.lines import read_lines, write_line
from agent.adapters.files.messages import MAX_TEXT, message_of
from agent.domain.base import nfc_with_origins
from agent.domain.errors import InputLineError, PortevoixError
from knowledge.passages import Language

GOOD = b'{"id": "g", "text": "Bonjour"}\n'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"id": "1", "text": \n', "not valid JSON"),
        (b"[1, 2]\n", "not a JSON object"),
        (b"{}\n", "an empty object"),
        (b'{"id": "1", "text": "caf\xe9"}\n', "not UTF-8 (byte 0xe9 at column 25)"),
        (b"[" * 100_000 + b"\n", "nested too deep"),
    ],
)
def test_an_unreadable_line_is_named_and_the_rest_goes_on(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(GOOD + raw + GOOD)
    first, broken, last = read_lines(path)
    assert first.is_readable
    assert last.is_readable
    assert last.number == 3
    assert broken.problem is not None
    assert said in str(broken.problem)
    assert str(broken.problem).startswith("line 2:")


@pytest.mark.parametrize(
    ("text", "read"),
    [("a\\u0000b", "a b"), ("a\\ud800b", "a\ufffdb"), ("a\x07b", "a b")],
)
def test_a_harmful_character_is_replaced_one_for_one_and_reported(
    tmp_path: Path, text: str, read: str
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text(f'{{"id": "1", "text": "{text}"}}\n', encoding="utf-8")
    (line,) = read_lines(path)
    assert line.record["text"] == read
    assert line.problem is not None


def test_a_byte_order_mark_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\n  \n" + GOOD.strip())
    assert [line.number for line in read_lines(path)] == [1, 4]


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_with_either_separator(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "messages.csv"
    path.write_text(f'id{separator}text\n1{separator}"Où est\nmon colis ?"\n', encoding="utf-8")
    (line,) = read_lines(path)
    assert line.record == {"id": "1", "text": "Où est\nmon colis ?"}


def test_csv_without_text_column_says_so(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text("id,message\n1,Bonjour\n", encoding="utf-8")
    (line,) = read_lines(path)
    assert "no `text` column" in str(line.problem)


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(PortevoixError, match=r"nothing\.jsonl"):
        list(read_lines(tmp_path / "nothing.jsonl"))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"text": "x"}, "no usable `id`"),
        ({"id": True, "text": "x"}, "no usable `id`"),
        ({"id": "1"}, "no `text`"),
        ({"id": "1", "text": 3}, "`text` is int"),
        ({"id": "1", "text": "x" * (MAX_TEXT + 1)}, "50,001 characters"),
        ({"id": "1", "text": "x", "surface": "shop"}, "surface"),
        ({"id": "1", "text": "x", "created_at": "yesterday"}, "created_at"),
        ({"id": "1", "text": "x", "thread": "hello"}, "thread"),
        ({"id": "1", "text": "x", "thread": [{"author": "a"}]}, "no `text`"),
    ],
)
def test_a_wrong_field_is_named(record: dict[str, object], said: str) -> None:
    with pytest.raises(InputLineError, match=r"^line 7: ") as caught:
        message_of(7, record)
    assert said in str(caught.value)


def test_optional_fields_are_read_as_other_tools_write_them() -> None:
    message = message_of(
        1,
        {
            "id": 12,
            "text": "Hi",
            "lang": "en-GB",
            "author": {"name": "Ada"},
            "created_at": "2026-11-20T10:00:00",
            "thread": [{"author": "brand", "text": "Hello"}],
            "likes": 3,
        },
    )
    assert (message.id, message.lang, message.author) == ("12", Language.EN, "Ada")
    assert message.created_at is not None
    assert message.created_at.tzinfo is not None


@pytest.mark.parametrize("text", ["", "café", "cafe\u0301 à la carte", "e\u0301\u0323 x", "👨‍👩‍👧"])
def test_offsets_survive_normalisation(text: str) -> None:
    normal, origins = nfc_with_origins(text)
    assert len(origins) == len(normal) + 1
    assert origins[-1] == len(text)
    assert origins == sorted(origins)
    if "carte" in text:
        assert text[origins[normal.index("carte")] :] == "carte"


def test_a_written_line_is_read_back(tmp_path: Path) -> None:
    record = {"id": "é", "text": "« a »\n"}
    assert json.loads(write_line(record)) == record
