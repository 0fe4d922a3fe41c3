"""The candidates of a past message under two guides: which entries, and which texts changed."""

from evals.whatif import Offer, Replayed
from ui.locales import Words
from ui.widgets.diff import diff_html
from ui.widgets.markup import Html, badge, esc, plain, row, tag


def offers_html(one: Replayed, words: Words, *, is_after: bool) -> Html:
    """Return the candidates of one side in their order; a text that stays is named only."""
    side, other = (one.after, one.before) if is_after else (one.before, one.after)
    if not side.candidates:
        return ""
    known = {offer.entry: offer.text for offer in other.candidates}
    lines = (_offer(offer, known, words, is_after=is_after) for offer in side.candidates)
    title = tag("div", esc(words("offers.title")), "pv-hint")
    return title + tag("ol", "".join(tag("li", line) for line in lines), "pv-help")


def _offer(offer: Offer, known: dict[str, str], words: Words, *, is_after: bool) -> Html:
    name = tag("code", esc(offer.entry))
    there = known.get(offer.entry)
    if there is None:
        state = badge(words("offers.new" if is_after else "offers.gone"), "accent")
        return row([name, state]) + plain(offer.text)
    if there == offer.text:
        return row([name, badge(words("offers.same"), "quiet")])
    changed = diff_html(there, offer.text) if is_after else plain(offer.text)
    return row([name, badge(words("offers.changed"), "accent")]) + changed
