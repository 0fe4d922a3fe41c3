"""Redaction: span recall, precision, leaks and speed, on the French set and presidio_research.

    python benchmarks/redaction.py             both sets, development and test split apart
    python benchmarks/redaction.py --misses    also the development misses, to work on
    python benchmarks/redaction.py --json F    also into the file F, for the model card

A span is *found* when spans of its own type cover every letter and digit of it, *whole* when one
span of its type has its very start and end, *masked* when spans of any type cover it, and *leaks*
when its text is still readable after redaction. Intervals are Wilson's, 95 %. presidio_research is
split in two halves by template, so that no sentence of one is a variant of the other's.
"""

import argparse
import hashlib
import json
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from agent.adapters.redactor import PresidioRedactor
from agent.domain.redaction import PersonalDataSpan, Redaction

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("PORTEVOIX_DATA", ROOT.parent / "shared" / "data"))
FRENCH_SET = ROOT / "tests" / "data" / "redaction_fr.jsonl"
PRESIDIO_SET = DATA / "presidio_research" / "synth_dataset_v2.json"
# The fictional brand to which the messages of the French set are addressed.
BRAND_NAMES = ("Maison Brume",)
BRAND_CONTACTS = ("contact@maisonbrume.fr", "09 70 80 90 00", "https://www.maisonbrume.fr")
OUR_TYPE = {
    "PERSON": "PERSON", "STREET_ADDRESS": "ADDRESS", "CREDIT_CARD": "CARD",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL", "IBAN_CODE": "IBAN", "IP_ADDRESS": "IP",
    "DOMAIN_NAME": "URL_PERSONAL",
    "US_SSN": "NIR", "US_DRIVER_LICENSE": "NIR",
}  # fmt: skip
# Part of an address, or counted elsewhere: neither asked for nor held against us.
NEUTRAL = {"GPE": "ADDRESS", "ZIP_CODE": "ADDRESS", "TITLE": "PERSON"}
STRUCTURED = ("EMAIL", "PHONE", "CARD", "IBAN", "IP", "URL_PERSONAL", "NIR", "ADDRESS")


_Z = 1.96
_HEADER = (
    f"  {'type':14}{'spans':>6}{'found':>8}{'interval':>14}{'whole':>8}{'masked':>8}{'leaked':>8}"
    f"{'precision':>11}"
)


class Gold(NamedTuple):
    type: str
    start: int
    end: int
    is_neutral: bool = False


class Message(NamedTuple):
    id: str
    split: str
    text: str
    gold: tuple[Gold, ...]


class Tally:
    """Counts of one split: by type, and over the clean messages."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.whole: Counter[str] = Counter()
        self.masked: Counter[str] = Counter()
        self.leaked: Counter[str] = Counter()
        self.predicted: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.clean = 0
        self.touched = 0
        self.misses: list[str] = []


def french_messages(path: Path = FRENCH_SET) -> Iterator[Message]:
    """Read the project's own set: id, split, text and spans a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = tuple(Gold(one["type"], one["start"], one["end"]) for one in row["spans"])
        yield Message(row["id"], row["split"], row["text"], gold)


def presidio_messages(path: Path = PRESIDIO_SET) -> Iterator[Message]:
    """Read presidio_research; the half is drawn from the hash of the template's number."""
    for number, row in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        drawn = hashlib.sha256(f"presidio_research/{row['template_id']}".encode()).digest()[0]
        split = "dev" if drawn % 2 == 0 else "test"
        gold = tuple(filter(None, map(_gold, row["spans"])))
        yield Message(f"{row['template_id']}/{number}", split, row["full_text"], gold)


def _gold(span: dict[str, Any]) -> Gold | None:
    start, end, kind = span["start_position"], span["end_position"], span["entity_type"]
    if kind in OUR_TYPE:
        return Gold(OUR_TYPE[kind], start, end)
    return Gold(NEUTRAL[kind], start, end, is_neutral=True) if kind in NEUTRAL else None


