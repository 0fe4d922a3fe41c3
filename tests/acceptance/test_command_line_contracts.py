"""The command-line contracts of DESIGN section 8, through the real command on the sample brand."""

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from agent.cli.records import draft_schema
from tests.acceptance.commands import BRAND, INBOX, command, environment, records, run, write

NOW = "2026-11-21T09:00:00"


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("drafts") / "drafts.jsonl"
    run("draft", "--brand", BRAND, "--in", INBOX, "--out", out, "--now", NOW)
    return records(out)


def test_every_draft_line_follows_the_schema_that_ships(drafts: list[dict[str, Any]]) -> None:
    checker = jsonschema.Draft202012Validator(
        draft_schema(), format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for line in drafts for error in checker.iter_errors(line)] == []


def test_every_message_has_its_draft_line_in_order(drafts: list[dict[str, Any]]) -> None:
    assert len(drafts) >= 150
    assert [line["id"] for line in drafts] == [row["id"] for row in records(INBOX)]


def test_no_public_draft_breaks_an_auto_fail_rule(drafts: list[dict[str, Any]]) -> None:
    broken = [
        (line["id"], check["rule"], check["reason"])
        for line in drafts
        if line["draft"]["public"]
        for check in line["checks"]
        if (check["severity"], check["verdict"]) == ("autofail", "fail")
    ]
    assert broken == []


def test_every_factual_sentence_is_cited(drafts: list[dict[str, Any]]) -> None:
    unsupported = [
        (line["id"], claim["sentence"])
        for line in drafts
        for claim in line["draft"]["claims"]
        if claim["status"] == "unsupported"
    ]
    assert unsupported == []
    for line in drafts:
        cited = {citation["sentence"] for citation in line["draft"]["citations"]}
        text = f"{line['draft']['public']} {line['draft']['private']}"
        assert all(sentence in text for sentence in cited)


def test_a_second_run_says_the_same(tmp_path: Path, drafts: list[dict[str, Any]]) -> None:
    out = tmp_path / "again.jsonl"
    run("draft", "--brand", BRAND, "--in", INBOX, "--out", out, "--now", NOW, "--workers", "2")
    without_time = [{**line, "elapsed_ms": 0} for line in records(out)]
    assert without_time == [{**line, "elapsed_ms": 0} for line in drafts]


def test_triage_is_the_triage_part_of_a_draft(tmp_path: Path, drafts: list[dict[str, Any]]) -> None:
    out = tmp_path / "triage.jsonl"
    run("triage", "--brand", BRAND, "--in", INBOX, "--out", out, "--now", NOW)
    for line, draft in zip(records(out), drafts, strict=True):
        assert line == {key: draft[key] for key in line}


def test_bad_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = tmp_path / "messages.jsonl"
    good = '{"id": "%s", "text": "Quels sont vos délais de livraison ?"}\n'
    source.write_bytes(
        (good % "a").encode()
        + b'{"id": "b", "text"\n'
        + b'{"id": "c"}\n'
        + b'{"id": "d", "text": 12}\n'
        + b'{"id": "e", "text": "caf\xe9"}\n'
        + (good % "a").encode()
        + json.dumps({"id": "f", "text": "x" * 1_000_000}).encode()
        + b"\n"
        + b'{"id": "g", "text": "bonjour \\ud83d"}\n'
        + (good % "z").encode()
    )
    out = tmp_path / "drafts.jsonl"
    done = run("draft", "--brand", BRAND, "--in", source, "--out", out, code=1)
    assert [line["id"] for line in records(out)] == ["a", "g", "z"]
    for number in (2, 3, 4, 5, 6, 7, 8):
        assert f"line {number}: " in done.stderr
    assert "caf" not in done.stderr


