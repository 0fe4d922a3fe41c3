"""The marks of « tu » and of « vous » in folded French: pronouns, possessives, imperatives."""

import re

_SET_PHRASES = re.compile(
    r"s'il vous plait|\bsvp\b|\brendez-vous\b|\bvous-memes?\b|\bgarde[- ]a[- ]vous\b"
    r"|\ba tu et a toi\b|\btu parles\b|\bva savoir\b|\bdis donc\b|\bsauve[- ]qui[- ]peut\b"
    r"|\bm'as-tu-vu\w*|\bcessez-le-feu\b|\bsuivez-moi-jeune-homme\b|\bvoyez-vous\b"
)
_NOUN_TON = (
    r"(?<!\ble )(?<!\bun )(?<!\bce )(?<!\bdu )(?<!\bau )(?<!\bson )(?<!\bnotre )(?<!\bvotre )"
    r"(?<!\bquel )(?<!\bmeme )(?<!\bbon )(?<!\bmauvais )(?<!\bautre )(?<!\bseul )(?<!\bleur )"
    r"(?<!\bhausse le )(?<!\bd'un )(?<!\bmi-)(?<!\bdemi-)(?<!\bcertain )"
)
_CLAUSE = (
    r"(?:^|(?<=[.!?…:;\n]) {1,2}|(?<=[.!?…:;\n])|(?<=, )|(?<=[–—] )|(?<=\bet )|(?<=\bpuis )"
    r"|(?<=\balors )|(?<=\bdonc )|(?<=\bsinon )|(?<=\bou )|(?<=\bmerci, ))"
)
_START = (
    r"(?:^|(?<=[.!?…:;\n]) {1,2}|(?<=[.!?…:;\n])|(?<=[–—] )|(?<=\bplait, )|(?<=\bbonjour, )"
    r"|(?<=\bsalut, ))"
)
_SINGULAR_AFTER_STOP = (
    "appelle appuie attends bois change choisis clique commence connecte consulte contacte "
    "continue croque decouvre dis donne dors ecoute ecris embrasse enregistre envoie essaie "
    "evite explique fais filtre fonce glisse goute imagine indique inscris installe jette "
    "laisse lis mets montre n'aie n'attends n'envoie n'hesite n'oublie note ouvre parle "
    "partage passe patiente pense pose precise prends previens profite profites propose "
    "rappelle raconte recharge redemarre regarde rejoins relance relis remplis renseigne "
    "renvoie respire reste retente retourne retrouve reviens sache saisis sois suis surveille "
    "tape telecharge teste tiens touche transmets trouve utilise va verifie verse viens vois"
)
_ATTACHED = r"(?:nous|moi|le|les|lui|leur|y|en)"
_NOT_VERBS = (
    r"(?!celui|celle|ceux|celles|entre|contre|comme|chez|sommes|faites|dites|etes|toutes|tous"
    r"|peut|est|vous|nous|elles?|ils?|quelques|apres|pres|vois-ci|puisse|puis|quelle|quelles)"
)
TU = re.compile(
    r"\btu\b|\bt'(?=[a-z])|\bte\b|\btoi\b|\bta\b|\btes\b|\b\w+-tu\b|\bstp\b|\btkt\b"
    rf"|{_NOUN_TON}\bton\b(?= [a-z])(?! (?:de|du|des|qui|que|est|et|employe|utilise|general|"
    r"etait|n|ne|a|trop|plus|dans|sur|ironique|familier|amical)\b)"
    rf"|{_START}(?:{'|'.join(_SINGULAR_AFTER_STOP.split())})\b(?!-(?:vous|il|elle|on|t-)|')"
    rf"|(?<![\w'-]){_NOT_VERBS}(?:\w{{2,}}(?:e|s)|va)-{_ATTACHED}\b(?!-)"
    r"|\b(?:n'hesite|n'oublie|ne t|n'attends|ne sois|n'aie)\b"
    rf"|{_CLAUSE}(?:profite|contacte|envoie|ecris|appelle|verifie|clique)"
    r" (?:de|nous|vite|notre|un|une|le|la|les|en|sur|ici)\b"
)
VOUS = re.compile(
    r"\bvous\b|\bvotre\b|\bvos\b|\bvotres?\b|\b(?!chez\b|assez\b|nez\b|rez\b|lez\b|gaz\b|riz\b"
    r"|fez\b|sez\b|merguez\b|raz\b)[a-z']{2,}ez\b(?!\.)"
    rf"|\b(?:dites|faites)-|{_CLAUSE}(?:dites|faites)\b"
)


def blank_set_phrases(folded: str) -> str:
    """Return folded text with the phrases that say nothing of the register blanked out."""
    return _SET_PHRASES.sub(lambda match: " " * len(match[0]), folded)
