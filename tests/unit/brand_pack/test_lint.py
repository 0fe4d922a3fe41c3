"""Lint finds what a guide says wrong, twice, or not at all, and where."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from agent.adapters.brand_pack import load_pack
from agent.adapters.channels.limits_data import load_limits
from agent.services.lint import FindingSeverity, LintReport, lint_pack

Files = dict[str, str]
WritePack = Callable[[Mapping[str, str | bytes]], Path]
DAY = date(2026, 11, 21)

HELP = """\
---
kind: help
approver: Ada
---
## Aide
```yaml
id: help
lang: fr
```
Nous prenons votre message très au sérieux. En cas de danger, appelez le 112.
## Help
```yaml
id: help
lang: en
```
We take your message very seriously. In danger, call 112.
"""
HOLDING = """\
---
kind: holding
approver: Ada
---
## Attente
```yaml
id: hold
lang: fr
```
Nous avons bien lu votre message et nous le prenons au sérieux.
## Waiting
```yaml
id: hold
lang: en
```
We have read your message and take it seriously.
"""
FAQ = """\
---
lang: fr
---
## Quand mon colis arrive-t-il ?
```yaml
id: delivery-time
link: https://petit-pot.example/livraison
commitment: true
```
Le colis arrive sous 3 jours ouvrés en France métropolitaine.
## When will my parcel arrive?
```yaml
id: delivery-time
lang: en
link: https://petit-pot.example/livraison
commitment: true
```
The parcel arrives within 3 working days in mainland France.
"""
EXEMPLARS = """\
- id: e1
  lang: fr
  category: praise
  inbound: Bravo pour vos pots
  reply: Merci, votre message nous fait plaisir.
  why: Court.
"""
EXTRA = """\
safety:
  help_statements: {self_harm: [help], injury: [help], threat: [help], minor: [help]}
  custom_identifiers:
    - {name: JAR_CARD, pattern: 'PP-[0-9]{6}', examples: [PP-204877], not_examples: [PP-20]}