def test_redact_gives_offsets_in_the_input(tmp_path: Path) -> None:
    text = "Écrivez à cafe\u0301@exemple.fr ou jean.dupont@exemple.fr, tél. 06 12 34 56 78"
    source = write(tmp_path / "texts.jsonl", [{"id": "1", "text": text}, {"id": 2, "text": "Rien"}])
    out = tmp_path / "redacted.jsonl"
    run("redact", "--in", source, "--out", out)
    first, second = records(out)
    found = {span["type"]: text[span["start"] : span["end"]] for span in first["spans"]}
    assert found["EMAIL"] == "jean.dupont@exemple.fr"
    assert found["PHONE"] == "06 12 34 56 78"
    assert "jean.dupont" not in first["text"]
    assert second == {"id": "2", "text": "Rien", "spans": []}


def test_search_works_on_any_faq(tmp_path: Path) -> None:
    faq = write(
        tmp_path / "faq.jsonl",
        [
            {"id": "horaires", "question": "Quels sont vos horaires d'ouverture ?"},
            {"id": "retour", "question": "Comment retourner un article ?", "aliases": ["renvoyer"]},
            {"id": "shipping", "question": "How long does shipping take?", "lang": "en"},
        ],
    )
    queries = write(
        tmp_path / "queries.jsonl",
        [
            {"id": "q1", "text": "vs ouvrez a kel heure"},
            {"id": "q2", "text": "je veux renvoyer un article"},
        ],
    )
    out = tmp_path / "hits.jsonl"
    run("search", "--faq", faq, "--in", queries, "--out", out, "--top", "2")
    first, second = records(out)
    assert first["id"] == "q1"
    assert second["hits"][0]["id"] == "retour"
    assert all(0 <= line["answerable"] <= 1 and len(line["hits"]) <= 2 for line in (first, second))


def test_check_names_the_broken_rules(tmp_path: Path) -> None:
    rows = [
        {
            "id": "bot",
            "message": "T'es un robot ?",
            "reply": "Non, je suis Julie, une vraie personne.",
        },
        {
            "id": "price",
            "message": "C'est combien la livraison ?",
            "reply": "Bonjour, la livraison est offerte dès 30 €.",
            "passages": [{"id": "p", "text": "La livraison est offerte dès 50 €."}],
        },
        {
            "id": "rival",
            "message": "Et chez les autres ?",
            "reply": "Bonjour, Zorglub fait moins bien que nous.",
            "competitors": ["Zorglub"],
        },
    ]
    source = write(tmp_path / "replies.jsonl", rows)
    out = tmp_path / "verdicts.jsonl"
    run("check", "--brand", BRAND, "--in", source, "--out", out)
    failed = {
        line["id"]: {c["rule"].split(".")[0] for c in line["checks"] if c["verdict"] == "fail"}
        for line in records(out)
    }
    assert "X2" in failed["bot"]
    assert "X3" in failed["price"]
    assert "B5" in failed["rival"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["draft", "--brand", "nowhere", "--in", INBOX, "--out", "x"], "nowhere"),
        (["lint", "nowhere"], "nowhere"),
    ],
)
def test_a_missing_pack_is_a_configuration_error(words: list[str | Path], said: str) -> None:
    assert said in run(*words, code=2).stderr


def test_the_sample_brand_passes_its_own_lint() -> None:
    assert "0 errors" in run("lint", BRAND).stdout


def test_a_new_pack_lints_clean(tmp_path: Path) -> None:
    run("init", tmp_path / "pack", "--name", "Les Ateliers Réunis")
    assert "0 errors" in run("lint", tmp_path / "pack").stdout


def test_help_teaches() -> None:
    shown = run("--help").stdout
    for name in (
        "demo",
        "init",
        "lint",
        "index",
        "ingest",
        "draft",
        "search",
        "redact",
        "triage",
        "check",
        "work",
        "desk",
        "export",
        "doctor",
        "user",
    ):
        assert name in shown


@pytest.mark.parametrize("out", ["-", "/dev/stdout"])
def test_redact_reads_and_writes_pipes(out: str) -> None:
    done = subprocess.run(
        command("redact", "--in", "-", "--out", out),
        input='{"id": "a", "text": "abc"}\n',
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        check=True,
    )
    assert json.loads(done.stdout) == {"id": "a", "text": "abc", "spans": []}
