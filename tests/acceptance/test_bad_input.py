"""What a newcomer gets wrong: every error names the file, the line or the id, and the mend."""

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.adapters.brand_pack import init_pack
from tests.acceptance.commands import BRAND, command, environment, records, run, write

PRIVATE = "Zanzibelle"
"""A customer's word: no error may repeat it."""
GOOD = '{"id": "%s", "text": "Quels sont vos délais de livraison ?"}\n'
BROKEN = (
    (GOOD % "a")
    + '{"id": "b", "text": "Zanzibelle\n'
    + '{"id": "c", "text": ["Zanzibelle"]}\n'
    + '["Zanzibelle"]\n'
    + '{"text": "Zanzibelle"}\n'
    + (GOOD % "a")
    + (GOOD % "z")
    + '{"id": "cut", "text": "Zanzi'
)
ROWS = "id;text\n1;Bonjour\n;Zanzibelle\n3;%s\n4;Zanzibelle;trop\n5;Bonsoir\n"
LONG_CELL = "x" * 200_000


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    init_pack(folder, "Les Ateliers Réunis")
    return folder


def reported(error: str) -> list[int]:
    assert PRIVATE not in error
    return [
        int(line.split("line ")[1].split(":")[0])
        for line in error.splitlines()
        if ": line " in line
    ]


