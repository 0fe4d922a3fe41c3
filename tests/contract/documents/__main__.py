"""Hold our adapters' requests, and our stand-ins' answers, against the vendors' own documents.

    python -m tests.contract.documents FOLDER

FOLDER holds the documents under the names below; they are not part of this repository. The tests of
the channels are run, and what goes to and fro is checked. Ends with 1 if anything is found.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.contract.documents.document import Document, Exchange
from tests.integration.channels.vendors import Vendor

_TESTS = "tests/integration/channels/test_vendors.py"


class Source(NamedTuple):
    """Where the document of a stand-in's vendor is."""

    file: str
    wrong: str = ""
    """What the document gets wrong, so that a finding which ends so is none."""


SOURCES = {
    "Discord": Source("discord_openapi.json"),
    # Written from an example in which no post answers another: Discourse itself gives a number.
    "Discourse": Source("discourse_openapi.json", ".reply_to_post_number: type is not kept"),
    "Mastodon": Source("mastodon_openapi.json"),
}
"""By the name of the stand-in."""


class Record:
    """Every exchange of a run, by stand-in."""

    def __init__(self) -> None:
        self.exchanges: dict[str, list[Exchange]] = {name: [] for name in SOURCES}

    def __call__(self, vendor: str, exchange: Exchange) -> None:
        if vendor in self.exchanges:
            self.exchanges[vendor].append(exchange)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def report(name: str, document: Document, exchanges: list[Exchange], wrong: str) -> int:
    """Print what was checked and what was found; return the number of findings."""
    findings: Counter[str] = Counter()
    for exchange in exchanges:
        found = _findings(document, exchange)
        findings.update(line for line in found if not wrong or not line.endswith(wrong))
    _say(f"{name}: {len(exchanges)} requests, {len(exchanges)} answers, {len(findings)} findings")
    for line, times in sorted(findings.items()):
        _say(f"  {line} ({times} times)")
    return len(findings)


def _findings(document: Document, exchange: Exchange) -> set[str]:
    operation = document.operation(exchange)
    if operation is None:
        return {f"{exchange.method} {exchange.path}: no such request in the document"}
    label = f"{exchange.method} {operation.template}"
    asked = {f"{label}: request: {line}" for line in document.of_request(operation, exchange)}
    answered = document.of_answer(operation, exchange)
    return asked | {f"{label}: answer {exchange.code}: {line}" for line in answered}


def main(folder: Path) -> int:
    """Run the tests and check; return the exit code."""
    missing = [s.file for s in SOURCES.values() if not (folder / s.file).is_file()]
    if missing:
        _say(f"{folder} lacks {', '.join(missing)}; give the folder of the vendors' documents")
        return 2
    record = Record()
    Vendor.watch = record
    outcome = pytest.main(["-q", "-p", "no:cacheprovider", _TESTS, "-k", " or ".join(SOURCES)])
    found = sum(
        report(name, Document(folder / s.file), record.exchanges[name], s.wrong)
        for name, s in SOURCES.items()
    )
    is_empty = not all(record.exchanges.values())
    return int(bool(outcome) or bool(found) or is_empty)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
