"""A brand's own rules: each kind with what it finds, where it holds, and what it never does."""

import time

import pytest
from pydantic import ValidationError

from agent.domain.brand import BrandPack, CustomIdentifier, OwnRule
from agent.domain.checks import Check, CheckSubject, Severity, Verdict
from agent.domain.messages import Surface
from agent.steps.check import Rubric
from knowledge.passages import Language

BASE = {
    "id": "mine",
    "level": "major",
    "message": "« %s » is not ours",
    "good": ["ok"],
    "bad": ["no"],
}


def _rubric(pack: BrandPack, **rule: object) -> Rubric:
    own = OwnRule.model_validate({**BASE, **rule})
    policy = pack.policy.model_copy(update={"rules": (own,)})
    return Rubric(pack.model_copy(update={"policy": policy}))


def _check(rubric: Rubric, reply: str, surface: Surface = Surface.PUBLIC, **rest: bool) -> Check:
    subject = CheckSubject(reply=reply, lang=Language.FR, surface=surface)
    report = rubric.check(subject, None, **rest)
    own = [check for check in report.checks if check.rule == "BRAND.mine"]
    failed = [check for check in own if check.verdict is Verdict.FAIL]
    return (failed or own)[0]


def _mended(check: Check, reply: str) -> str:
    assert check.fix is not None
    return reply[: check.fix.start] + check.fix.replacement + reply[check.fix.end :]


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (
            {"kind": "existence", "tokens": ["synergies?"]},
            "De belles synergies.",
            "De belles idées.",
        ),
        (
            {"kind": "substitution", "swaps": {"mails?": "e-mail"}},
            "Un mail suit.",
            "Un e-mail suit.",
        ),
        (
            {"kind": "occurrence", "tokens": ["vraiment"], "max": 1},
            "Vraiment, vraiment bon.",
            "Vraiment bon.",
        ),
        ({"kind": "occurrence", "tokens": ["merci"], "min": 1}, "Bonjour Léa.", "Merci Léa."),
        ({"kind": "repetition"}, "Il est dans le le sachet.", "Il nous nous le rappelle."),
        (
            {"kind": "consistency", "either": {"clé": "clef"}},
            "La clé, ou clef, est là.",
            "La clé est la clé.",
        ),
        (
            {"kind": "conditional", "first": "soldes?", "second": "conditions?"},
            "Les soldes commencent.",
            "Les soldes commencent, voir conditions.",
        ),
        ({"kind": "capitalization", "exact": ["iPad"]}, "Sur Ipad aussi.", "Sur iPad aussi."),
    ],
)
def test_each_kind_finds_what_it_is_for(
    pack: BrandPack, rule: dict[str, object], bad: str, good: str
) -> None:
    rubric = _rubric(pack, **rule)
    found = _check(rubric, bad)
    assert found.verdict is Verdict.FAIL
    assert found.severity is Severity.MAJOR
    assert _check(rubric, good).verdict is Verdict.PASS


def test_the_words_found_are_in_the_span_and_the_message(pack: BrandPack) -> None:
    check = _check(_rubric(pack, kind="existence", tokens=["synergies?"]), "De belles synergies.")
    assert (check.start, check.end) == (10, 19)
    assert check.reason == "« synergies » is not ours"


@pytest.mark.parametrize(
    ("rule", "reply", "mended"),
    [
        (
            {"kind": "substitution", "swaps": {"mails?": "e-mail"}},
            "Mail à venir.",
            "E-mail à venir.",
        ),
        ({"kind": "repetition"}, "Dans le le sachet.", "Dans le sachet."),
        ({"kind": "capitalization", "exact": ["iPad"]}, "Sur IPAD.", "Sur iPad."),
    ],
)
def test_a_fix_is_one_click(
    pack: BrandPack, rule: dict[str, object], reply: str, mended: str
) -> None:
    rubric = _rubric(pack, **rule)
    assert _mended(_check(rubric, reply), reply) == mended
    assert _check(rubric, mended).verdict is Verdict.PASS


