"""One case on the page: the message, what came out, each verdict and why, and what changed."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

from evals.report.html_words import VERDICTS, badge, both, mark, table
from evals.report.model import CasePage
from evals.report.words import one_line
from evals.results import CaseRecord, Score, ScoreVerdict

_TOKENS = re.compile(r"\s+|\d+(?:[.,]\d+)*|\w+|[^\w\s]")
_FACTS = (
    ("category", "Category", "Catégorie"),
    ("team", "Team", "Équipe"),
    ("reason", "Reason", "Motif"),
)


def is_changed(page: CasePage) -> bool:
    """Whether the verdict, the route or a text differs from the baseline's."""
    then, now = page.before, page.record
    if then is None:
        return False
    return (then.verdict, then.route, then.public, then.private) != (
        now.verdict,
        now.route,
        now.public,
        now.private,
    )


def case_html(page: CasePage) -> str:
    """Return the case as a block that opens."""
    record = page.record
    attributes = {
        "id": record.id,
        "data-verdict": record.verdict.value,
        "data-criterion": record.criterion.value,
        "data-changed": "yes" if is_changed(page) else "no",
    }
    given = " ".join(f'{name}="{escape(value, quote=True)}"' for name, value in attributes.items())
    return (
        f'<details class="case" {given}><summary>{badge(record.verdict)}'
        f'<span class="line"><code>{escape(record.id)}</code>{"".join(_marks(page))}</span>'
        f'<span class="excerpt">{escape(one_line(page.message))}</span></summary>'
        f'<div class="inside">{"".join(_inside(page))}</div></details>'
    )


def _marks(page: CasePage) -> Iterator[str]:
    record = page.record
    if record.is_gate:
        yield mark("gate", "barrage")
    if record.known_wrong:
        yield mark("known wrong", "erreur connue")
    if record.repeats > 1:
        yield mark(
            f"{record.passed} of {record.repeats} repeats",
            f"{record.passed} passages sur {record.repeats}",
        )
    if page.before is not None and page.before.verdict is not record.verdict:
        english, french = VERDICTS[page.before.verdict]
        yield mark(f"was: {english}", f"était : {french}")
    elif is_changed(page):
        yield mark("text or route changed", "texte ou route modifiés")


def _inside(page: CasePage) -> Iterator[str]:
    yield f"<h3>{both('Message', 'Message')} · {escape(page.channel)} · {escape(page.surface)}</h3>"
    for entry in page.thread:
        author, text = escape(entry.author), escape(entry.text)
        yield f'<p class="text soft"><b>{author}</b> : {text}</p>'
    yield f'<p class="text">{escape(page.message)}</p>'
    if page.reply is not None:
        yield f"<h3>{both('Reply under test', 'Réponse à l’épreuve')}</h3>"
        yield f'<p class="text">{escape(page.reply)}</p>'
    else:
        yield _facts(page)
        yield from _texts(page)
    if page.record.known_wrong:
        words = both("Known to be wrong:", "Erreur connue\u00a0:")
        yield f"<p><b>{words}</b> {escape(page.record.known_wrong)}</p>"
    yield f"<h3>{both('Verdicts', 'Verdicts')}</h3>"
    yield _scores(page)
    owner = f"{page.owner}, {page.provenance}"
    yield f'<p class="soft small"><code>{escape(page.source)}</code> · {escape(owner)}</p>'


def _facts(page: CasePage) -> str:
    said = [_fact("Route", "Route", _was(page))]
    for name, english, french in _FACTS:
        if value := getattr(page, name):
            said.append(_fact(english, french, escape(value)))
    if page.answerable is not None:
        said.append(_fact("Answerable", "Réponse probable", f"{page.answerable:.2f}"))
    if page.cited:
        said.append(_fact("Cites", "Cite", escape(", ".join(page.cited))))
    return f'<p class="facts">{"".join(said)}</p>'


def _was(page: CasePage) -> str:
    now = escape(page.record.route)
    if page.before is None or page.before.route in ("", page.record.route):
        return now
    return f"<del>{escape(page.before.route)}</del> <ins>{now}</ins>"


def _fact(english: str, french: str, value: str) -> str:
    return f"<span><b>{both(english, french)}</b> {value}</span>"


def _texts(page: CasePage) -> Iterator[str]:
    before: CaseRecord | None = page.before
    sides = []
    for english, french, now, then in (
        ("Public draft", "Brouillon public", page.record.public, before and before.public),
        ("Private draft", "Brouillon privé", page.record.private, before and before.private),
    ):
        if now or then:
            sides.append(_side(english, french, now or "", then or "", before is not None))
    if sides:
        yield f'<div class="sides">{"".join(sides)}</div>'
    if page.note:
        yield f'<p class="soft small">{escape(page.note)}</p>'


def _side(english: str, french: str, now: str, then: str, is_compared: bool) -> str:
    title = f"<h3>{both(english, french)}</h3>"
    if is_compared and now != then:
        return f'<div>{title}<p class="text">{difference(then, now)}</p></div>'
    return f'<div>{title}<p class="text">{escape(now)}</p></div>'


def difference(then: str, now: str) -> str:
    """Return both texts in one, word by word: what went is struck, what came is underlined."""
    old, new = _TOKENS.findall(then), _TOKENS.findall(now)
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if kind == "equal":
            parts.append(gone)
            continue
        parts.append(f"<del>{gone}</del>" if gone else "")
        parts.append(f"<ins>{come}</ins>" if come else "")
    return "".join(parts)


def _scores(page: CasePage) -> str:
    is_repeated = len(page.scores) > 1
    rows = [
        (_name(score, one.epoch if is_repeated else None), badge(score.verdict), _why(score))
        for one in page.scores
        for score in sorted(one.scores, key=_worst_first)
    ]
    head = (("Scorer", "Mesure"), ("Verdict", "Verdict"), ("Why", "Pourquoi"))
    return table(head, rows, set())


def _worst_first(score: Score) -> int:
    return [
        ScoreVerdict.FAIL,
        ScoreVerdict.ERROR,
        ScoreVerdict.PASS,
        ScoreVerdict.NOT_APPLICABLE,
    ].index(score.verdict)


def _name(score: Score, epoch: int | None) -> str:
    suffix = "" if epoch is None else f" #{epoch}"
    advisory = " " + mark("advisory", "indicatif") if score.is_advisory else ""
    return f"<code>{escape(score.scorer + suffix)}</code>{advisory}"


def _why(score: Score) -> str:
    return f'<span class="reason">{escape(score.reason)}</span>'