lexicon:
  link_allowlist: [petit-pot.example]
  preferred:
    - avoid: newsletter
      use: lettre d'information
      lang: fr
      good: [La lettre d'information paraît en mai.]
      bad: [La newsletter paraît en mai.]
  banned:
    - term: pas cher
      lang: fr
      good: [Un pot à petit prix.]
      bad: [Un pot pas cher.]
voice:
  - name: Claire
    meaning: Simple.
    pairs:
      - lang: fr
        bad: Désolés si vous avez été gêné.
        good: Un pot cassé, nous en sommes désolés.
situations:
  - id: complaint
    categories: [complaint]
    is_empathy_required: true
    acknowledgements:
      - lang: fr
        cues: [cassé]
        text: Un pot cassé à l'arrivée, nous en sommes désolés.
channels:
  x: {account: '@petitpot'}
"""


@pytest.fixture
def sound(files: Files) -> Files:
    """A pack of which lint has nothing to say."""
    brand = files["brand.yaml"].replace("name: Direction,", "name: Direction, backup: care,")
    reasons = '{fr: "Masqué : {rule}."}'
    assert reasons in brand
    brand = brand.replace(reasons, "{fr: 'Masqué : {rule}.', en: 'Hidden: {rule}.'}")
    labels = "  ad_labels: {fr: [Publicité], en: [Ad]}\n  correction_markers: {fr: [X], en: [X]}\n"
    files["brand.yaml"] = brand.replace("escalation:\n", f"{labels}escalation:\n") + EXTRA
    files["faq/delivery.md"] = FAQ
    files["statements/holding.md"] = HOLDING
    files["statements/help.md"] = HELP
    files["exemplars.yaml"] = EXEMPLARS
    return files


def lint(folder: Path) -> LintReport:
    return lint_pack(load_pack(folder), DAY, load_limits)


def test_a_sound_pack_has_no_finding(sound: Files, write_pack: WritePack) -> None:
    report = lint(write_pack(sound))
    assert not [(f.where, f.what) for f in report.findings]


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "expected"),
    [
        (
            "brand.yaml",
            "bad: [Un pot pas cher.]",
            "bad: [Un pot cher.]",
            "bad: [Un pot",
            "not caught",
        ),
        (
            "brand.yaml",
            "good: [Un pot à petit",
            "good: [Un pot pas cher, à",
            "good: [Un pot",
            "is caught",
        ),
        ("brand.yaml", "bad: [La newsletter", "bad: [La lettre", "bad: [La le", "not caught"),
        (
            "brand.yaml",
            "term: pas cher",
            "term: lettre d'information",
            "avoid: news",
            "both preferred",
        ),
        (
            "brand.yaml",
            "good: Un pot cassé, nous en sommes désolés.",
            "good: Désolés si vous avez été gêné.",
            "good: Dés",
            "good example",
        ),
        ("brand.yaml", "PP-[0-9]{6}", "QQ-[0-9]{6}", "examples: [PP", "does not find its own"),
        ("brand.yaml", "not_examples: [PP-20]", "not_examples: [PP-204878]", "JAR", "leave alone"),
        (
            "brand.yaml",
            "text: Un pot cassé à l'arrivée, nous en sommes désolés.",
            "text: Merci pour votre message.",
            "- lang: fr\n        cues",
            "T2",
        ),
        (
            "brand.yaml",
            "threat: [help]",
            "threat: []",
            "help_statements",
            "no help text for `threat`",
        ),
        ("brand.yaml", "client, backup: lead", "client", "routes", "has no backup"),
        ("brand.yaml", "en: [We are asking.]", "en: []", "unknown_texts", "has no text in en"),
        ("brand.yaml", "en: 'Hidden: {rule}.'", "", "statement_of_reasons", "no text in en"),
        (
            "brand.yaml",
            "route: escalate, team: care, acknowledge_within: 4 h}\n    - {category: f",
            "route: hold, team: care, acknowledge_within: 4 h}\n    - {category: f",
            "routes",
            "names no approved statement",
        ),
        ("faq/delivery.md", "within 3 working", "within 4 working", "## When", "4 working days"),
        (
            "faq/delivery.md",
            "link: https://petit-pot",
            "link: https://autre",
            "## Quand",
            "allow-list",
        ),
        ("faq/delivery.md", "Le colis arrive sous", "Ton colis arrive sous", "## Quand", "T1"),
        (
            "faq/delivery.md",
            "id: delivery-time\nlang: en",
            "id: other\nlang: en",
            "## Quand",
            "not exist in en",
        ),
        (
            "faq/delivery.md",
            "commitment: true\n```\nLe",
            "valid_until: 2026-11-20\n```\nLe",
            "## Quand",
            "ended on",
        ),
        (
            "statements/holding.md",
            "lang: fr",
            "lang: fr\nvalid_until: 2026-01-01",
            "## Attente",
            "ended on",
        ),
        ("exemplars.yaml", "Merci, votre", "Merci à toi, ton", "- id", "fails T1"),
    ],
)
def test_a_finding_names_its_place(
    sound: Files, write_pack: WritePack, file: str, old: str, new: str, at: str, expected: str
) -> None:
    assert old in sound[file]
    sound[file] = sound[file].replace(old, new)
    report = lint(write_pack(sound))
    found = [f for f in report.findings if f.file == file and expected in f.what]
    assert found, [(f.where, f.what) for f in report.findings]
    assert all(finding.mend for finding in found)
    assert found[0].line is not None
    whole = sound[file]
    line = whole[: whole.index(at)].count("\n") + 1
    assert found[0].line >= line


def test_two_entries_that_answer_one_question(sound: Files, write_pack: WritePack) -> None:
    sound["faq/again.md"] = (
        "---\nlang: en\n---\n## When will my parcel ARRIVE ?\n```yaml\nid: again\n```\nSoon.\n"
    )
    report = lint(write_pack(sound))
    assert any("answer the same question" in f.what for f in report.warnings)


def test_offers_of_different_seasons_do_not_contradict(sound: Files, write_pack: WritePack) -> None:
    sound["faq/again.md"] = (
        "---\nlang: en\nvalid_until: 2027-01-01\n---\n## Any offer?\n```yaml\nid: winter\n"
        "valid_from: 2026-12-01\n```\nIn winter.\n## Any offer?\n```yaml\nid: autumn\n"
        "valid_until: 2026-11-30\n```\nIn autumn.\n"
    )
    report = lint(write_pack(sound))
    assert not any("same question" in f.what for f in report.findings)


def test_a_statement_too_long_for_a_network(sound: Files, write_pack: WritePack) -> None:
    long = "Nous avons bien lu votre message et nous le prenons au sérieux. " * 5
    sound["statements/holding.md"] = HOLDING.replace(
        "Nous avons bien lu votre message et nous le prenons au sérieux.", long
    )
    report = lint(write_pack(sound))
    assert any("too long for x" in f.what for f in report.warnings)
    assert not any(
        "too long" in f.what for f in lint_pack(load_pack(write_pack(sound)), DAY).findings
    )


def test_an_expired_help_text_is_an_error_where_it_is_needed(
    sound: Files, write_pack: WritePack
) -> None:
    sound["statements/help.md"] = HELP.replace("kind: help", "kind: help\nvalid_until: 2026-01-01")
    report = lint(write_pack(sound))
    assert any("not in force in fr" in f.what for f in report.errors)


def test_an_empty_faq_is_a_warning(sound: Files, write_pack: WritePack) -> None:
    del sound["faq/delivery.md"]
    report = lint(write_pack(sound))
    assert not report.errors
    assert "no entry" in report.warnings[0].what


def test_errors_come_first(sound: Files, write_pack: WritePack) -> None:
    sound["brand.yaml"] = sound["brand.yaml"].replace("bad: [Un pot pas cher.]", "bad: [Un pot.]")
    sound["statements/holding.md"] = HOLDING.replace(
        "lang: en", "lang: en\nvalid_until: 2026-01-01"
    )
    severities = [finding.severity for finding in lint(write_pack(sound)).findings]
    assert severities[0] is FindingSeverity.ERROR
    assert severities[-1] is FindingSeverity.WARNING


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ("'PP-[0-9]{6}'", "'(a|aa)+$|PP-[0-9]{6}'", "JAR_CARD"),
        ("'PP-[0-9]{6}'", "'PP-(a|aa)+$|PP-[0-9]{6}'", "JAR_CARD"),
        ("term: pas cher", "pattern: '(a|aa)+$|pas cher'", "pas cher"),
    ],
)
def test_a_pattern_without_end_is_told_once_and_hangs_nothing(
    sound: Files, write_pack: WritePack, was: str, now: str, named: str
) -> None:
    brand = sound["brand.yaml"].replace("[PP-20]", f"[PP-20, PP-{'a' * 60}!]")
    sound["brand.yaml"] = brand.replace(was, now)
    errors = lint(write_pack(sound)).errors
    assert [(named in f.what, "does not come to an end" in f.what) for f in errors] == [
        (True, True)
    ]
    assert errors[0].line


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("tokens: [synergie], good: [Une idée.], bad: [Une idée.]", "bad example is not caught"),
        ("tokens: [synergie], good: [La synergie.], bad: [La synergie.]", "good example is caught"),
        ("tokens: ['(a|aa)+$'], good: [b], bad: [aaa]", "does not come to an end"),
    ],
)
def test_a_rule_of_the_brand_is_put_to_its_own_examples(
    sound: Files, write_pack: WritePack, rule: str, what: str
) -> None:
    sound["brand.yaml"] += (
        f"\nrules:\n  - {{id: ours, kind: existence, level: major, message: m, lang: fr, {rule}}}\n"
    )
    found = [f for f in lint(write_pack(sound)).errors if "`ours`" in f.what]
    assert len(found) == 1
    assert what in found[0].what
    assert found[0].file == "brand.yaml"
    assert found[0].line == sound["brand.yaml"].count("\n")
