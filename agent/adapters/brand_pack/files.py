"""The files of a pack: found, kept inside the pack, decoded, and hashed into its version."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agent.adapters.brand_pack.wording import PackWording as Wording
from agent.domain.base import nfc
from agent.domain.ids import GuidelineVersion
from knowledge.problems import Problem

POLICY = "brand.yaml"
EXEMPLARS = "exemplars.yaml"
PROSE_FOLDERS = ("guidelines", "faq", "statements")
_BOM = b"\xef\xbb\xbf"
_MOST_BYTES = 5_000_000
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class PackFiles:
    """The texts of a pack by relative path, and what kept others from being read."""

    texts: dict[str, str] = field(default_factory=dict)
    """Unicode NFC, line ends `\\n`, without byte-order mark."""
    digests: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def inside(self, folder: str) -> list[str]:
        """Return the paths under `folder`, sorted."""
        return [path for path in sorted(self.texts) if path.startswith(f"{folder}/")]

    @property
    def version(self) -> GuidelineVersion:
        """SHA-256 over the sorted relative paths and the SHA-256 of each file's bytes."""
        whole = hashlib.sha256()
        for path in sorted(self.digests):
            whole.update(f"{path}\0{self.digests[path]}\n".encode())
        return GuidelineVersion(whole.hexdigest())


def read_files(folder: Path) -> PackFiles:
    """Read the pack's own files; `evals/`, `inbox/` and hidden files are not part of it."""
    files = PackFiles()
    root = folder.resolve()
    if not folder.is_dir():
        files.problems.append(Problem.told(str(folder), None, Wording.NOT_A_FOLDER))
        return files
    for path in _candidates(folder):
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(root):
            files.problems.append(Problem.told(name, None, Wording.LINK_OUTSIDE))
        elif path.is_file():
            _read(path, name, files)
    if POLICY not in files.digests and not any(p.file == POLICY for p in files.problems):
        files.problems.insert(0, Problem.told(POLICY, None, Wording.NO_POLICY))
    return files


def files_of(texts: Mapping[str, str]) -> PackFiles:
    """Return the files of a pack that is not in a folder: a proposal, an archived version.

    What `read_files` passes over in a folder, the brand's own eval cases, is passed over here.
    """
    files = PackFiles()
    for name in sorted(texts):
        if name in {POLICY, EXEMPLARS} or name.split("/", 1)[0] in PROSE_FOLDERS:
            _take(texts[name].encode("utf-8"), name, files)
    if POLICY not in files.digests:
        files.problems.insert(0, Problem.told(POLICY, None, Wording.POLICY_GONE))
    return files


def _candidates(folder: Path) -> list[Path]:
    found = [folder / POLICY, folder / EXEMPLARS]
    for name in PROSE_FOLDERS:
        top = folder / name
        found.extend([top] if top.is_symlink() else sorted(top.rglob("*")))
    hidden = (
        path for path in found if any(p.startswith(".") for p in path.parts[len(folder.parts) :])
    )
    passed_over = set(hidden)
    return [
        path for path in found if path not in passed_over and (path.exists() or path.is_symlink())
    ]


def _read(path: Path, name: str, files: PackFiles) -> None:
    if path.suffix not in {".md", ".yaml"}:
        files.warnings.append(Problem.told(name, None, Wording.FILE_PASSED_OVER, file=path.name))
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = str(error.strerror)
        files.problems.append(Problem.told(name, None, Wording.FILE_CLOSED, problem=problem))
        return
    _take(data, name, files)


def _take(data: bytes, name: str, files: PackFiles) -> None:
    files.digests[name] = hashlib.sha256(data).hexdigest()
    problem = _decode(data, name, files)
    if problem:
        files.problems.append(problem)


def _decode(data: bytes, name: str, files: PackFiles) -> Problem | None:
    if len(data) > _MOST_BYTES:
        size, most = len(data), _MOST_BYTES
        return Problem.told(name, None, Wording.FILE_LARGE, size=size, most=most)
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Problem.told(name, line, Wording.FILE_NOT_UTF8)
    text = nfc(text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := _INVISIBLE.search(text):
        line = text[: found.start()].count("\n") + 1
        return Problem.told(name, line, Wording.FILE_INVISIBLE)
    files.texts[name] = text
    return None
