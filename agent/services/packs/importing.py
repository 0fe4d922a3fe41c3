"""Documents into a proposal's FAQ: each is reported, and nothing is dropped in silence."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from agent.domain.packs import Changes, changes_between
from knowledge.sources import SourceReport, WriteReport, read_source, write_faq

_FAQ = "faq/"
_LONGEST_STEM, _LONGEST_SUFFIX = 60, 12


class Imported(NamedTuple):
    """One document: what was read of it, and which of its entries are new to the FAQ."""

    name: str
    read: SourceReport
    written: WriteReport


def import_documents(
    texts: Mapping[str, str], documents: Iterable[tuple[str, bytes]]
) -> tuple[Changes, tuple[Imported, ...]]:
    """Return the changes of the FAQ that take the documents in, and the report of each.

    `texts`: the pack as it stands; entries it has (same id and language) are left alone.
    `documents`: file name and content; the name's ending says what kind it is.
    """
    with TemporaryDirectory() as scratch:
        faq, inbox = Path(scratch) / "faq", Path(scratch) / "inbox"
        inbox.mkdir()
        before = {path: text for path, text in texts.items() if path.startswith(_FAQ)}
        for path, text in before.items():
            target = Path(scratch) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
        faq.mkdir(exist_ok=True)
        reports = tuple(_taken(inbox, faq, name, data) for name, data in documents)
        after = {
            path.relative_to(scratch).as_posix(): path.read_bytes().decode("utf-8")
            for path in sorted(faq.rglob("*.md"))
        }
    kept = {path: text for path, text in before.items() if path not in after}
    return changes_between(before, {**after, **kept}), reports


def _taken(inbox: Path, faq: Path, name: str, data: bytes) -> Imported:
    path = inbox / _file_name(name)
    path.write_bytes(data)
    read = read_source(path)
    return Imported(path.name, read, write_faq(read.entries, faq))


def _file_name(name: str) -> str:
    """Return the last part of a name as a person's machine has it, fit to be a file's here."""
    last = PurePath("".join(filter(str.isprintable, name.replace("\\", "/"))))
    stem = last.stem.strip(".")[:_LONGEST_STEM]
    return (stem or "document") + last.suffix[:_LONGEST_SUFFIX]
