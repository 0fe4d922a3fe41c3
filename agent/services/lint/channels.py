"""Do the approved texts fit the networks they are meant for?"""

from collections.abc import Iterator

from agent.domain.channels import ChannelLimits
from agent.domain.counting import is_within
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding

_LETTERS_A_WORD = 6
"""A French word and its space, on average."""


def findings(desk: LintDesk) -> Iterator[Finding]:
    """Yield approved texts too long for a network, and limits of the guide that contradict."""
    if desk.limits_for is None:
        return
    for network in desk.policy.channels:
        limits = desk.limits_for(network)
        yield from _own_limits(desk, network, limits)
        yield from _statements(desk, network, limits)
    yield from _wordy_situations(desk)


def _own_limits(desk: LintDesk, network: str, limits: ChannelLimits) -> Iterator[Finding]:
    channel = desk.policy.channels[network]
    path = f"channels.{network}"
    if channel.max_characters and not is_within("x" * channel.max_characters, limits.public):
        what = f"{network} does not allow {channel.max_characters} characters"
        yield desk.warn(f"{path}.max_characters", what, "remove it: the network's limit applies")
    most = limits.hashtags_max
    if channel.hashtags_max is not None and most is not None and channel.hashtags_max > most:
        what = f"{network} does not allow {channel.hashtags_max} hashtags"
        yield desk.warn(f"{path}.hashtags_max", what, f"at most {most}")


def _statements(desk: LintDesk, network: str, limits: ChannelLimits) -> Iterator[Finding]:
    own = desk.policy.channels[network].max_characters
    for statement in desk.pack.statements:
        is_short = own is None or len(statement.text) <= own
        if not (is_short and is_within(statement.text, limits.public)):
            what = f"`{statement.id}@{statement.lang.value}` is too long for {network}"
            mend = "shorten it: there, a person would have to write"
            yield desk.warn_in(statement.source, what, mend)


def _wordy_situations(desk: LintDesk) -> Iterator[Finding]:
    own = [c.max_characters for c in desk.policy.channels.values() if c.max_characters]
    for index, situation in enumerate(desk.policy.situations):
        if situation.max_words and own and situation.max_words * _LETTERS_A_WORD > max(own):
            what = f"{situation.max_words} words do not fit in {max(own)} characters"
            mend = "lower max_words, or raise max_characters of a channel"
            yield desk.warn(f"situations[{index}].max_words", what, mend)
