"""The only wiring: settings in, ready objects out."""

from agent.bootstrap.journal import keep_journal
from agent.bootstrap.live import LazyPipelines, LivePacks
from agent.bootstrap.loading import prepare_folder
from agent.bootstrap.parts import (
    build_chat_model,
    build_embedder,
    build_index,
    build_pipeline,
    build_redactor,
    hold_loaded,
    limits_for,
    load_brand,
    prompt_library,
)
from agent.bootstrap.shift import Shift
from agent.bootstrap.watching import build_vitals, serve_figures
from agent.bootstrap.workspace import Workspace, open_workspace

__all__ = [
    "LazyPipelines",
    "LivePacks",
    "Shift",
    "Workspace",
    "build_chat_model",
    "build_embedder",
    "build_index",
    "build_pipeline",
    "build_redactor",
    "build_vitals",
    "hold_loaded",
    "keep_journal",
    "limits_for",
    "load_brand",
    "open_workspace",
    "prepare_folder",
    "prompt_library",
    "serve_figures",
]
