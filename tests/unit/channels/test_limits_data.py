"""Every network has its file, with a source; an unknown network is treated with care."""

import pytest

from agent.adapters.channels.limits_data import known_networks, load_limits

EXPECTED = "bluesky discord email facebook file generic google_reviews instagram linkedin manual"
EXPECTED += " mastodon matrix messenger reddit sandbox slack telegram threads tiktok x youtube"


@pytest.mark.parametrize("network", known_networks())
def test_each_file_names_its_source(network: str) -> None:
    limits = load_limits(network)
    assert limits.network == network
    assert limits.source
    assert limits.checked_on is not None
    assert limits.confidence
    assert limits.public or limits.private


def test_the_networks_of_the_reference_are_there() -> None:
    assert set(EXPECTED.split()) <= set(known_networks())


@pytest.mark.parametrize(("written", "network"), [("X", "x"), ("google-reviews", "google_reviews")])
def test_names_are_read_loosely(written: str, network: str) -> None:
    assert load_limits(written) == load_limits(network)


def test_an_unknown_network_gets_careful_limits() -> None:
    limits = load_limits("a-new-network")
    assert limits.network == "a-new-network"
    assert limits.public == load_limits("generic").public
