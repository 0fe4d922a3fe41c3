"""What the rubric says of the text on screen: failures first, in the reviewer's language."""

import re
from collections.abc import Sequence

from agent.domain.checks import Check, CheckReport, Severity, Verdict
from ui.locales import Words
from ui.widgets.markup import Html, badge, esc, tag

TONE = {Severity.AUTOFAIL: "danger", Severity.MAJOR: "warn", Severity.MINOR: "plain"}

_NOT_A_WORD = re.compile(r"\W+")


def rule_title(rule: str, words: Words) -> str:
    """Return the rule's name in the reviewer's language; a brand's own rule keeps its own."""
    return words.get(f"rule.{rule.split('.')[0]}.name", rule.split(".", 1)[-1].replace("_", " "))


def rule_advice(check: Check, words: Words) -> str:
    """Return what to do about a failure, by rule id; the rule's own reason where none is told."""
    return words.get(f"rule.{check.rule.split('.')[0]}.advice", check.reason)


def is_to_verify(check: Check) -> bool:
    """Return whether a rule leaves certain words to a person, and blocks nothing."""
    return check.is_doubt


def to_show(report: CheckReport) -> tuple[Check, ...]:
    """Return failures, gravest first, blocking rules that could not decide, what to verify."""
    undecided = tuple(c for c in report.blockers if c.verdict is Verdict.ABSTAIN)
    return report.failures + undecided + tuple(filter(is_to_verify, report.checks))


def doubt(check: Check, words: Words) -> str:
    """Return why a rule leaves its words to a person, in the reviewer's language."""
    key = _NOT_A_WORD.sub("_", check.reason.lower()).strip("_")
    return words.get(f"doubt.{key}", words("doubt.advice"))


def summary(reports: Sequence[CheckReport], words: Words) -> Html:
    """Return one line of counts: blocking, to look at, passed."""
    checks = [check for report in reports for check in report.checks]
    blocking = sum(len(report.blockers) for report in reports)
    failed = sum(check.verdict is Verdict.FAIL for check in checks)
    failed -= sum(c.verdict is Verdict.FAIL for r in reports for c in r.blockers)
    passed = sum(check.verdict is Verdict.PASS for check in checks)
    parts = []
    if blocking:
        parts.append(badge(words.count("checks.blocking", blocking), "danger"))
    if failed:
        parts.append(badge(words.count("checks.warnings", failed), "warn"))
    if unsure := sum(map(is_to_verify, checks)):
        parts.append(badge(words.count("doubt.count", unsure), "plain"))
    parts.append(badge(words.count("checks.passed", passed), "good" if passed else "quiet"))
    return "".join(parts)


def tone_of(check: Check) -> str:
    """Return how grave a check looks; what is only to verify looks like no failure."""
    return "plain" if is_to_verify(check) else TONE[check.severity]


def _kind(check: Check, words: Words) -> str:
    if is_to_verify(check):
        return words("doubt.label")
    is_undecided = check.verdict is Verdict.ABSTAIN
    return words("checks.undecided" if is_undecided else f"checks.{check.severity.value}")


def check_html(check: Check, text: str, words: Words, link: str = "") -> Html:
    """Return one failed or undecided rule, with the words concerned and what to do.

    `link` is the name under which the words are marked in the text.
    """
    tone = tone_of(check)
    advice = doubt(check, words) if is_to_verify(check) else rule_advice(check, words)
    head = badge(_kind(check, words), tone) + tag("b", esc(rule_title(check.rule, words)))
    quoted = _quoted(check, text)
    return tag(
        "div",
        tag("div", head, "pv-row")
        + tag("div", esc(advice), "pv-advice", title=check.reason)
        + (tag("div", tag("q", esc(quoted)) + _mend(check, words), "pv-quoted") if quoted else ""),
        f"pv-check pv-edge-{tone}",
        data_link=link if quoted else "",
    )


def _mend(check: Check, words: Words) -> Html:
    if check.fix is None:
        return ""
    replacement = check.fix.replacement.strip()
    shown = tag("ins", esc(replacement)) if replacement else esc(words("checks.removed"))
    return " → " + shown


def _quoted(check: Check, text: str) -> str:
    if check.start is None or check.end is None:
        return ""
    return text[check.start : check.end].strip()


def passed_html(reports: Sequence[CheckReport], words: Words) -> Html:
    """Return the rules that passed, folded."""
    rules = dict.fromkeys(
        check.rule for report in reports for check in report.checks if check.verdict is Verdict.PASS
    )
    if not rules:
        return ""
    items = "".join(tag("li", esc(rule_title(rule, words))) for rule in rules)
    title = tag("summary", esc(words("checks.show_passed")))
    return tag("details", title + tag("ul", items), "pv-fold")