def test_a_rule_holds_in_its_scope_and_language_only(pack: BrandPack) -> None:
    rubric = _rubric(pack, kind="existence", tokens=["synergie"], scope=["public"])
    assert (
        _check(rubric, "Une synergie est née.", Surface.PRIVATE).verdict is Verdict.NOT_APPLICABLE
    )
    english = _rubric(pack, kind="existence", tokens=["synergie"], lang="en")
    assert _check(english, "Une synergie est née pour vous.").verdict is Verdict.NOT_APPLICABLE


def test_words_quoted_and_exceptions_do_not_count(pack: BrandPack) -> None:
    rubric = _rubric(pack, kind="existence", tokens=["gratuit"], exceptions=["à titre gratuit"])
    assert _check(rubric, "Vous écrivez « gratuit ».").verdict is Verdict.PASS
    assert _check(rubric, "C'est à titre gratuit.").verdict is Verdict.PASS
    assert _check(rubric, "C'est gratuit.").verdict is Verdict.FAIL


def test_a_long_reply_is_read_to_its_end(pack: BrandPack) -> None:
    rubric = _rubric(pack, kind="existence", tokens=["synergie"], level="autofail")
    reply = "Voici la suite. " * 2_000 + "Une synergie."
    assert _check(rubric, reply).verdict is Verdict.FAIL


def test_an_autofail_blocks_approval_and_runs_before_posting(pack: BrandPack) -> None:
    rubric = _rubric(pack, kind="existence", tokens=["synergie"], level="autofail")
    subject = CheckSubject(reply="Une synergie.", lang=Language.FR)
    report = rubric.check(subject, None)
    assert "BRAND.mine" in {check.rule for check in report.blockers}
    assert rubric.blocks(subject, None)
    minor = _rubric(pack, kind="existence", tokens=["synergie"], level="minor")
    assert not minor.blocks(subject, None)


def test_a_pattern_without_end_abstains_and_does_not_hang(pack: BrandPack) -> None:
    rubric = _rubric(pack, kind="existence", tokens=["(a|aa)+$"], level="autofail")
    start = time.monotonic()
    check = _check(rubric, "a" * 5000 + "!")
    assert check.verdict is Verdict.ABSTAIN
    assert check.severity is Severity.AUTOFAIL
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"kind": "existence", "tokens": ["(a"]}, "`mine`: the pattern « \\(a » is not valid"),
        ({"kind": "existence"}, "needs `tokens`"),
        ({"kind": "existence", "tokens": ["a"], "swaps": {"a": "b"}}, "has no use for `swaps`"),
        ({"kind": "occurrence", "tokens": ["a"]}, "needs `max` or `min`"),
        ({"kind": "existence", "tokens": ["a"], "bad": []}, "bad"),
        ({"kind": "existence", "tokens": ["a"], "colour": "red"}, "colour"),
        ({"kind": "existence", "tokens": ["a"], "id": "Mine!"}, "id"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(rule: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        OwnRule.model_validate({**BASE, **rule})


def test_two_rules_do_not_share_an_id(pack: BrandPack) -> None:
    own = {**BASE, "kind": "repetition"}
    with pytest.raises(ValidationError, match="`mine` is there twice"):
        type(pack.policy).model_validate({**pack.policy.model_dump(), "rules": [own, own]})


def test_an_identifier_without_end_stops_the_reply_and_does_not_hang(pack: BrandPack) -> None:
    card = CustomIdentifier(name="CARD", pattern=r"(a|aa)+$|NOI-\d{6}", examples=("NOI-123456",))
    safety = pack.policy.safety.model_copy(update={"custom_identifiers": (card,)})
    policy = pack.policy.model_copy(update={"safety": safety})
    rubric = Rubric(pack.model_copy(update={"policy": policy}))
    start = time.monotonic()
    endless = CheckSubject(reply="a" * 5000 + "!", lang=Language.FR)
    found = [c for c in rubric.check(endless, None).blockers if c.rule == "S1.personal_data"]
    assert [(c.verdict, c.severity) for c in found] == [(Verdict.ABSTAIN, Severity.AUTOFAIL)]
    assert time.monotonic() - start < 20
    quoted = CheckSubject(reply="Votre carte NOI-123456 est prête.", lang=Language.FR)
    said = [c for c in rubric.check(quoted, None).blockers if c.rule == "S1.personal_data"]
    assert said[0].verdict is Verdict.FAIL
