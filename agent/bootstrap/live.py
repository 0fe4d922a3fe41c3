"""The packs in force, and their pipelines: an activation anywhere takes effect in every process.

The store says which version is in force and holds its files. Each process asks it before work
and loads what it does not have yet: never from the folder, which may be half edited.
"""

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from agent.domain.brand import BrandPack
from agent.domain.ids import BrandId

if TYPE_CHECKING:
    from agent.pipeline import Pipeline
    from agent.ports import PackShelf
    from agent.ports.store import Store


class LivePacks(Mapping[BrandId, BrandPack]):
    """The packs by brand, as last refreshed."""

    def __init__(
        self, packs: Mapping[BrandId, BrandPack], store: "Store", shelf: "PackShelf"
    ) -> None:
        self._packs = dict(packs)
        self._store = store
        self._shelf = shelf
        self._lock = Lock()

    def __getitem__(self, brand_id: BrandId) -> BrandPack:
        return self._packs[brand_id]

    def __iter__(self) -> Iterator[BrandId]:
        return iter(self._packs)

    def __len__(self) -> int:
        return len(self._packs)

    def refresh(self, brand_id: BrandId) -> BrandPack:
        """Return the pack in force, read again if another version was activated meanwhile.

        Raises:
            KeyError: the brand is not one of this workspace.
            BrandPackError: this program cannot read the version in force; install a newer one.
        """
        known = self._packs[brand_id]
        with self._store.read() as work:
            active = work.packs.active(brand_id)
            if active is None or active.version == known.version:
                return known
            texts = work.packs.texts(brand_id, active.number)
        found = self._shelf.parse(texts)
        with self._lock:
            self._packs[brand_id] = found
        return found

    def refresh_all(self) -> None:
        """Bring every pack up to date."""
        for brand_id in self._packs:
            self.refresh(brand_id)


class LazyPipelines(Mapping[BrandId, "Pipeline"]):
    """The pipelines of a workspace, each built when first asked for, and again for a new pack."""

    def __init__(self, packs: LivePacks, build: Callable[[BrandPack], "Pipeline"]) -> None:
        self._packs = packs
        self._build = build
        self._built: dict[BrandId, Pipeline] = {}
        self._locks = {brand_id: Lock() for brand_id in packs}

    def __getitem__(self, brand_id: BrandId) -> "Pipeline":
        pack = self._packs.refresh(brand_id)
        built = self._built.get(brand_id)
        if built is not None and built.guideline_version == pack.version:
            return built
        # One thread builds, the others wait for it: two would load the recognisers twice.
        with self._locks[brand_id]:
            built = self._built.get(brand_id)
            if built is None or built.guideline_version != pack.version:
                built = self._built[brand_id] = self._build(pack)
            return built

    def __iter__(self) -> Iterator[BrandId]:
        return iter(self._packs)

    def __len__(self) -> int:
        return len(self._packs)

    @property
    def is_any_built(self) -> bool:
        """Whether a pipeline was asked for yet."""
        return bool(self._built)
