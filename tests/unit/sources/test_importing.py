"""Documents into a proposal's FAQ: good and bad side by side, and every part accounted for."""

import pytest

from agent.services.packs import Imported, import_documents

OWN = "# Livraison\n\n## Quel délai ?\n```yaml\nid: delay\nlang: fr\n```\nTrois jours.\n"
TEXTS = {"brand.yaml": "id: x\n", "faq/own.fr.md": OWN, "guidelines/a.md": "# A\n"}
GOOD = (
    b"id,lang,question,answer\n"
    b"gift,fr,Faites-vous des cartes cadeaux ?,Oui en boutique.\n"
    b"delay,fr,Quel d\xc3\xa9lai ?,Dix jours.\n"
    b"empty,fr,Et sans reponse ?,\n"
)
BAD = {
    "broken.pdf": b"%PDF-1.7 and then nothing",
    "broken.docx": b"PK\x03\x04 nothing",
    "broken.xlsx": b"no workbook",
    "lines.jsonl": b"{broken\n[]\n",
    "latin.exe": b"MZ",
    "nothing.md": b"",
    "bytes.csv": bytes(range(256)),
}


def _lost(one: Imported) -> int:
    """Entries read that are neither written nor told to be there already."""
    return len(one.read.entries) - len(one.written.written) - len(one.written.kept)


def test_good_and_bad_documents_side_by_side_each_have_their_report() -> None:
    names = [*list(BAD)[:3], "faq.csv", *list(BAD)[3:]]
    given = [(name, GOOD if name == "faq.csv" else BAD[name]) for name in names]
    changes, reports = import_documents(TEXTS, given)
    assert [one.name for one in reports] == names
    assert [_lost(one) for one in reports] == [0] * len(names)
    by_name = {one.name: one for one in reports}
    for name in BAD:
        assert by_name[name].read.problems, name
        assert not by_name[name].written.written, name
    good = by_name["faq.csv"]
    assert [passage.id for passage in good.written.written] == ["gift"]
    assert [passage.id for passage in good.written.kept] == ["delay"]
    assert len(good.read.empties) == 1
    assert len(good.read.entries) + len(good.read.problems) + len(good.read.skipped) == 3
    ((path, text),) = changes.items()
    assert path.startswith("faq/")
    assert text is not None
    assert "Oui en boutique." in text
    assert "Dix jours." not in "".join(map(str, changes.values()))


def test_documents_that_give_nothing_change_nothing() -> None:
    changes, reports = import_documents(TEXTS, BAD.items())
    assert changes == {}
    assert len(reports) == len(BAD)


def test_the_same_document_twice_is_written_once_and_told_twice() -> None:
    changes, (first, second) = import_documents(TEXTS, [("a.csv", GOOD), ("a.csv", GOOD)])
    assert len(first.written.written) == 1
    assert not second.written.written
    assert {passage.id for passage in second.written.kept} == {"gift", "delay"}
    assert len(changes) == 1
    again, _ = import_documents(
        {**TEXTS, **{p: str(t) for p, t in changes.items()}}, [("a.csv", GOOD)]
    )
    assert again == {}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../brand.csv", "brand.csv"),
        ("C:\\Documents\\faq été.csv", "faq été.csv"),
        ("/etc/faq.csv", "faq.csv"),
        ("..", "document"),
        ("", "document"),
        (".csv", "csv"),
        ("a\x00b.csv", "ab.csv"),
        (f"{'é' * 400}.csv", f"{'é' * 60}.csv"),
    ],
)
def test_a_name_says_what_kind_a_document_is_and_nothing_more(name: str, kept: str) -> None:
    changes, (one,) = import_documents(TEXTS, [(name, GOOD)])
    assert one.name == kept
    assert bool(changes) == kept.endswith(".csv")
    assert all(path.startswith("faq/") and ".." not in path for path in changes)
    assert bool(one.read.problems) or changes
