"""Reads what a person asks of the drafter in their own words: what approved text can follow."""

import re
from typing import NamedTuple

from agent.domain.brand.identity import Register
from agent.domain.redaction import PLACEHOLDER
from knowledge.text.normalise import match_key

_SHORTER = re.compile(
    r"\b(?:(?:plus|trop) (?:court|bref|brev|long|concis)\w*|raccourci\w*|abrege\w*|resume[rz]?"
    r"|condense\w*|shorter|shorten|brief(?:er)?|(?:more )?concise|(?:too|less) (?:long|wordy)"
    r"|trim|condense)\b"
)
_OTHERWISE = re.compile(
    r"\b(?:autrement|reformul\w+|autre(?:s)? (?:formul\w+|mots?|accroche|ouverture|tournure)"
    r"|(?:plus|moins) (?:chaleureu\w+|repetiti\w+|froid\w*|sec|seche)|varie[rz]?"
    r"|rephrase|reword|(?:other|different) (?:words|wording|opening)|differently"
    r"|another way|warmer|less (?:cold|dry|repetitive))\b"
)
_TU = re.compile(r"\b(?:tutoie\w*|tutoy\w+|tutoiement|(?:en|au) tu)\b")
_VOUS = re.compile(r"\b(?:vouvoie\w*|vouvoy\w+|vouvoiement|(?:en|au) vous)\b")
_ASKING = re.compile(
    r"\b(?:parle[rz]?|mentionne[rz]?|ajoute[rz]?|dis|dire|dites|indique[rz]?|precise[rz]?"
    r"|reponds?|repondre|repondez|explique[rz]?|plutot|seulement|aussi|mieux|merci|stp|svp"
    r"|il faut|s'il (?:te|vous) plait|client\w*|question|reponse|brouillon|message|texte"
    r"|talk|speak|mention|add|say|tell|answer|explain|rather|instead|only|also|please|better"
    r"|the customer|customer|reply|draft|text|it is about|it's about|about|make it|fais|faites"
    r"|rends|rendre|et|and|un peu|a bit|much|beaucoup)\b"
)
_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")


class Asked(NamedTuple):
    """What a note asks for, as far as approved text can follow it."""

    is_shorter: bool = False
    is_otherwise: bool = False
    """Other approved phrasings of the same courtesy."""
    register: Register | None = None
    topic: str = ""
    """What is left once the wishes are read: the subject to answer, in the person's words."""


def read(note: str) -> Asked:
    """Return what `note` asks for, in French or English, as it was redacted."""
    left = PLACEHOLDER.sub(" ", match_key(note))
    found = {}
    for name, pattern in (
        ("shorter", _SHORTER),
        ("otherwise", _OTHERWISE),
        ("tu", _TU),
        ("vous", _VOUS),
        ("asking", _ASKING),
    ):
        left, count = pattern.subn(" ", left)
        found[name] = bool(count)
    register = Register.TU if found["tu"] else Register.VOUS if found["vous"] else None
    topic = " ".join(left.split()) if _WORD.search(left) else ""
    return Asked(found["shorter"], found["otherwise"], register, topic)
