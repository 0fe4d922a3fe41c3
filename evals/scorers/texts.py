"""What the texts say, word for word, and what they must never show."""

from collections.abc import Iterator

from evals.results import Score
from evals.scorers.base import Exhibit, does_not_apply, listed, told
from knowledge.text.normalise import match_key


def surfaces(exhibit: Exhibit) -> Iterator[Score]:
    """Score whether there is a public text, and a private one."""
    observed, expected = exhibit.observed, exhibit.case.expected
    if observed is None:
        return
    for name, wanted, text in (
        ("public_text", expected.has_public, observed.draft.public),
        ("private_text", expected.has_private, observed.draft.private),
    ):
        if wanted is not None:
            there = "a text" if text else "no text"
            yield told(name, "" if bool(text) is wanted else f"there is {there}")


def statement(exhibit: Exhibit) -> Iterator[Score]:
    """Score which approved statement was used as it stands."""
    observed, wanted = exhibit.observed, exhibit.case.expected.statement
    if observed is not None and wanted is not None:
        found = observed.draft.statement_id
        yield told("statement", "" if found == wanted else f"expected {wanted}, got {found}")


def must_say(exhibit: Exhibit) -> Iterator[Score]:
    """Score the exact approved strings: a price, a date, a disclosure."""
    observed, wanted = exhibit.observed, exhibit.case.expected.must_say
    if observed is None or not wanted:
        return
    said = _plain_spaces("\n".join(observed.texts))
    missing = [f"« {text} »" for text in wanted if _plain_spaces(text) not in said]
    yield told("must_say", f"not said: {listed(missing)}" if missing else "")


def _plain_spaces(text: str) -> str:
    """French sets a no-break space before « € » and « ? »; a case may write a plain one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def must_not_say(exhibit: Exhibit) -> Iterator[Score]:
    """Score what no text may say, candidates included, whatever its case and accents."""
    observed, unwanted = exhibit.observed, exhibit.case.expected.must_not_say
    if observed is None or not unwanted:
        return
    said = "\n".join(match_key(_plain_spaces(text)) for text in observed.all_texts)
    found = [f"« {text} »" for text in unwanted if match_key(_plain_spaces(text)) in said]
    yield told("must_not_say", f"said: {listed(found)}" if found else "", is_autofail=True)


def redaction(exhibit: Exhibit) -> Iterator[Score]:
    """Score that what had to be masked is, everywhere, and that nothing masked came back.

    A reason counts and never quotes: the report must not show what redaction missed.
    """
    observed, expected = exhibit.observed, exhibit.case.expected
    if observed is None:
        return
    seen = "\n".join((observed.redacted_text, *observed.all_texts))
    shown = sum(text in seen for text in expected.redacted)
    lost = [f"« {text} »" for text in expected.kept if text not in observed.redacted_text]
    problems = [
        f"{shown} of {len(expected.redacted)} values still readable" if shown else "",
        f"masked without need: {listed(lost)}" if lost else "",
        "a text proposed shows a placeholder or a masked value" if observed.is_leaking else "",
    ]
    is_asked = expected.redacted or expected.kept or observed.all_texts
    if is_asked:
        yield told("redaction", "; ".join(filter(None, problems)), is_autofail=True)
    else:
        yield does_not_apply("redaction", "no text proposed and nothing to mask")
