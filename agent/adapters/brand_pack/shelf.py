"""The folders of the packs: read whole, and changed all at once or not at all.

A change is staged beside the files in a hidden folder with a plan of what goes where; only then
does each file take its place by a rename. A plan found later means that the machine stopped in
the middle: the next reader carries it out to the end, so that nobody ever reads half a change.
A draft of a plan means that it stopped before, and is nothing: what was in force still is, or the
store has gone ahead and says so.
"""

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from errno import EACCES
from pathlib import Path

from agent.adapters.brand_pack.files import POLICY, files_of, read_files
from agent.adapters.brand_pack.load import pack_of
from agent.domain.brand import BrandPack
from agent.domain.errors import BrandPackError, ConfigurationError, FolderChanged
from agent.domain.ids import BrandId, GuidelineVersion
from agent.domain.packs import CASES_FOLDER, Changes, PackTexts, changes_between, refuse_path

STAGING = ".portevoix-change"
_PLAN = "plan.json"
_DRAFT = "plan.part"


class FolderShelf:
    """Implements `PackShelf` on one folder a brand."""

    def __init__(self, folders: Mapping[BrandId, Path]) -> None:
        self._folders = dict(folders)

    def folder(self, brand_id: BrandId) -> Path:
        """Return the folder of a brand.

        Raises:
            ConfigurationError: the brand is not one of this workspace.
        """
        if brand_id not in self._folders:
            raise ConfigurationError(f"brand {brand_id} is not loaded; add its folder to `brands`")
        return self._folders[brand_id]

    def read(self, brand_id: BrandId) -> PackTexts:
        folder = self.folder(brand_id)
        settle(folder)
        found = read_files(folder)
        if POLICY not in found.digests:
            raise BrandPackError(f"{folder}: cannot be read", found.problems)
        paths = [*found.digests, *_cases(folder)]
        try:
            return {path: _text(folder / path) for path in sorted(paths)}
        except (OSError, UnicodeDecodeError) as error:
            mend = "make every file readable, in UTF-8"
            raise BrandPackError(f"{folder}: {type(error).__name__}; {mend}") from None

    def stage(self, brand_id: BrandId, before: PackTexts, after: PackTexts) -> None:
        folder = self.folder(brand_id)
        on_disk = self.read(brand_id)
        foreign = [
            path
            for path in sorted({*on_disk, *before, *after})
            if on_disk.get(path) not in (before.get(path), after.get(path))
        ]
        if foreign:
            raise FolderChanged(tuple(foreign))
        changes = changes_between(on_disk, after)
        for path in changes:
            refuse_path(path)
        try:
            _stage(folder, changes)
        except OSError as error:
            shutil.rmtree(folder / STAGING, ignore_errors=True)
            raise _unwritable(folder, error) from None

    def carry_out(self, brand_id: BrandId) -> None:
        folder = self.folder(brand_id)
        on_disk = self.read(brand_id)
        try:
            with suppress(FileNotFoundError):
                (folder / STAGING / _DRAFT).rename(folder / STAGING / _PLAN)
            finish(folder)
        except OSError as error:
            _put_back(folder, on_disk)
            raise _unwritable(folder, error) from None

    def parse(self, texts: Mapping[str, str]) -> BrandPack:
        return pack_of(files_of(texts), "the pack")

    def version_of(self, texts: Mapping[str, str]) -> GuidelineVersion:
        return files_of(texts).version


def _cases(folder: Path) -> list[str]:
    place = folder / CASES_FOLDER
    found = sorted(place.rglob("*.yaml")) if place.is_dir() else []
    return [path.relative_to(folder).as_posix() for path in found if path.is_file()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _stage(folder: Path, changes: Changes) -> None:
    staging = folder / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    for path in changes:
        _refuse_locked((folder / path).parent)
    staging.mkdir()
    for number, text in enumerate(changes.values()):
        if text is not None:
            _write_through(staging / str(number), text)
    # Last: a plan that gets its name is complete, and so are its files.
    _write_through(staging / _DRAFT, json.dumps(list(changes.items())))


def _refuse_locked(folder: Path) -> None:
    """Raise OSError now if no file can be renamed into a folder later."""
    place = next(one for one in (folder, *folder.parents) if one.is_dir())
    if not os.access(place, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(place))


def _write_through(path: Path, text: str) -> None:
    with path.open("wb") as stream:
        stream.write(text.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())


def finish(folder: Path) -> None:
    """Carry out the change staged in a pack's folder, if there is one; safe to repeat.

    Raises:
        OSError: a file cannot take its place.
    """
    staging = folder / STAGING
    plan = staging / _PLAN
    if not plan.is_file():
        return
    for number, (path, text) in enumerate(json.loads(plan.read_text("utf-8"))):
        target = folder / path
        if text is None:
            target.unlink(missing_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Another process may carry the same plan out at this moment, or have been stopped in it.
        with suppress(FileNotFoundError):
            (staging / str(number)).replace(target)
    plan.unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)


def settle(folder: Path) -> None:
    """Carry out to its end a change that a stop cut in two, before anybody reads the folder.

    Raises:
        ConfigurationError: a file cannot take its place.
    """
    try:
        finish(folder)
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: a change of the pack was cut short and cannot be carried out"
            f" ({error.strerror}); mend its permissions or free some space"
        ) from None


def _put_back(folder: Path, on_disk: PackTexts) -> None:
    """Undo a plan that could not be carried out: what it wrote is what is not as it was."""
    plan = folder / STAGING / _PLAN
    paths = [path for path, _ in json.loads(plan.read_text("utf-8"))] if plan.is_file() else []
    plan.unlink(missing_ok=True)
    for path in paths:
        with suppress(OSError):
            if path in on_disk:
                (folder / path).write_bytes(on_disk[path].encode("utf-8"))
            else:
                (folder / path).unlink(missing_ok=True)
    shutil.rmtree(folder / STAGING, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{folder}: the pack cannot be written ({error.strerror}); none of its files was changed:"
        " mend its permissions or free some space"
    )
