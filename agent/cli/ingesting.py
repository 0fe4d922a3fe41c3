"""`portevoix ingest`: documents into the FAQ folder of a pack, one report a document."""

from collections.abc import Iterator
from pathlib import Path

from agent.domain.errors import BrandPackError, PortevoixError
from knowledge.sources import SourceReport, WriteReport, read_sources, write_faq


def ingest_into(source: Path, brand: Path) -> Iterator[tuple[SourceReport, WriteReport]]:
    """Read each document and write its new entries; entries already there are left alone.

    Raises:
        BrandPackError: `brand` is not a pack.
        PortevoixError: there is no such document.
    """
    if not (brand / "brand.yaml").is_file():
        raise BrandPackError(f"{brand}: no brand.yaml there; make a pack with: portevoix init")
    if not source.exists():
        raise PortevoixError(f"{source}: no such file or folder")
    for report in read_sources(source):
        yield report, write_faq(report.entries, brand / "faq")
