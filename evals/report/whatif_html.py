"""The page of a what-if: which past messages change, both versions side by side."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from evals.report.case_html import case_html, difference, is_changed
from evals.report.html import filters, gate_html, page, top
from evals.report.html_words import both, label, mark, table
from evals.report.words import one_line, points

if TYPE_CHECKING:
    from evals.whatif import Replayed, Side, WhatIf

_CHANGES = {
    "route": ("Route", "Route"),
    "team": ("Team", "Équipe"),
    "category": ("Category", "Catégorie"),
    "draft": ("Draft", "Brouillon"),
    "candidates": ("Candidates", "Textes proposés"),
    "verdicts": ("Verdicts", "Verdicts"),
}


def to_html(found: "WhatIf") -> str:
    """Return the whole page; messages are redacted, and everything from outside is escaped."""
    return page(f"What if: {found.brand}", "".join(_body(found)))


def _body(found: "WhatIf") -> Iterator[str]:
    versions = f"{found.current[:12]} → {found.changed[:12]}"
    title = f"{both('What if', 'Et si')} · {escape(found.brand)}"
    yield top(title, f"<code>{escape(versions)}</code>")
    yield "<main>"
    yield gate_html(found.gate)
    yield from _past(found)
    yield from _cases(found)
    yield "</main>"


def _past(found: "WhatIf") -> Iterator[str]:
    changed = [one for one in found.past if one.changes]
    yield f"<h2>{both('Past messages', 'Messages passés')}</h2>"
    if not found.past:
        yield f"<p>{both('None was replayed.', 'Aucun n’a été rejoué.')}</p>"
        return
    yield f"<p>{label('Change', 'Changent')} {len(changed)} / {len(found.past)}</p>"
    rows = [(both(*_CHANGES[name]), str(count)) for name, count in found.counts.items()]
    yield table((("What changes", "Ce qui change"), ("Items", "Messages")), rows, {1})


def _cases(found: "WhatIf") -> Iterator[str]:
    comparison = found.report.comparison
    if comparison is not None:
        yield f"<h2>{both('Cases', 'Cas')}</h2>"
        yield f"<p><b>{escape(points(comparison.difference, comparison.interval))}</b> "
        yield f"{escape(comparison.sentence)}</p>"
    pages = [one for one in found.report.cases if is_changed(one)]
    past = [one for one in found.past if one.changes]
    yield f"<h2>{both('Before and after', 'Avant et après')}</h2>"
    yield filters(sorted({"past", *(one.record.criterion.value for one in pages)}))
    yield from map(_replayed, past)
    yield from map(case_html, pages)


def _replayed(one: "Replayed") -> str:
    marks = "".join(mark(*_CHANGES[name]) for name in one.changes)
    sides = "".join(
        f"<div><h3>{both(english, french)}</h3>{_side(side)}</div>"
        for english, french, side in (
            ("Today", "Aujourd’hui", one.before),
            ("With the change", "Avec le changement", one.after),
        )
    )
    then, now = _said(one.before), _said(one.after)
    shown = f'<p class="text">{difference(then, now)}</p>' if then != now else ""
    given = f'id="{escape(one.item, quote=True)}" data-verdict="changed" data-criterion="past"'
    return (
        f'<details class="case" {given} data-changed="yes"><summary>'
        f'<span class="badge plain">{escape(one.status)}</span>'
        f'<span class="line"><code>{escape(one.item)}</code>{marks}</span>'
        f'<span class="excerpt">{escape(one_line(one.message))}</span></summary>'
        f'<div class="inside"><h3>{both("Message, redacted", "Message, caviardé")}</h3>'
        f'<p class="text">{escape(one.message)}</p><div class="sides">{sides}</div>{shown}'
        "</div></details>"
    )


def _said(side: "Side") -> str:
    offers = (f"{one.entry}\n{one.text}" for one in side.candidates)
    return "\n\n".join(filter(None, (side.public, side.private, *offers)))


def _side(side: "Side") -> str:
    facts = [side.category, side.route, side.team, side.statement]
    failing = (
        f"{label('Fails', 'Échoue')} {escape(', '.join(side.failing))}" if side.failing else ""
    )
    texts = "".join(
        f'<p class="text">{escape(text)}</p>' for text in (side.public, side.private) if text
    )
    texts += "".join(
        f'<p class="soft small"><code>{escape(one.entry)}</code></p>'
        f'<p class="text">{escape(one.text)}</p>'
        for one in side.candidates
    )
    said = escape(" · ".join(filter(None, facts)))
    return f'<p class="soft small">{said}</p>{texts}<p class="small">{failing}</p>'
