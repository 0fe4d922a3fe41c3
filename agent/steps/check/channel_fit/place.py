"""C4, C6, C7, C8: answered where one may answer, once, and on the surface the words suit."""

from datetime import timedelta

from agent.domain.checks import Severity
from agent.domain.messages import Surface
from agent.steps.check.case import Case
from agent.steps.check.guide import text_key
from agent.steps.check.phrases import phrases
from agent.steps.check.rule import Example, Finding, Outcome, Rule, not_applicable


def _find_target(case: Case) -> Outcome:
    del case
    return not_applicable("the channel re-reads the parent just before posting")


TARGET = Rule("C4.target", Severity.AUTOFAIL, _find_target)


def _find_window(case: Case) -> Outcome:
    hours = case.limits.reply_window_hours if case.limits else None
    if hours is None or case.subject.surface is not Surface.PRIVATE:
        return not_applicable("the network sets no window here")
    theirs = [
        entry.created_at
        for entry in case.subject.thread
        if entry.created_at and not case.guide.is_own_author(entry.author)
    ]
    if not theirs or case.subject.now is None:
        return not_applicable("the time of the customer's message is not known here")
    if case.subject.now - max(theirs) > timedelta(hours=hours):
        return Finding(f"The {hours}-hour window for a private reply has passed.", 0, 0)
    return None


WINDOW = Rule("C6.window", Severity.AUTOFAIL, _find_window)


def _find_surface(case: Case) -> Outcome:
    if case.subject.surface is Surface.PRIVATE:
        found = phrases("channel.go_private").search(case.bare, case.reply_lang)
        reason = "The customer is already in private."
        return Finding(reason, *found.span(), None, Severity.MINOR) if found else None
    found = phrases("channel.private_exchange").search(case.bare, case.reply_lang)
    return Finding("It speaks in public of a private exchange.", *found.span()) if found else None


SURFACE = Rule(
    "C7.surface",
    Severity.MAJOR,
    _find_surface,
    good=(
        Example("fr", "Écrivez-nous en message privé."),
        Example("fr", "Comme convenu en MP, voici le lien.", surface=Surface.PRIVATE),
        Example("en", "Please send us a private message."),
        Example("en", "As discussed by phone, here it is.", surface=Surface.PRIVATE),
    ),
    bad=(
        Example("fr", "Comme convenu en MP, la boîte part lundi."),
        Example("fr", "Suite à votre message privé, c'est réglé."),
        Example("fr", "Écrivez-nous en message privé.", surface=Surface.PRIVATE),
        Example("en", "As discussed by phone, it is sorted."),
        Example("en", "Following your private message, it is done."),
        Example("en", "Please send us a private message.", surface=Surface.PRIVATE),
    ),
)


def _find_second_reply(case: Case) -> Outcome:
    thread = case.subject.thread
    if not thread:
        return not_applicable("no thread")
    key = text_key(case.subject.message)
    asked = [i for i, entry in enumerate(thread) if key and text_key(entry.text) == key]
    if not asked:
        return None
    if any(case.guide.is_own_author(entry.author) for entry in thread[asked[-1] + 1 :]):
        return Finding("We already answered this message.", 0, len(case.text))
    return None


_THREAD = (("lea", "Vous ouvrez quand ?"), ("brand", "À 10 h."))
ONE_REPLY = Rule(
    "C8.one_reply",
    Severity.MAJOR,
    _find_second_reply,
    good=(
        Example("fr", "Oui, le samedi.", "Et le samedi ?", thread=_THREAD),
        Example("fr", "À 10 h.", "Vous ouvrez quand ?", thread=_THREAD[:1]),
        Example("en", "Yes.", "Any news?", thread=(("brand", "Hello"), ("sam", "Any news?"))),
    ),
    bad=(
        Example("fr", "À 10 h !", "Vous ouvrez quand ?", thread=_THREAD),
        Example("en", "Yes.", "Any news?", thread=(("sam", "Any news?"), ("brand", "Soon."))),
    ),
)