@pytest.mark.parametrize("name", ["draft", "triage", "redact"])
def test_broken_json_lines_are_named_and_the_rest_goes_on(name: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(BROKEN, "utf-8")
    brand = [] if name == "redact" else ["--brand", BRAND]
    done = run(name, *brand, "--in", source, "--out", out, code=1)
    assert reported(done.stderr) == [2, 3, 4, 5, 6, 8]
    assert [row["id"] for row in records(out)] == ["a", "z"]


@pytest.mark.parametrize(
    ("text", "lines", "kept"),
    [
        (ROWS % "Merci", [3, 5], ["1", "3", "5"]),
        (ROWS % LONG_CELL, [3, 4, 5], ["1", "5"]),
        (ROWS % '"Zanzibelle', [3, 4], ["1"]),
        ("id;message\n1;Zanzibelle\n", [1], []),
        ("", [1], []),
    ],
)
def test_broken_csv_rows_are_named(
    text: str, lines: list[int], kept: list[str], tmp_path: Path
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text(text, "utf-8")
    done = run("redact", "--in", source, "--out", out, code=1)
    assert reported(done.stderr) == lines
    assert [row["id"] for row in records(out)] == kept


def test_an_unclosed_quote_says_which_lines_it_swallowed(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text('id,text\n1,Bonjour\n2,"Zanzibelle\n3,Merci\n', "utf-8")
    said = run("redact", "--in", source, "--out", tmp_path / "out.jsonl", code=1).stderr
    assert "lines 3 to 4 were not read" in said


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_file_that_is_not_utf8_is_said(encoding: str, suffix: str, tmp_path: Path) -> None:
    source = tmp_path / f"in.{suffix}"
    text = '{"id": "1", "text": "café Zanzibelle"}\n' if suffix == "jsonl" else "id,text\n1,café\n"
    source.write_text(text, encoding)
    said = run("redact", "--in", source, "--out", tmp_path / "out.jsonl", code=1).stderr
    assert "not UTF-8" in said
    assert "save the file as" in said


def test_check_names_the_field_that_does_not_fit(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "message": "Zanzibelle", "reply": 5},
        {"id": "2", "message": "Bonjour", "reply": "Zanzibelle", "register": "Zanzibelle"},
        {"id": "3", "message": "Bonjour", "reply": "Zanzibelle", "passages": "Zanzibelle"},
        {"id": "4", "message": {"text": "Zanzibelle"}, "reply": "Bonjour."},
        {"id": "5", "message": "Bonjour", "reply": "Bonjour.", "competitors": 5},
        {"id": "6", "message": "Bonjour", "reply": "Bonjour."},
    ]
    source, out = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    done = run("check", "--brand", BRAND, "--in", source, "--out", out, code=1)
    assert reported(done.stderr) == [1, 2, 3, 4, 5]
    assert [row["id"] for row in records(out)] == ["6"]


def test_search_names_bad_lines_of_both_files(tmp_path: Path) -> None:
    faq = tmp_path / "faq.jsonl"
    faq.write_text('{"id": "f", "question": "Vos horaires ?"}\n{"id": "f", "question": "a"}\n{\n')
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"id": "q", "query": "horaires"}\n{"id": "r", "query": 5}\n')
    out = tmp_path / "hits.jsonl"
    said = run("search", "--faq", faq, "--in", queries, "--out", out, code=1).stderr
    assert [f"{faq}: line {n}" in said for n in (2, 3)] == [True, True]
    assert f"{queries}: line 2" in said
    assert [row["id"] for row in records(out)] == ["q"]


def test_a_faq_with_nothing_in_it_is_said(tmp_path: Path) -> None:
    faq, queries = tmp_path / "faq.jsonl", write(tmp_path / "q.jsonl", [{"id": "q", "text": "a"}])
    faq.write_text("")
    out = tmp_path / "hits.jsonl"
    assert (
        f"{faq}: no readable"
        in run("search", "--faq", faq, "--in", queries, "--out", out, code=1).stderr
    )
    assert not out.exists()


def _append(name: str, text: bytes) -> Callable[[Path], None]:
    def spoil(pack: Path) -> None:
        with (pack / name).open("ab") as stream:
            stream.write(text)

    return spoil


def _replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(pack: Path) -> None:
        text = (pack / name).read_text("utf-8")
        assert old in text
        (pack / name).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


ENTRY = b"\n## Encore ?\n\n```yaml\nid: delivery-cost\n```\n\nOui.\n"
SPOILT = {
    "unknown key": (_append("brand.yaml", b"brandz: 1\n"), "brand.yaml:", "did you mean"),
    "bad yaml": (_append("brand.yaml", b"a: [\n"), "brand.yaml:", "mend the YAML"),
    "twice the same id": (
        _append("faq/delivery.fr.md", ENTRY),
        "faq/delivery.fr.md:",
        "delivery-cost",
    ),
    "encoding": (_append("faq/delivery.fr.md", b"Caf\xe9\n"), "faq/delivery.fr.md:", "UTF-8"),
    "no route": (
        _replace("brand.yaml", "- {category: press,", "# {category: press,"),
        "brand.yaml",
        "press",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_pack_that_does_not_load_is_said_by_every_command(
    case: str, pack: Path, tmp_path: Path
) -> None:
    spoil, where, what = SPOILT[case]
    spoil(pack)
    messages = write(tmp_path / "in.jsonl", [{"id": "1", "text": "Bonjour"}])
    out = tmp_path / "out.jsonl"
    for words in (["lint", pack], ["draft", "--brand", pack, "--in", messages, "--out", out]):
        said = run(*words, code=2).stderr
        assert where in said
        assert what in said
    assert not out.exists()


def test_lint_names_an_expired_statement(pack: Path) -> None:
    statements = pack / "statements" / "holding.md"
    text = statements.read_text("utf-8").replace(
        "kind: holding", "kind: holding\nvalid_until: 2020-01-31", 1
    )
    statements.write_text(text, "utf-8")
    done = run("lint", pack, code=1)
    assert "statements/holding.md" in done.stdout
    assert "2020-01-31" in done.stdout


def test_an_empty_faq_loads_and_every_question_goes_to_a_person(pack: Path, tmp_path: Path) -> None:
    for file in (pack / "faq").iterdir():
        file.unlink()
    questions = ["Quels sont vos délais de livraison ?", "How much does delivery cost?"]
    source = write(
        tmp_path / "in.jsonl", [{"id": str(n), "text": q} for n, q in enumerate(questions)]
    )
    out = tmp_path / "out.jsonl"
    run("draft", "--brand", pack, "--in", source, "--out", out)
    for row in records(out):
        assert row["passages"] == []
        assert row["draft"]["citations"] == []
        assert row["route"] in {"escalate", "reply_and_escalate", "hold"}


def test_a_full_disk_is_said_and_the_device_survives(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": "1", "text": "Bonjour Zanzibelle"}])
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    said = run("redact", "--in", source, "--out", full, code=1).stderr
    assert "No space left" in said
    assert PRIVATE not in said
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("where", ["file/out.jsonl", "nowhere/out.jsonl"])
def test_an_output_that_cannot_be_written_is_said(where: str, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": "1", "text": "Bonjour"}])
    (tmp_path / "file").write_text("")
    said = run("redact", "--in", source, "--out", tmp_path / where, code=1).stderr
    assert "cannot be written" in said
    assert "--out" in said


def test_an_output_is_kept_when_the_new_one_does_not_fit(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [{"id": "1", "text": "Bonjour"}])
    out = tmp_path / "out.jsonl"
    out.write_text("kept")
    run("redact", "--in", source, "--out", out, code=1, before=small_files(10))
    assert out.read_text() == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def small_files(limit: int) -> Callable[[], None]:
    """Let no file grow over `limit` bytes: a full disk that binds root as well."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def test_a_workspace_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    space = tmp_path / "file" / "workspace"
    for words in (["demo", "--prepare-only"], ["work", "--once"], ["user", "list"]):
        said = run(*words, "--workspace", space, code=2).stderr
        assert str(space) in said
        assert "--workspace" in said


def test_a_busy_port_is_said_before_anything_long(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for name in ("demo", "desk"):
            said = run(name, "--workspace", tmp_path / "space", "--port", str(port), code=2).stderr
            assert f"port {port}" in said
            assert "choose another" in said
    assert not (tmp_path / "space" / "portevoix.db").exists()


def test_a_demo_killed_at_any_moment_goes_on_where_it_stopped(tmp_path: Path) -> None:
    space = tmp_path / "space"
    for is_reached in (has_brand, has_messages, has_some_drafts):
        kill_when(space, is_reached)
    run("demo", "--prepare-only", "--workspace", space)
    inbox = {row["id"] for row in records(space / "inbox" / "inbox.jsonl")}
    taken = column(space, "SELECT external_id FROM messages")
    assert len(taken) == len(inbox)
    assert set(taken) == inbox
    assert len(column(space, "SELECT message_id FROM items")) == len(inbox)
    assert len(set(column(space, "SELECT item_id FROM drafts"))) == len(inbox)
    assert len(column(space, "SELECT item_id FROM drafts")) == len(inbox)


def kill_when(space: Path, is_reached: Callable[[Path], bool]) -> None:
    words = command("demo", "--prepare-only", "--workspace", space)
    with subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL) as demo:
        deadline = time.monotonic() + 120
        while not is_reached(space) and demo.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert demo.poll() is None, "the demo was done before it could be killed"
        os.kill(demo.pid, signal.SIGKILL)


def has_brand(space: Path) -> bool:
    return (space / "brands").exists()


def has_messages(space: Path) -> bool:
    return bool(column(space, "SELECT id FROM messages LIMIT 1"))


def has_some_drafts(space: Path) -> bool:
    return len(column(space, "SELECT item_id FROM drafts LIMIT 20")) >= 20


def column(space: Path, query: str) -> list[str]:
    try:
        database = sqlite3.connect(f"file:{space / 'portevoix.db'}?mode=ro", uri=True)
        try:
            return [row[0] for row in database.execute(query)]
        finally:
            database.close()
    except sqlite3.OperationalError:
        return []


def test_an_ingest_killed_and_started_again_writes_each_entry_once(
    pack: Path, tmp_path: Path
) -> None:
    source = tmp_path / "faq.csv"
    rows = "".join(f"q{n},Question numéro {n} ?,Réponse numéro {n}.\n" for n in range(300))
    source.write_text(f"id,question,answer\n{rows}", "utf-8")
    words = command("ingest", source, "--brand", pack)
    files = len(list((pack / "faq").iterdir()))
    with subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL) as ingest:
        while len(list((pack / "faq").iterdir())) == files and ingest.poll() is None:
            time.sleep(0.001)
        ingest.kill()
    run("ingest", source, "--brand", pack)
    text = "".join(path.read_text("utf-8") for path in (pack / "faq").glob("*.md"))
    assert [text.count(f"id: q{n}\n") for n in range(300)] == [1] * 300
    assert [path.name for path in (pack / "faq").iterdir() if path.suffix != ".md"] == []
