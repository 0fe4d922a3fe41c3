"""What a workspace is read from: its folder, its brand packs, its channels."""

from collections.abc import Iterator
from pathlib import Path

from agent.bootstrap.parts import load_brand
from agent.domain.brand import BrandPack
from agent.domain.errors import ConfigurationError, WorkspaceError
from agent.settings import Settings


def prepare_folder(folder: Path) -> None:
    """Make the workspace folder if needed and make sure it can be written.

    Raises:
        WorkspaceError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("", encoding="utf-8")
        # Another process that starts now may have removed it already.
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"{folder}: cannot be written ({error.strerror}); free some space, mend its "
            "permissions, or choose another folder with --workspace"
        ) from None


def load_packs(settings: Settings) -> Iterator[tuple[Path, BrandPack]]:
    """Read the packs of a workspace, each with its folder.

    Raises:
        BrandPackError: one does not load.
        ConfigurationError: two have the same brand id, or a folder cannot be written in which a
            change was cut short.
    """
    from agent.adapters.brand_pack.shelf import settle

    taken: set[str] = set()
    for folder in settings.brands:
        place = settings.resolve(folder)
        # A change of the pack that a stop cut in two is read whole, or it might not load.
        settle(place)
        pack = load_brand(place)
        brand_id = pack.policy.brand.id
        if brand_id in taken:
            raise ConfigurationError(f"{folder}: brand id {brand_id!r} is used by two packs")
        taken.add(brand_id)
        yield place, pack
