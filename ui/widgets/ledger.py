"""The claim ledger: each sentence of a reply and what stands behind it."""

import re
from typing import NamedTuple

from agent.domain.drafts import ClaimLedger, LedgerLine, LedgerStatus
from agent.domain.messages import Surface
from ui.locales import Words
from ui.widgets.markup import Html, badge, esc, tag

_QUOTED = re.compile(r'"([^"]+)"')
TONE = {
    LedgerStatus.SUPPORTED: "good",
    LedgerStatus.COURTESY: "quiet",
    LedgerStatus.UNSUPPORTED: "warn",
}


def source_numbers(*ledgers: ClaimLedger) -> dict[str, int]:
    """Number the cited passages in the order in which the sentences cite them."""
    cited = (line.passage_id for ledger in ledgers for line in ledger.lines if line.passage_id)
    return {passage: at for at, passage in enumerate(dict.fromkeys(cited), start=1)}


class Linked(NamedTuple):
    """A sentence of one of the texts, under the name that its marks share everywhere."""

    link: str
    line: LedgerLine


def linked(ledger: ClaimLedger, surface: Surface) -> tuple[Linked, ...]:
    """Name each sentence of a text."""
    return tuple(Linked(f"{surface.value}-{at}", line) for at, line in enumerate(ledger.lines))


def ledger_html(
    ledger: ClaimLedger,
    numbers: dict[str, int],
    words: Words,
    surface: Surface = Surface.PUBLIC,
) -> Html:
    """Return one line a sentence: its status, its words, the number of its source."""
    if not ledger.lines:
        return tag("div", esc(words("ledger.empty")), "pv-hint")
    lines = (_line(one, numbers, words) for one in linked(ledger, surface))
    return tag("ol", "".join(lines), "pv-ledger")


def _line(one: Linked, numbers: dict[str, int], words: Words) -> Html:
    line = one.line
    tone = "danger" if line.is_blocking else TONE[line.status]
    number = numbers.get(line.passage_id or "")
    mark = _number(number) if number else tag("i", "", f"pv-dot pv-{tone}")
    status = words(f"ledger.{line.status.value}")
    reason = badge(_reason(line, words), tone, line.reason) if line.reason else ""
    label = tag("span", esc(status), "pv-sr")
    body = mark + label + tag("span", esc(line.sentence) + " " + reason)
    return tag("li", body, f"pv-line pv-line-{tone}", title=status, data_link=one.link)


def _reason(line: LedgerLine, words: Words) -> str:
    """Return what is unsupported, in the reviewer's language: the words the reason quotes."""
    quoted = _QUOTED.search(line.reason)
    if quoted is None:
        return words("ledger.unsupported")
    return words("ledger.missing", about=quoted[1])


def _number(number: int) -> Html:
    return tag("i", esc(number), f"pv-num pv-num-{(number - 1) % 5 + 1}")