def score(messages: Iterable[Message], redactor: PresidioRedactor) -> dict[str, Tally]:
    """Redact every message and return the counts by split."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for message in messages:
        redaction = redactor.redact(message.text)
        _count(tallies[message.split], message, redaction)
    return dict(tallies)


def _count(tally: Tally, message: Message, redaction: Redaction) -> None:
    asked = [gold for gold in message.gold if not gold.is_neutral]
    if not asked:
        tally.clean += 1
        tally.touched += bool(redaction.spans)
        if redaction.spans:
            tally.misses.append(f"{message.id} CLEAN -> {redaction.text!r}")
    for gold in asked:
        own = [span for span in redaction.spans if span.type == gold.type]
        is_found = covers(own, message.text, gold)
        tally.total[gold.type] += 1
        tally.found[gold.type] += is_found
        place = (gold.start, gold.end)
        tally.whole[gold.type] += any((span.start, span.end) == place for span in own)
        tally.masked[gold.type] += covers(redaction.spans, message.text, gold)
        tally.leaked[gold.type] += _is_readable(message.text[gold.start : gold.end], redaction)
        if not is_found:
            value = message.text[gold.start : gold.end]
            tally.misses.append(f"{message.id} {gold.type} {value!r} -> {redaction.text!r}")
    for span in redaction.spans:
        tally.predicted[span.type] += 1
        tally.right[span.type] += any(
            gold.type == span.type and gold.start < span.end and span.start < gold.end
            for gold in message.gold
        )


def covers(spans: Iterable[PersonalDataSpan], text: str, gold: Gold) -> bool:
    """Say whether the spans together cover every letter and digit of `gold`."""
    places = {at for span in spans for at in range(span.start, span.end)}
    return all(at in places for at in range(gold.start, gold.end) if text[at].isalnum())


def _is_readable(value: str, redaction: Redaction) -> bool:
    position = redaction.text.find(value)
    while position != -1:
        around = redaction.text[max(0, position - 1) : position + len(value) + 1]
        if not (around[:1].isalnum() and position) and not around[len(value) + 1 :].isalnum():
            return True
        position = redaction.text.find(value, position + 1)
    return False


def throughput(texts: list[str], redactor: PresidioRedactor, seconds: float = 3.0) -> float:
    """Return messages redacted per second of processor time, one thread."""
    started, done = time.process_time(), 0
    while time.process_time() - started < seconds:
        redactor.redact(texts[done % len(texts)])
        done += 1
    return done / (time.process_time() - started)


def report(title: str, tallies: dict[str, Tally], print_line: Callable[[str], None]) -> None:
    """Print a table for each split: shares, and the 95 % interval of what was found."""
    for split, figures in all_figures(tallies).items():
        print_line(f"\n{title}, {split} split")
        print_line(_HEADER)
        for row in figures["types"]:
            print_line(_line(row))
        touched = figures["clean"]
        print_line(
            f"  messages without personal data touched: {touched['part']}/{touched['whole']}"
            f" {_shown(touched)}"
        )


def all_figures(tallies: dict[str, Tally]) -> dict[str, Any]:
    """Return the figures of every split as plain data, for the table and for `--json`."""
    return {
        split: {
            "types": [_figures(name, tally, kinds) for name, kinds in _rows(tally)],
            "clean": share(tally.touched, tally.clean),
        }
        for split, tally in sorted(tallies.items())
    }


def _rows(tally: Tally) -> Iterator[tuple[str, Iterable[str]]]:
    for kind in sorted(tally.total, key=lambda one: -tally.total[one]):
        yield kind, [kind]
    yield "structured", STRUCTURED
    yield "all", tuple(tally.total)


def _figures(name: str, tally: Tally, kinds: Iterable[str]) -> dict[str, Any]:
    chosen = [kind for kind in kinds if kind in tally.total]
    total = sum(tally.total[kind] for kind in chosen)
    counts = {
        column: share(sum(counter[kind] for kind in chosen), total)
        for column, counter in (
            ("found", tally.found),
            ("whole", tally.whole),
            ("masked", tally.masked),
            ("leaked", tally.leaked),
        )
    }
    right, predicted = (sum(one[kind] for kind in chosen) for one in (tally.right, tally.predicted))
    return {"type": name, "spans": total, **counts, "precision": share(right, predicted)}


def share(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its 95 % interval (Wilson's score interval, 1927)."""
    if not whole:
        return {"part": part, "whole": whole, "share": None, "low": None, "high": None}
    at, z2 = part / whole, _Z * _Z
    centre = (at + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z * math.sqrt(at * (1 - at) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return {
        "part": part,
        "whole": whole,
        "share": round(at, 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def _line(row: dict[str, Any]) -> str:
    found = row["found"]
    interval = f"{found['low']:.3f}-{found['high']:.3f}" if found["whole"] else "-"
    columns = "".join(f"{_short(row[name]):>8}" for name in ("whole", "masked", "leaked"))
    return (
        f"  {row['type']:14}{row['spans']:6}{_short(found):>8}{interval:>14}{columns}"
        f"{_short(row['precision']):>11}"
    )


def _short(figure: dict[str, Any]) -> str:
    return "-" if figure["share"] is None else f"{figure['share']:.3f}"


def _shown(figure: dict[str, Any]) -> str:
    if figure["share"] is None:
        return "-"
    return f"{figure['share']:.3f} ({figure['low']:.3f}-{figure['high']:.3f})"


def data_sets() -> dict[str, list[Message]]:
    """Return the sets that are there, by title."""
    sets = {"French set": list(french_messages())}
    if PRESIDIO_SET.exists():
        sets["presidio_research"] = list(presidio_messages())
    return sets


def measure(messages: list[Message], redactor: PresidioRedactor) -> dict[str, Any]:
    """Return every figure of one set, speed included, and the development misses."""
    tallies = score(messages, redactor)
    texts = [message.text for message in messages]
    return {
        "tallies": tallies,
        "messages_per_second": round(throughput(texts, redactor)),
        "characters_on_average": round(sum(map(len, texts)) / len(texts)),
    }


def main() -> None:
    """Print every figure, and write them down where `--json` says."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--misses", action="store_true", help="print the development misses")
    options.add_argument("--json", type=Path, metavar="PATH", help="write the figures as JSON")
    chosen = options.parse_args()
    redactor = PresidioRedactor(public_contacts=BRAND_CONTACTS, brand_names=BRAND_NAMES)
    written: dict[str, Any] = {}
    for title, messages in data_sets().items():
        measured = measure(messages, redactor)
        tallies = measured.pop("tallies")
        report(title, tallies, print)
        if chosen.misses:
            print("\n".join(tallies["dev"].misses))
        speed, length = measured["messages_per_second"], measured["characters_on_average"]
        print(f"  {speed} messages/s on one core ({length} characters on average)")
        written[title] = {**all_figures(tallies), **measured}
    if chosen.json:
        chosen.json.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
