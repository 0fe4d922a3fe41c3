"""Loads the facts of each network from `limits/*.yaml`, with their source and the day checked."""

from functools import lru_cache
from importlib import resources

import yaml

from agent.domain.channels import ChannelLimits

_FOLDER = "limits"
GENERIC = "generic"
"""The file for a network that we do not know."""


def known_networks() -> tuple[str, ...]:
    """Return the names of the networks that have a file, sorted."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@lru_cache(maxsize=64)
def load_limits(network: str) -> ChannelLimits:
    """Return the limits of `network`; one without a file gets the careful generic limits.

    The name is read without regard to case; `google-reviews` is `google_reviews`.
    """
    name = network.strip().lower().replace("-", "_").replace(" ", "_")
    is_known = name in known_networks()
    text = _folder().joinpath(f"{name if is_known else GENERIC}.yaml").read_text(encoding="utf-8")
    limits = ChannelLimits.model_validate(yaml.safe_load(text))
    return limits if is_known else limits.model_copy(update={"network": network})


def _folder() -> resources.abc.Traversable:
    return resources.files("agent.adapters.channels").joinpath(_FOLDER)
