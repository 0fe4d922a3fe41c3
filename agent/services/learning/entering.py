"""Where an accepted suggestion enters the pack, in the form a person would have written."""

import json
from collections.abc import Mapping
from typing import Any

from agent.domain.errors import ConfigurationError
from agent.domain.packs import Changes
from agent.domain.redaction import PLACEHOLDER
from agent.services.learning.suggestions import Suggestion, SuggestionKind
from knowledge.passages import Language
from knowledge.sources.entries import slug
from knowledge.sources.yaml_edit import with_data
from knowledge.sources.yaml_lines import YamlError, load_yaml

POLICY, EXEMPLARS = "brand.yaml", "exemplars.yaml"
USAGES = "guidelines/usages.md"
_MOST_SWAPPED = 4
"""Words of a wording that a check can look for; longer ones are prose."""
_MOST_ALIASES = 6
_WHY = {
    (Language.FR, True): "Reformulée par l'équipe, puis approuvée.",
    (Language.FR, False): "Approuvée telle quelle.",
    (Language.EN, True): "Rewritten by the team, then approved.",
    (Language.EN, False): "Approved as it was.",
}
_TITLES = {Language.FR: "# Usages relevés\n", Language.EN: "# Usages noted\n"}


def entered(texts: Mapping[str, str], suggestion: Suggestion) -> Changes:
    """Return the changes that put a suggestion into the pack.

    A question goes in without an answer, unless a person has written one: a pack with an entry
    that has none does not load, so nobody can activate it by oversight.

    Raises:
        ConfigurationError: the file it goes to cannot be changed as it is written.
    """
    try:
        match suggestion.kind:
            case SuggestionKind.EXEMPLAR:
                return _exemplar(texts, suggestion)
            case SuggestionKind.GAP:
                return _entry(texts, suggestion)
            case SuggestionKind.WORDING:
                return _wording(texts, suggestion)
    except YamlError as error:
        raise ConfigurationError(f"{error.what}; {error.mend}") from None


def _exemplar(texts: Mapping[str, str], suggestion: Suggestion) -> Changes:
    text = texts.get(EXEMPLARS, "")
    record: dict[str, Any] = {
        "id": f"desk-{suggestion.key[:8]}",
        "lang": suggestion.lang.value,
        "inbound": suggestion.examples[0].message,
        "reply": suggestion.text,
        "why": _WHY[_written(suggestion.lang), suggestion.is_edited],
    }
    if suggestion.category is not None:
        record["category"] = suggestion.category.value
    known = load_yaml(text).data or []
    return {EXEMPLARS: with_data(text, [*known, record])}


def _entry(texts: Mapping[str, str], suggestion: Suggestion) -> Changes:
    lang = _written(suggestion.lang)
    path = f"faq/{'questions-recues' if lang is Language.FR else 'questions-received'}.{lang}.md"
    question = _one_line(suggestion.text)
    others = dict.fromkeys(_one_line(one.message) for one in suggestion.examples)
    aliases = [one for one in others if one and one != question][:_MOST_ALIASES]
    answers = [one.after for one in suggestion.examples if one.after]
    answer = next((one for one in answers if not PLACEHOLDER.search(one)), "")
    start = texts.get(path) or f"---\nlang: {lang.value}\n---\n# {path[4:-6]}\n"
    name = f"{slug(question, most=40) or 'question'}-{suggestion.key[:4]}"
    lines = [f"id: {name}", f"lang: {lang.value}"]
    if aliases:
        lines += ["aliases:", *(f"  - {json.dumps(one, ensure_ascii=False)}" for one in aliases)]
    metadata = "\n".join(lines)
    section = f"## {question}\n\n```yaml\n{metadata}\n```\n\n{answer}".rstrip() + "\n"
    return {path: start.rstrip("\n") + "\n\n" + section}


def _wording(texts: Mapping[str, str], suggestion: Suggestion) -> Changes:
    before, after = suggestion.instead_of, suggestion.text
    is_swap = before and after and max(len(before.split()), len(after.split())) <= _MOST_SWAPPED
    if is_swap:
        data = load_yaml(texts[POLICY]).data
        lexicon = data.setdefault("lexicon", {})
        swap = {"avoid": before, "use": after, "lang": suggestion.lang.value}
        lexicon["preferred"] = [*lexicon.get("preferred", ()), swap]
        return {POLICY: with_data(texts[POLICY], data)}
    start = texts.get(USAGES) or _TITLES[_written(suggestion.lang)]
    return {USAGES: start.rstrip("\n") + f"\n\n- {sentence(suggestion)}\n"}


def sentence(suggestion: Suggestion) -> str:
    """Return a wording as a sentence of the guide, in its own language."""
    before, after = suggestion.instead_of, suggestion.text
    if _written(suggestion.lang) is Language.FR:
        if not after:
            return f"Ne pas écrire « {before} »."
        return f"Écrire « {after} »" + (f", et non « {before} »." if before else ".")
    if not after:
        return f"Do not write “{before}”."
    return f"Write “{after}”" + (f", not “{before}”." if before else ".")


def _written(lang: Language) -> Language:
    return Language.EN if lang is Language.EN else Language.FR


def _one_line(text: str) -> str:
    return " ".join(PLACEHOLDER.sub("…", text).split()).lstrip("#").strip()
