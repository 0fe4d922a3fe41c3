"""One page of HTML: opens from disk, asks no network, and runs no script but its own.

Messages, replies and reasons are untrusted: all of them are escaped, and a content security policy
names the hash of the only script that may run.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from evals.gate import Gate, Reason, ReasonKind
from evals.report.case_html import case_html
from evals.report.html_words import bar, both, label, link_to, table
from evals.report.model import CasePage, Report
from evals.report.words import failing, interval, percent, points
from evals.results import Rate, ScoreVerdict

_GATE = {
    "green": ("Green: no worse than before", "Vert : pas moins bien qu’avant"),
    "amber": ("Amber: inconclusive", "Orange : non concluant"),
    "red": ("Red: regression", "Rouge : régression"),
}
_NOT_VALID = ("Not valid: too many errors", "Non valable : trop d’erreurs")
_REASONS = {
    ReasonKind.GATE_CASE: ("Gate cases that fail", "Cas de barrage en échec"),
    ReasonKind.AUTOFAIL: ("An auto-fail came back", "Un échec rédhibitoire est revenu"),
    ReasonKind.WORSE: ("Worse beyond doubt", "Moins bien, sans doute possible"),
    ReasonKind.ERRORS: ("Errors", "Erreurs"),
    ReasonKind.NOT_SHOWN: ("Not shown to be no worse", "Rien ne prouve que ce n’est pas pire"),
    ReasonKind.NO_BASELINE: ("Nothing to compare with", "Rien à quoi comparer"),
    ReasonKind.NON_INFERIOR: ("Within the margin", "Dans la marge"),
    ReasonKind.ALL_PASS: ("Every case passes", "Tous les cas réussissent"),
    ReasonKind.NO_CASES: ("No case was run", "Aucun cas n’a tourné"),
}
_RATE_HEAD = (
    ("Pass", "Réussis"),
    ("Rate", "Taux"),
    ("95 % interval", "Intervalle à 95 %"),
    ("", ""),
    ("Errors", "Erreurs"),
    ("n/a", "Sans objet"),
)


@cache
def _asset(name: str) -> str:
    return files("evals.report").joinpath(f"assets/{name}").read_text("utf-8")


def to_html(report: Report) -> str:
    """Return the whole page."""
    title = f"Evals: {', '.join(report.manifest.brands)}"
    return page(title, "".join(_body(report)))


def page(title: str, body: str) -> str:
    """Return a page that holds `body`, HTML already, with its own style and script."""
    script, style = _asset("page.js"), _asset("page.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en" data-lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield _top(report)
    yield "<main>"
    yield gate_html(report.gate)
    yield _cards(report)
    yield from _changes(report)
    yield from _rates(report)
    yield from _cases(report)
    yield "</main>"
    yield _origin(report)


def _top(report: Report) -> str:
    made = report.manifest
    english = f"{made.cases} cases, suite “{made.suite}”, {made.created_at:%Y-%m-%d %H:%M} UTC"
    french = f"{made.cases} cas, suite « {made.suite} », {made.created_at:%d/%m/%Y %H:%M} UTC"
    title = f"{both('Evals of', 'Évaluations de')} {escape(', '.join(made.brands))}"
    return top(title, both(english, french))


def top(title: str, subtitle: str) -> str:
    """Return the head of a page: its title and the two switches."""
    return (
        f'<header class="top"><div><h1>{title}</h1><p class="soft">{subtitle}</p></div>'
        f'<div class="tools"><button id="lang" type="button">{both("Français", "English")}</button>'
        f'<button id="theme" type="button">{both("Light or dark", "Clair ou sombre")}</button>'
        "</div></header>"
    )


def gate_html(gate: Gate) -> str:
    """Return the gate's colour, in words, and its reasons."""
    words = _GATE[gate.colour.value] if gate.is_valid else _NOT_VALID
    reasons = "".join(f"<li>{_reason(reason)}</li>" for reason in gate.reasons)
    return (
        f'<section class="gate {gate.colour.value}"><strong class="word">{both(*words)}</strong>'
        f"<ul>{reasons}</ul></section>"
    )


def _reason(reason: Reason) -> str:
    said = f"{label(*_REASONS[reason.kind])} {escape(reason.text)}"
    if not reason.cases:
        return said
    return f"{said}<br>{_links(reason.cases)}"


def _links(cases: Sequence[str]) -> str:
    return ", ".join(map(link_to, cases))


