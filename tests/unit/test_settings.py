"""Settings that would let something unsafe happen are refused, by name."""

from pathlib import Path

import pytest

from agent.domain.errors import ConfigurationError
from agent.settings import load_settings

HOOK = """
[channels.crm]
kind = "webhook"
brand = "verjolaine"
secret = "0123456789abcdef0123456789abcdef"
timeout_seconds = {timeout}

[work]
post_lease_seconds = {lease}
"""


def written(folder: Path, timeout: float, lease: int) -> Path:
    (folder / "portevoix.toml").write_text(HOOK.format(timeout=timeout, lease=lease), "utf-8")
    return folder


def test_a_lease_outlasts_the_calls_of_every_channel(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, 10, 40)).work.post_lease_seconds == 40
    with pytest.raises(ConfigurationError, match=r"4 times channels\.crm\.timeout_seconds"):
        load_settings(written(tmp_path, 10, 39))


def test_a_worker_has_more_messages_in_hand_than_calls_where_a_model_is_asked(
    tmp_path: Path,
) -> None:
    assert load_settings(tmp_path).models.messages_at_once == 1
    config = '[models.drafter]\nmodel = "m"\nbase_url = "http://127.0.0.1:1/v1"\nin_flight = 3\n'
    (tmp_path / "portevoix.toml").write_text(config, "utf-8")
    assert load_settings(tmp_path).models.messages_at_once > 3
