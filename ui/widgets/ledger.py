"""The claim ledger: each sentence of a reply and what stands behind it."""

import re

from agent.domain.drafts import ClaimLedger, LedgerLine, LedgerStatus
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


def ledger_html(ledger: ClaimLedger, numbers: dict[str, int], words: Words) -> Html:
    """Return one line a sentence: its status, its words, the number of its source."""
    if not ledger.lines:
        return tag("div", esc(words("ledger.empty")), "pv-hint")
    return tag("ol", "".join(_line(line, numbers, words) for line in ledger.lines), "pv-ledger")


def _line(line: LedgerLine, numbers: dict[str, int], words: Words) -> Html:
    tone = "danger" if line.is_blocking else TONE[line.status]
    number = numbers.get(line.passage_id or "")
    mark = _number(number) if number else tag("i", "", f"pv-dot pv-{tone}")
    status = words(f"ledger.{line.status.value}")
    reason = badge(_reason(line, words), tone, line.reason) if line.reason else ""
    label = tag("span", esc(status), "pv-sr")
    body = mark + label + tag("span", esc(line.sentence) + " " + reason)
    return tag("li", body, f"pv-line pv-line-{tone}", title=status)


def _reason(line: LedgerLine, words: Words) -> str:
    """Return what is unsupported, in the reviewer's language: the words the reason quotes."""
    quoted = _QUOTED.search(line.reason)
    if quoted is None:
        return words("ledger.unsupported")
    return words("ledger.missing", about=quoted[1])


def _number(number: int) -> Html:
    return tag("i", esc(number), f"pv-num pv-num-{(number - 1) % 5 + 1}")
