"""The real Chroma in a temporary folder: what is written, what is left, and what goes wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.chroma_index import IndexReport, embedded, open_index, update_index
from knowledge.index_lock import IndexInUse, IndexUnusable, own, release, release_all
from knowledge.passages import Language, Passage

NOBODY = 65534


def passage(name: str, answer: str) -> Passage:
    return Passage(id=name, lang=Language.FR, question=f"Question {name} ?", answer=answer)


PASSAGES = [passage("a", "Réponse a."), passage("b", "Réponse b."), passage("c", "Réponse c.")]


@pytest.fixture(autouse=True)
def _no_folder_stays_owned() -> Iterator[None]:
    yield
    release_all()


def stored(folder: Path) -> dict[str, str]:
    """Return key -> content hash of what a fresh client reads."""
    return {key: str(one["content_hash"]) for key, one in embedded(folder).stored().items()}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert update_index(tmp_path, PASSAGES) == IndexReport(3, 0, 0, 0)
    before = stored(tmp_path)
    changed = [PASSAGES[0], passage("b", "Une autre réponse."), passage("d", "Réponse d.")]
    assert update_index(tmp_path, changed) == IndexReport(1, 1, 1, 1)
    after = stored(tmp_path)
    assert after.keys() == {"a@fr", "b@fr", "d@fr"}
    assert after["a@fr"] == before["a@fr"]
    assert after["b@fr"] != before["b@fr"]


def test_a_second_update_writes_nothing(tmp_path: Path) -> None:
    update_index(tmp_path, PASSAGES)
    assert update_index(tmp_path, PASSAGES) == IndexReport(0, 0, 0, 3)


def test_a_field_that_vanishes_is_gone(tmp_path: Path) -> None:
    linked = PASSAGES[0].model_copy(update={"link": "https://exemple.fr/aide"})
    update_index(tmp_path, [linked])
    assert embedded(tmp_path).stored()["a@fr"]["link"] == "https://exemple.fr/aide"
    update_index(tmp_path, PASSAGES[:1])
    assert "link" not in embedded(tmp_path).stored()["a@fr"]


def test_more_passages_than_one_batch(tmp_path: Path) -> None:
    many = [passage(str(number), "Oui.") for number in range(2100)]
    assert update_index(tmp_path, many).added == 2100
    assert len(stored(tmp_path)) == 2100


def test_an_emptied_faq_empties_the_index(tmp_path: Path) -> None:
    update_index(tmp_path, PASSAGES)
    assert update_index(tmp_path, []).deleted == 3
    assert stored(tmp_path) == {}


@pytest.mark.parametrize("size", [None, 5000])
def test_a_broken_index_is_one_clear_error_with_its_mend(tmp_path: Path, size: int | None) -> None:
    update_index(tmp_path, PASSAGES)
    copy = tmp_path / "copy"
    copy.mkdir()
    whole = (tmp_path / "chroma.sqlite3").read_bytes()
    (copy / "chroma.sqlite3").write_bytes(whole[:size] if size else b"not a database " * 999)
    with pytest.raises(IndexUnusable, match=r"copy cannot be used: .*delete the folder.*index"):
        update_index(copy, PASSAGES)


def test_after_the_mend_the_index_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"not a database " * 999)
    with pytest.raises(IndexUnusable):
        open_index(folder, PASSAGES)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert update_index(folder, PASSAGES).added == 3


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "index"
    in_the_way.write_text("notes", encoding="utf-8")
    with pytest.raises(IndexUnusable, match="Let this user write there, or name another workspace"):
        update_index(in_the_way, PASSAGES)


TRY_AS_A_GUEST = f"""
import os, sys
from pathlib import Path
import chromadb, knowledge.chroma_index as index
from knowledge.index_lock import IndexUnusable
if os.getuid() == 0:
    os.setgid({NOBODY}); os.setuid({NOBODY})
try:
    index.update_index(Path(sys.argv[1]), [])
except IndexUnusable as error:
    print(error)
"""
"""Root may write anywhere, so the child gives its rights up before it tries."""


def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update_index(folder, PASSAGES)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in [*tmp_path.parents, tmp_path]:
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", TRY_AS_A_GUEST, str(folder)],
        capture_output=True, text=True, check=True, timeout=120, env={**os.environ, "HOME": "/"},
    )  # fmt: skip
    folder.chmod(0o755)
    assert "cannot be used: Permission denied" in done.stdout
    assert "Let this user write there" in done.stdout


HOLD = """
import sys
from pathlib import Path
from knowledge.index_lock import own
own(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_is_told_who_has_the_index(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(
            IndexInUse, match=rf"in use by process {holder.pid}\. Stop that process"
        ):
            update_index(tmp_path, PASSAGES)
    finally:
        holder.communicate(timeout=30)
    assert update_index(tmp_path, PASSAGES).added == 3


def test_a_killed_owner_leaves_the_index_free(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.kill()
    holder.communicate(timeout=30)
    assert update_index(tmp_path, PASSAGES).added == 3


def test_one_process_may_own_twice_and_the_last_release_frees(tmp_path: Path) -> None:
    own(tmp_path)
    own(tmp_path)
    release(tmp_path)
    assert "held" not in tried_by_another(tmp_path)
    release(tmp_path)
    assert "held" in tried_by_another(tmp_path)


def tried_by_another(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HOLD, str(folder)],
        input="", capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout
