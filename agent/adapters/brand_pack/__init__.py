"""A brand pack from its folder, a new pack from the template, and the schema editors use."""

from agent.adapters.brand_pack.load import load_pack
from agent.adapters.brand_pack.schema import brand_schema
from agent.adapters.brand_pack.start import init_pack

__all__ = ["brand_schema", "init_pack", "load_pack"]
