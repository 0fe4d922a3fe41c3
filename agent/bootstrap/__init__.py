"""The only wiring: settings in, ready objects out."""

from agent.bootstrap.parts import (
    build_chat_model,
    build_embedder,
    build_pipeline,
    build_redactor,
    hold_loaded,
    limits_for,
    load_brand,
    prompt_library,
)
from agent.bootstrap.workspace import LazyPipelines, Workspace, open_workspace, prepare_folder

__all__ = [
    "LazyPipelines",
    "Workspace",
    "build_chat_model",
    "build_embedder",
    "build_pipeline",
    "build_redactor",
    "hold_loaded",
    "limits_for",
    "load_brand",
    "open_workspace",
    "prepare_folder",
    "prompt_library",
]
