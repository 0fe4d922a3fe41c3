"""Every rule of the rubric, in the rubric's order."""

from agent.steps.check.brand import competitors, names, notices, tags, terms, voice
from agent.steps.check.channel_fit import form, length, place
from agent.steps.check.grounding.rule import RULE as GROUNDEDNESS
from agent.steps.check.rule import Rule
from agent.steps.check.safety import (
    account,
    advice,
    crisis,
    injection,
    insults,
    links,
    personal_data,
    soliciting,
)
from agent.steps.check.tone import (
    blame,
    empathy,
    inclusive,
    language,
    marks,
    measure,
    opening,
    register,
    typography,
    wit,
)
from agent.steps.check.transparency import (
    answers,
    commitments,
    conditions,
    disclosure,
    honesty,
    human,
    promotion,
    reviews,
)

TONE = (
    register.RULE,
    empathy.EMPATHY,
    empathy.WARMTH,
    wit.SARCASM,
    blame.BLAME,
    blame.NON_APOLOGY,
    marks.EMOJI,
    marks.EXCLAMATION,
    marks.CAPITALS,
    measure.READABILITY,
    opening.OPENING,
    inclusive.RULE,
    language.LANGUAGE,
    language.DUPLICATE,
    opening.ASSUMPTION,
    measure.LENGTH,
    typography.RULE,
)
TRANSPARENCY = (
    disclosure.RULE,
    human.RULE,
    GROUNDEDNESS,
    commitments.RULE,
    honesty.UNCERTAINTY,
    promotion.RULE,
    reviews.RULE,
    honesty.LINK,
    honesty.CORRECTION,
    conditions.RULE,
    answers.EVASION,
    answers.RUMOUR,
)
BRAND = (
    voice.RULE,
    terms.BANNED,
    terms.PREFERRED,
    names.RULE,
    competitors.RULE,
    notices.MENTION,
    notices.GREEN,
    notices.TOPIC,
    tags.RULE,
)
SAFETY = (
    personal_data.RULE,
    soliciting.RULE,
    account.RULE,
    advice.RULE,
    crisis.TROLLS,
    crisis.LIABILITY,
    crisis.LIFE,
    injection.RULE,
    insults.RULE,
    links.RULE,
)
CHANNEL_FIT = (
    length.RULE,
    form.LINKS,
    form.TAGS,
    place.TARGET,
    form.MARKDOWN,
    place.WINDOW,
    place.SURFACE,
    place.ONE_REPLY,
    form.MENTIONS,
)
RULES: tuple[Rule, ...] = (*TONE, *TRANSPARENCY, *BRAND, *SAFETY, *CHANNEL_FIT)
