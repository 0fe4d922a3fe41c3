"""One installation put together: its settings, brands, channels, store and services."""

import secrets
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.adapters.clock import SystemClock
from agent.bootstrap.keeping import kept_answers
from agent.domain.brand import BrandPack
from agent.domain.errors import WorkspaceError
from agent.domain.ids import BrandId
from agent.domain.models import ModelRole
from agent.ports import ChatModel, Clock
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.adapters.channels.sandbox import SandboxChannel
    from agent.pipeline import Pipeline
    from agent.ports import PackShelf
    from agent.ports.store import Store
    from agent.services.accounts import AccountService
    from agent.services.alerts import NotifyService, WatchService
    from agent.services.archive import ArchiveService
    from agent.services.bulk import BulkService
    from agent.services.escalations import EscalationService
    from agent.services.federation import FederationService
    from agent.services.freezing import FreezeService
    from agent.services.history import HistoryService
    from agent.services.intake import IntakeService
    from agent.services.learning import LearningService
    from agent.services.measuring import MeasuringService
    from agent.services.packs import Examiner, PackService, ProposalService
    from agent.services.people import PeopleService
    from agent.services.posting import PostingService
    from agent.services.review import ReviewService
    from agent.services.rewriting import RewritingService
    from agent.services.saved_replies import SavedReplyService
    from agent.services.sessions import SessionService
    from agent.services.trail import TrailService
    from agent.services.views import ViewService
    from agent.services.work import LetterService


from agent.bootstrap.alarms import build_notify, build_watch
from agent.bootstrap.channels import build_channel
from agent.bootstrap.live import LazyPipelines, LivePacks
from agent.bootstrap.loading import load_packs, prepare_folder
from agent.bootstrap.parts import (
    build_chat_model,
    build_embedder,
    build_index,
    build_pipeline,
    limits_for,
)


