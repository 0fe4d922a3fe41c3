"""The parts of the flow, each made ready: vendors are imported when first needed."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from agent.adapters.channels.limits_data import load_limits
from agent.domain.brand import BrandPack
from agent.domain.channels import ChannelLimits
from agent.domain.errors import ConfigurationError, WorkspaceError
from agent.domain.models import ChatModelSettings, ModelRole
from agent.ports import ChatModel, Clock, Redactor, UsageBook
from agent.settings import Settings

if TYPE_CHECKING:
    from agent.pipeline import Pipeline
    from agent.steps.draft import ModelDrafter
    from agent.steps.triage import ModelClassifier
    from knowledge.chroma_server import ServedIndex
    from knowledge.embedding import Embedder
    from prompts.library import PromptLibrary


def limits_for(network: str) -> ChannelLimits:
    """Return the limits of a network; an unknown one gets the most careful limits."""
    return load_limits(network)


def load_brand(folder: Path) -> BrandPack:
    """Read a brand pack.

    Raises:
        BrandPackError: every problem, with file and line.
    """
    from agent.adapters.brand_pack import load_pack

    return load_pack(folder)


def build_redactor(pack: BrandPack | None) -> Redactor:
    """Return the redactor, with the brand's own identifiers and contacts if there is a brand."""
    from agent.adapters.redactor import PresidioRedactor

    if pack is None:
        return PresidioRedactor()
    identity, safety = pack.policy.brand, pack.policy.safety
    # « Croquants de Marius » is a biscuit; a product named like a person alone stays ambiguous.
    products = [one.canonical for one in pack.policy.lexicon.products if " " in one.canonical]
    return PresidioRedactor(
        custom_identifiers=safety.custom_identifiers,
        public_contacts=safety.public_contacts,
        brand_names=(identity.name, *identity.also_known_as, *products),
    )


def build_embedder(settings: Settings) -> "Embedder | None":
    """Return the embedding model that is set, or None.

    Raises:
        ConfigurationError: its address is no http address.
    """
    given = settings.models.embedder
    if given is None:
        return None
    from knowledge.embedding import EmbeddingError, OpenAICompatibleEmbedder

    key = given.api_key.get_secret_value()
    try:
        return OpenAICompatibleEmbedder(given.base_url, given.model, key, given.timeout_seconds)
    except EmbeddingError as error:
        raise ConfigurationError(f"models.embedder.base_url: {error}") from None


def build_index(settings: Settings, brand_id: str) -> "ServedIndex | None":
    """Return the brand's collections on the Chroma server that is set, or None: a folder."""
    given = settings.chroma
    if not given.url:
        return None
    from knowledge.chroma_server import ChromaServer, ServedIndex

    token = given.token.get_secret_value() if given.token else ""
    is_bearer = given.header.lower() == "authorization"
    headers = {given.header: f"Bearer {token}" if is_bearer else token} if token else {}
    return ServedIndex(ChromaServer(given.url, headers, given.timeout_seconds), brand_id)


def build_chat_model(
    settings: Settings,
    role: ModelRole,
    clock: Clock,
    book: UsageBook | None = None,
    cache_file: Path | None = None,
) -> ChatModel | None:
    """Return the chat model that is set for `role`, or None; nothing is sent yet.

    `book` is where spending is written down and `cache_file` where answers are kept; without
    them, both last as long as the process.

    Raises:
        ConfigurationError: the provider is unknown, its package or the key is missing.
    """
    given: ChatModelSettings | None = getattr(settings.models, role.value)
    if given is None:
        return None
    from agent.adapters.chat_model import FileCache, MemoryCache, MemoryUsageBook, build_model

    cache = FileCache(cache_file, clock) if cache_file else MemoryCache()
    return build_model(role, given, book or MemoryUsageBook(), clock, cache)


def build_pipeline(
    pack: BrandPack,
    clock: Clock,
    index: "Path | ServedIndex | None" = None,
    embedder: "Embedder | None" = None,
    drafter: ChatModel | None = None,
    classifier: ChatModel | None = None,
) -> "Pipeline":
    """Return the flow for one brand; `index`: the Chroma folder this process owns, or a server.

    The vectors of `embedder` are kept in that index, so without `index` it is not asked.
    With a `drafter`, that model writes where words are free; a `classifier` may raise what triage
    finds.
    """
    from agent.adapters.turns import AwayEmbedder, AwayModel, Turns
    from agent.pipeline import Pipeline
    from knowledge.index_lock import IndexProblem
    from knowledge.retriever import build_retriever

    turns = Turns()
    embedder = AwayEmbedder(embedder, turns) if embedder else None
    try:
        retriever = build_retriever(
            pack.passages,
            chroma_dir=index if isinstance(index, Path) else None,
            server=None if isinstance(index, Path) else index,
            embedder=embedder,
        )
    except IndexProblem as error:
        raise WorkspaceError(str(error)) from None
    return Pipeline(
        pack=pack,
        redactor=build_redactor(pack),
        retriever=retriever,
        clock=clock,
        limits=limits_for,
        drafter=_model_drafter(pack, AwayModel(drafter, turns)) if drafter else None,
        classifier=_model_classifier(pack, AwayModel(classifier, turns)) if classifier else None,
        turn=turns.turn,
    )


def hold_loaded() -> None:
    """Keep what is loaded by now out of every later collection: it lives to the end anyway.

    For a process that only runs pipelines: a full collection walks all that is alive, 0.15 s with
    one brand, and finds nothing.
    """
    gc.freeze()


def _model_drafter(pack: BrandPack, model: ChatModel) -> "ModelDrafter":
    from agent.steps.draft import ModelDrafter

    return ModelDrafter(pack, model, prompt_library())


def _model_classifier(pack: BrandPack, model: ChatModel) -> "ModelClassifier":
    from agent.steps.triage import ModelClassifier

    identity = pack.policy.brand
    return ModelClassifier(identity.id, identity.name, model, prompt_library())


def prompt_library() -> "PromptLibrary":
    """Return the prompts of this installation.

    Raises:
        ConfigurationError: a prompt file is wrong; says which and the mend.
    """
    from prompts.library import PromptProblem, shipped

    try:
        return shipped()
    except PromptProblem as error:
        raise ConfigurationError(f"prompts: {error}") from None
