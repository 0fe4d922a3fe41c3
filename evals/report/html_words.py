"""Small pieces of the page: everything that comes from outside is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from evals.results import ScoreVerdict

VERDICTS = {
    ScoreVerdict.PASS: ("pass", "réussi"),
    ScoreVerdict.FAIL: ("fail", "échec"),
    ScoreVerdict.ERROR: ("error", "erreur"),
    ScoreVerdict.NOT_APPLICABLE: ("n/a", "sans objet"),
}


def both(english: str, french: str) -> str:
    """Return words of the page itself in both languages; one of them is shown."""
    if english == french:
        return escape(english)
    return (
        f'<span class="en" lang="en">{escape(english)}</span>'
        f'<span class="fr" lang="fr">{escape(french)}</span>'
    )


def label(english: str, french: str) -> str:
    """Return a label and its colon, with the space that French sets before it."""
    return f"<b>{both(english + ':', french + chr(0xA0) + ':')}</b>"


def badge(verdict: ScoreVerdict) -> str:
    """Return a verdict as a coloured word: never by its colour alone."""
    return f'<span class="badge {verdict.value}">{both(*VERDICTS[verdict])}</span>'


def mark(english: str, french: str) -> str:
    """Return a neutral mark."""
    return f'<span class="badge plain">{both(english, french)}</span>'


def link_to(case: str) -> str:
    """Return a link to a case on the page."""
    return f'<a href="#{escape(case, quote=True)}"><code>{escape(case)}</code></a>'


def table(head: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], numbers: set[int]) -> str:
    """Return a table; cells are HTML already, `numbers` are the columns set to the right."""

    def cells(tag: str, values: Iterable[str]) -> str:
        return "".join(
            f"<{tag}{' class=' + chr(34) + 'n' + chr(34) if at in numbers else ''}>{value}</{tag}>"
            for at, value in enumerate(values)
        )

    top = cells("th", (both(*words) for words in head))
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    inner = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table>{inner}</table></div>'


def bar(share: float, low: float, high: float) -> str:
    """Return a rate as a bar with its interval as a range over it; for the eye only."""
    part = "" if share >= 1 else " part"
    return (
        '<div class="bar" aria-hidden="true">'
        f'<div class="fill{part}" style="width:{share * 100:.1f}%"></div>'
        f'<div class="range" style="left:{low * 100:.1f}%;width:{(high - low) * 100:.1f}%"></div>'
        "</div>"
    )