def _cards(report: Report) -> str:
    summary, overall = report.summary, report.summary.overall
    clustered = f"{interval(summary.low, summary.high)}"
    cards = [
        _card(
            percent(overall.share),
            both("of the cases pass", "des cas réussissent"),
            both(
                f"95 %: {interval(overall.low, overall.high)}; by topic: {clustered}",
                f"à 95 % : {interval(overall.low, overall.high)} ; par sujet : {clustered}",
            ),
        ),
        _card(
            str(overall.failed),
            both("fail", "en échec"),
            both(f"of {overall.total} that were told", f"sur {overall.total} jugés"),
        ),
        _card(
            str(overall.errors),
            both("could not be told", "n’ont pu être jugés"),
            both("errors change no rate", "les erreurs ne changent aucun taux"),
        ),
    ]
    for k, value in list(summary.pass_hat.items())[1:]:
        said = both(f"pass^{k}: {k} repeats all pass", f"pass^{k} : {k} passages réussis d’affilée")
        cards.append(_card(percent(value), said, ""))
    return f'<section class="cards">{"".join(cards)}</section>'


def _card(figure: str, label: str, more: str) -> str:
    return (
        f'<div class="card"><div class="figure">{figure}</div><div>{label}</div>'
        f'<div class="soft small">{more}</div></div>'
    )


def _changes(report: Report) -> Iterator[str]:
    found = report.comparison
    if found is None:
        return
    yield f"<h2>{both('Against the baseline', 'Face à la référence')}</h2>"
    yield f"<p><b>{escape(points(found.difference, found.interval))}</b></p>"
    yield f"<p>{escape(found.sentence)}</p>"
    for english, french, cases in (
        ("Broke", "Cassés", found.broken),
        ("Mended", "Réparés", found.fixed),
        (
            "Without a counterpart in the baseline",
            "Sans équivalent dans la référence",
            found.only_after,
        ),
    ):
        if cases:
            yield f"<p>{label(english, french)} {len(cases)}. {_links(cases)}</p>"
    if found.only_before:
        words = label("Cases of the baseline that were not run", "Cas de la référence non joués")
        yield f"<p>{words} {len(found.only_before)}</p>"


def _rates(report: Report) -> Iterator[str]:
    summary = report.summary
    for english, french, rates in (
        ("By criterion", "Par critère", summary.by_criterion),
        ("By language", "Par langue", summary.by_language),
        ("By scorer", "Par mesure", summary.by_scorer),
        ("Judges still advisory", "Juges encore indicatifs", summary.advisory),
    ):
        if rates:
            yield f"<h2>{both(english, french)}</h2>"
            yield table((("", ""), *_RATE_HEAD), map(_rate_row, rates), {1, 2, 3, 5, 6})


def _rate_row(rate: Rate) -> list[str]:
    is_told = rate.share is not None
    return [
        f"<b>{escape(rate.name)}</b>",
        f"{rate.passed} / {rate.total}",
        percent(rate.share),
        interval(rate.low, rate.high) if is_told else "–",
        bar(rate.share or 0.0, rate.low, rate.high) if is_told else "",
        str(rate.errors),
        str(rate.not_applicable),
    ]


def _cases(report: Report) -> Iterator[str]:
    yield f"<h2>{both('Cases', 'Cas')}</h2>"
    yield _filters(report)
    first = failing(report)
    ids = {page.record.id for page in first}
    rest = [page for page in report.cases if page.record.id not in ids]
    yield from map(case_html, [*first, *sorted(rest, key=_order)])


def _order(page: CasePage) -> tuple[str, str]:
    return page.record.criterion.value, page.record.id


def _filters(report: Report) -> str:
    return filters(sorted({page.record.criterion.value for page in report.cases}))


def filters(criteria: Sequence[str]) -> str:
    """Return the search box and the two lists that narrow down the cases."""
    verdicts = "".join(
        f'<option value="{value}">{words}</option>'
        for value, words in (
            ("", "All verdicts · Tous les verdicts"),
            (ScoreVerdict.FAIL.value, "Fail · Échec"),
            (ScoreVerdict.ERROR.value, "Error · Erreur"),
            (ScoreVerdict.PASS.value, "Pass · Réussi"),
            ("changed", "Changed · Modifié"),
        )
    )
    options = '<option value="">All criteria · Tous les critères</option>' + "".join(
        f'<option value="{name}">{name}</option>' for name in criteria
    )
    return (
        '<div class="filters"><input id="words" type="search" aria-label="Search · Rechercher" '
        'placeholder="Search · Rechercher">'
        f'<select id="verdict" aria-label="Verdict">{verdicts}</select>'
        f'<select id="criterion" aria-label="Criterion · Critère">{options}</select>'
        '<span id="shown" class="soft small" role="status"></span></div>'
    )


def _origin(report: Report) -> str:
    given = report.manifest.model_dump(mode="json")
    rows = "".join(
        f"<p><code>{escape(name)}</code> {escape(_flat(value))}</p>"
        for name, value in given.items()
        if value not in ("", {}, None)
    )
    title = both("How this run was made", "Comment cette mesure a été faite")
    return f"<footer><details><summary>{title}</summary>{rows}</details></footer>"


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)
