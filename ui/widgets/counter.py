"""How long a text is by the network's own rule, against its tightest limit."""

from collections.abc import Sequence

from agent.domain.channels import ChannelLimits, Limit
from agent.domain.counting import count
from agent.domain.messages import Surface
from ui.locales import Words
from ui.widgets.markup import Html, esc, tag

NEARLY_FULL = 0.9


def tightest(text: str, limits: Sequence[Limit]) -> tuple[int, Limit] | None:
    """Return the count and the limit of which the text uses the largest share."""
    counted = [(count(text, limit), limit) for limit in limits]
    return max(counted, key=lambda pair: pair[0] / pair[1].max, default=None)


def counter_html(
    text: str, limits: ChannelLimits, surface: Surface, network: str, words: Words
) -> Html:
    """Return `212 / 280 · X`, in red when the network would refuse the text."""
    found = tightest(text, limits.private if surface is Surface.PRIVATE else limits.public)
    if found is None:
        shown = words.count("counter.free", len(text))
        return tag("span", esc(shown), "pv-counter")
    number, limit = found
    tone = _tone(number / limit.max)
    unit = words(f"counter.{limit.unit.value}")
    shown = f"{words.number(number)} / {words.number(limit.max)} · {network}"
    title = words("counter.rule", unit=unit, source=limits.source or "—")
    return tag("span", esc(shown), f"pv-counter pv-ink-{tone}", title=title)


def _tone(share: float) -> str:
    if share > 1:
        return "danger"
    return "warn" if share > NEARLY_FULL else "quiet"