class Workspace:
    """One installation: its brands, channels and services."""

    def __init__(self, settings: Settings, store: "Store", clock: Clock, owns_index: bool) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.owns_index = owns_index
        # Now, so that a wrong address is told at the start and not at the first message.
        self._embedder = build_embedder(settings)
        self._drafter = self.chat_model(ModelRole.DRAFTER)
        self._classifier = self.chat_model(ModelRole.CLASSIFIER)
        found = {BrandId(pack.policy.brand.id): (at, pack) for at, pack in load_packs(settings)}
        self.folders = {brand_id: folder for brand_id, (folder, _) in found.items()}
        packs = {brand_id: pack for brand_id, (_, pack) in found.items()}
        self.packs = LivePacks(packs, store, self.shelf)
        if owns_index:
            self._own_index()
        self.pipelines: Mapping[BrandId, Pipeline] = LazyPipelines(self.packs, self._pipeline)
        self.channels = {
            name: build_channel(name, given, settings, clock)
            for name, given in settings.channels.items()
        }

    def _pipeline(self, pack: BrandPack) -> "Pipeline":
        served = build_index(self.settings, pack.policy.brand.id)
        index = served or (self.index_folder(pack) if self.owns_index else None)
        return build_pipeline(
            pack, self.clock, index, self._embedder, self._drafter, self._classifier
        )

    def chat_model(self, role: ModelRole) -> ChatModel | None:
        """Return the model of `role` with the workspace's budget and kept answers, or None."""
        from agent.adapters.store import StoreUsageBook

        kept = kept_answers(self.settings)
        book = StoreUsageBook(self.store)
        return build_chat_model(self.settings, role, self.clock, book, kept)

    def _own_index(self) -> None:
        """Own every index from the start: a second owner must hear of it before any work."""
        from knowledge.index_lock import IndexProblem, own

        if self.settings.chroma.url:
            return
        for pack in self.packs.values():
            try:
                own(self.index_folder(pack))
            except IndexProblem as error:
                raise WorkspaceError(f"{self.settings.workspace}: {error}") from None

    def leave_index(self) -> None:
        """Let another process own the indexes; this one must not search them afterwards."""
        from knowledge.index_lock import release_all

        release_all()
        self.owns_index = False

    def index_folder(self, pack: BrandPack) -> Path:
        """The Chroma folder of one brand."""
        return self.settings.workspace / "index" / pack.policy.brand.id

    def sandbox(self) -> "SandboxChannel | None":
        """The community sandbox, if this workspace has one."""
        from agent.adapters.channels.sandbox import SandboxChannel

        found = (c for c in self.channels.values() if isinstance(c, SandboxChannel))
        return next(found, None)

    def brand_of(self, channel: str) -> BrandId:
        """The brand a channel speaks for."""
        return BrandId(self.settings.channels[channel].brand)

    @cached_property
    def intake(self) -> "IntakeService":
        from agent.services.intake import IntakeService

        own = {
            brand_id: (pack.policy.brand.name, *pack.policy.brand.also_known_as)
            for brand_id, pack in self.packs.items()
        }
        at_once = self.settings.models.in_flight
        return IntakeService(
            self.store, self.clock, self.pipelines, own, at_once, is_role_required=True
        )

    @cached_property
    def review(self) -> "ReviewService":
        from agent.services.review import ReviewService

        review = self.settings.review
        return ReviewService(
            self.store,
            self.clock,
            self.pipelines,
            lease_minutes=review.lease_minutes,
            grace_seconds=review.grace_seconds,
            is_role_required=True,
        )

    @cached_property
    def bulk(self) -> "BulkService":
        from agent.services.bulk import BulkService

        return BulkService(self.review, self.clock)

    @cached_property
    def views(self) -> "ViewService":
        from agent.services.views import ViewService

        return ViewService(self.store, self.clock, is_role_required=True)

    @cached_property
    def posting(self) -> "PostingService":
        from agent.services.posting import PostingService

        lease = self.settings.work.post_lease_seconds
        return PostingService(self.store, self.clock, self.channels, lease, is_role_required=True)

    @cached_property
    def freezing(self) -> "FreezeService":
        from agent.services.freezing import FreezeService

        return FreezeService(self.store, self.clock, is_role_required=True)

    @cached_property
    def letters(self) -> "LetterService":
        from agent.services.work import LetterService

        return LetterService(self.store, self.clock, self.intake, self.posting)

    @cached_property
    def watch(self) -> "WatchService":
        return build_watch(self)

    @cached_property
    def notify(self) -> "NotifyService":
        return build_notify(self)

    @cached_property
    def sessions(self) -> "SessionService":
        from agent.services.sessions import SessionService

        given = self.settings.sign_in
        return SessionService(
            self.store,
            self.clock,
            idle_minutes=given.idle_minutes,
            session_hours=given.session_hours,
        )

    @cached_property
    def accounts(self) -> "AccountService":
        from agent.adapters.passwords import Argon2Hasher
        from agent.services.accounts import AccountService

        return AccountService(self.store, self.clock, Argon2Hasher(), self.sessions)

    @cached_property
    def people(self) -> "PeopleService":
        from agent.services.people import PeopleService

        return PeopleService(self.store, self.clock, self.accounts)

    @cached_property
    def cookie_secret(self) -> str:
        """The key of what the identity provider's sign-in leaves in the browser."""
        oidc = self.settings.sign_in.oidc
        given = oidc.cookie_secret if oidc else None
        return given.get_secret_value() if given else secrets.token_hex(32)

    @cached_property
    def federation(self) -> "FederationService | None":
        from agent.services.federation import FederationService

        oidc = self.settings.sign_in.oidc
        if oidc is None:
            return None
        return FederationService(
            self.store, self.clock, self.sessions, oidc.terms, self.cookie_secret
        )

    @cached_property
    def history(self) -> "HistoryService":
        from agent.services.history import HistoryService

        return HistoryService(self.store)

    @cached_property
    def rewriting(self) -> "RewritingService":
        from agent.services.rewriting import RewritingService

        return RewritingService(self.store, self.clock, self.pipelines, is_role_required=True)

    @cached_property
    def saved_replies(self) -> "SavedReplyService":
        from agent.bootstrap.parts import build_redactor
        from agent.services.saved_replies import SavedReplyService

        redactor_of = cache(lambda brand_id: build_redactor(self.packs.get(brand_id)))
        return SavedReplyService(self.store, self.clock, redactor_of, is_role_required=True)

    @cached_property
    def archive(self) -> "ArchiveService":
        from agent.services.archive import ArchiveService

        return ArchiveService(self.store)

    @cached_property
    def escalations(self) -> "EscalationService":
        from agent.services.escalations import EscalationService

        return EscalationService(self.store, self.clock, is_role_required=True)

    @cached_property
    def measuring(self) -> "MeasuringService":
        from agent.services.measuring import MeasuringService

        zones = {b: ZoneInfo(pack.policy.brand.time_zone) for b, pack in self.packs.items()}
        return MeasuringService(self.store, self.clock, zones)

    @cached_property
    def trail(self) -> "TrailService":
        from agent.services.trail import TrailService

        return TrailService(self.store)

    @cached_property
    def shelf(self) -> "PackShelf":
        from agent.adapters.brand_pack.shelf import FolderShelf

        return FolderShelf(self.folders)

    @cached_property
    def _examiner(self) -> "Examiner":
        from agent.services.packs import Examiner

        return Examiner(self.shelf, limits_for)

    @cached_property
    def guides(self) -> "PackService":
        from agent.services.packs import PackService

        return PackService(self.store, self.clock, self.shelf, self._examiner)

    @cached_property
    def proposals(self) -> "ProposalService":
        from agent.services.packs import ProposalService

        return ProposalService(self.store, self.clock, self.shelf, self._examiner)

    @cached_property
    def learning(self) -> "LearningService":
        from agent.services.learning import LearningService

        return LearningService(self.store, self.clock, self.history, self.proposals, self.packs)

    def adopt_packs(self) -> None:
        """Put what is in the packs' folders in force; a desk and a worker do so as they start.

        Raises:
            BrandPackError: a pack does not load.
        """
        for brand_id in self.packs:
            self.guides.adopt(brand_id)


def open_workspace(
    settings: Settings, clock: Clock | None = None, *, owns_index: bool = False
) -> Workspace:
    """Open the workspace: migrate and verify its database, read its brands.

    `owns_index`: this process is the one that writes the Chroma index.

    Raises:
        WorkspaceError: the folder cannot be written, no brand is set up, or `owns_index` while
            another process owns the index.
        InvariantMissing: a safety trigger is missing in the database.
        BrandPackError: a brand pack does not load.
    """
    from agent.adapters.store import open_store

    prepare_folder(settings.workspace)
    if not settings.brands:
        raise WorkspaceError(
            f"{settings.workspace}: no brand yet; run `portevoix demo`, or `portevoix init DIR` "
            "and name the folder in `brands` of portevoix.toml"
        )
    return Workspace(settings, open_store(settings.store_url), clock or SystemClock(), owns_index)
