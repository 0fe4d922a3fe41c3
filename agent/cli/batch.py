"""draft, triage, redact, check, search: JSONL in, JSONL out, for programs and for trying things."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.console import BadLines, progress, whole_file

if TYPE_CHECKING:
    from agent.domain.messages import InboundMessage
    from agent.settings import Settings

Brand = Annotated[Path, typer.Option("--brand", help="Folder of the brand pack.")]


def _or_standard_input(path: Path) -> Path:
    return Path("/dev/stdin") if str(path) == "-" else path


In = Annotated[
    Path,
    typer.Option(
        "--in", help="Input, JSONL or CSV, UTF-8; -: standard input.", callback=_or_standard_input
    ),
]
Out = Annotated[
    Path,
    typer.Option("--out", help="Output, JSONL; replaced when complete; -: standard output."),
]
Now = Annotated[
    datetime | None,
    typer.Option("--now", help="The time to work at (UTC), for repeatable runs. Default: now."),
]
Workers = Annotated[
    int, typer.Option(min=0, help="Processes; 0: one for few messages, else one a core.")
]


def register(app: typer.Typer) -> None:
    """Add the batch commands."""
    app.command(rich_help_panel="Messages")(draft)
    app.command(rich_help_panel="Messages")(triage)
    app.command(rich_help_panel="Messages")(redact)
    app.command(rich_help_panel="Messages")(check)
    app.command(rich_help_panel="Messages")(search)


def draft(
    brand: Brand,
    source: In,
    out: Out,
    now: Now = None,
    workers: Workers = 0,
    drafter: Annotated[
        str,
        typer.Option(help="`settings`: the chat model if one is set; `extractive`: never."),
    ] = "settings",
) -> None:
    """Draft a reply and an escalation decision for each message; nothing is posted.

    Input lines: {"id", "text"} and optionally channel, surface, lang, author, created_at, thread.
    """
    from agent.cli.drafting import Plan, draft_lines

    plan = Plan(brand, now, workers, _settings_of(drafter))
    _write_messages(source, out, lambda messages: draft_lines(plan, messages))


def _settings_of(drafter: str) -> "Settings | None":
    from agent.domain.errors import ConfigurationError
    from agent.settings import load_settings

    if drafter not in {"settings", "extractive"}:
        raise ConfigurationError(f"--drafter {drafter}: write settings or extractive")
    return load_settings() if drafter == "settings" else None


def triage(brand: Brand, source: In, out: Out, now: Now = None, workers: Workers = 0) -> None:
    """Say what each message is and where the brand's matrix sends it."""
    from agent.cli.drafting import Plan, triage_lines

    plan = Plan(brand, now, workers)
    _write_messages(source, out, lambda messages: triage_lines(plan, messages))


def redact(source: In, out: Out) -> None:
    """Mask personal data; spans are offsets in the input text."""
    from agent.bootstrap import build_redactor
    from agent.cli.records import redaction_record
    from agent.cli.redacting import redact_in_place

    bad = BadLines(source)
    redactor = build_redactor(None)
    written = 0
    with whole_file(out) as stream:
        for _, identifier, record in _unique_records(source, bad):
            redaction = redact_in_place(redactor, record["text"])
            stream.write(_json(redaction_record(identifier, redaction)))
            written += 1
    bad.finish(written, out)


def check(brand: Brand, source: In, out: Out, now: Now = None) -> None:
    """Run the rubric on any reply, whoever wrote it.

    Input lines: {"id", "message", "reply"} and optionally channel, surface, lang, thread,
    passages ([{"id", "text"}]), brand, register, competitors, products for that line.
    """
    from agent.cli.checking import ReplyChecker
    from agent.domain.errors import InputLineError

    bad = BadLines(source)
    checker = ReplyChecker(brand, _utc(now))
    written = 0
    with whole_file(out) as stream:
        for number, _, record in _unique_records(source, bad, text_key="reply"):
            try:
                stream.write(_json(checker.check(number, record)))
            except InputLineError as error:
                bad.report(error)
                continue
            written += 1
    bad.finish(written, out)


def search(
    source: In,
    out: Out,
    faq: Annotated[
        Path, typer.Option(help="FAQ: {id, question, aliases?, answer?, lang?} a line.")
    ],
    top: Annotated[int, typer.Option(min=1, max=100, help="Hits a query.")] = 10,
) -> None:
    """Find the FAQ entries that answer each query, with the probability that the first is right.

    Query lines: {"id", "text"} ("query" or "question" are read as "text").
    """
    from agent.cli.searching import faq_entries, search_lines

    bad_faq, bad = BadLines(faq), BadLines(source)
    entries = faq_entries(faq, bad_faq)
    queries = [
        (identifier, record["text"]) for _, identifier, record in _unique_records(source, bad)
    ]
    written = 0
    with whole_file(out) as stream:
        for hit in progress(search_lines(entries, queries, top), "Searching", len(queries)):
            stream.write(_json(hit))
            written += 1
    bad.count += bad_faq.count
    bad.finish(written, out)


def _write_messages(source: Path, out: Path, work: Any) -> None:
    bad = BadLines(source)
    messages = list(_messages(source, bad))
    written = 0
    with whole_file(out) as stream:
        for record in progress(work(messages), "Drafting", len(messages)):
            stream.write(_json(record))
            written += 1
    bad.finish(written, out)


def _messages(source: Path, bad: BadLines) -> "Iterator[InboundMessage]":
    from agent.adapters.files.messages import message_of
    from agent.domain.errors import InputLineError

    for number, _, record in _unique_records(source, bad):
        try:
            yield message_of(number, record)
        except InputLineError as error:
            bad.report(error)


def _unique_records(
    source: Path, bad: BadLines, text_key: str = "text"
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    from agent.adapters.files.lines import read_lines
    from agent.adapters.files.messages import identifier_of, text_of
    from agent.domain.errors import InputLineError

    first_seen: dict[str, int] = {}
    for line in read_lines(source):
        if line.problem:
            bad.report(line.problem)
        if not line.is_readable:
            continue
        record = _with_text(line.record) if text_key == "text" else line.record
        try:
            identifier = identifier_of(line.number, record)
            text_of(line.number, record, text_key)
            _refuse_twice(first_seen, identifier, line.number)
        except InputLineError as error:
            bad.report(error)
            continue
        yield line.number, identifier, record


def _with_text(record: dict[str, Any]) -> dict[str, Any]:
    for other in ("query", "question"):
        if "text" not in record and other in record:
            return {**record, "text": record[other]}
    return record


def _refuse_twice(first_seen: dict[str, int], identifier: str, number: int) -> None:
    from agent.domain.errors import InputLineError

    if identifier in first_seen:
        problem = f"id {identifier!r} was used on line {first_seen[identifier]}"
        raise InputLineError(number, problem, "ids must be unique; this line was passed over")
    first_seen[identifier] = number


def _json(record: dict[str, Any]) -> str:
    from agent.adapters.files.lines import write_line

    return write_line(record)


def _utc(now: datetime | None) -> datetime:
    return now.replace(tzinfo=now.tzinfo or UTC) if now else datetime.now(UTC)
