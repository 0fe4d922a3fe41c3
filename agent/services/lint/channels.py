"""Do the approved texts fit the networks they are meant for?"""

from collections.abc import Iterator

from agent.domain.channels import ChannelLimits
from agent.domain.counting import is_within
from agent.services.lint.desk import LintDesk
from agent.services.lint.report import Finding
from agent.services.lint.wording import LintWording as Wording

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
        given = channel.max_characters
        path_of = f"{path}.max_characters"
        yield desk.warn(path_of, Wording.CHARACTERS_OVER, network=network, given=given)
    most = limits.hashtags_max
    if channel.hashtags_max is not None and most is not None and channel.hashtags_max > most:
        given = channel.hashtags_max
        path_of = f"{path}.hashtags_max"
        yield desk.warn(path_of, Wording.HASHTAGS_OVER, network=network, given=given, most=most)


def _statements(desk: LintDesk, network: str, limits: ChannelLimits) -> Iterator[Finding]:
    own = desk.policy.channels[network].max_characters
    for statement in desk.pack.statements:
        is_short = own is None or len(statement.text) <= own
        if not (is_short and is_within(statement.text, limits.public)):
            name, wording = f"{statement.id}@{statement.lang.value}", Wording.STATEMENT_TOO_LONG
            yield desk.warn_in(statement.source, wording, statement=name, network=network)


def _wordy_situations(desk: LintDesk) -> Iterator[Finding]:
    own = [c.max_characters for c in desk.policy.channels.values() if c.max_characters]
    for index, situation in enumerate(desk.policy.situations):
        if situation.max_words and own and situation.max_words * _LETTERS_A_WORD > max(own):
            path, wording = f"situations[{index}].max_words", Wording.WORDS_DO_NOT_FIT
            yield desk.warn(path, wording, words=situation.max_words, characters=max(own))
