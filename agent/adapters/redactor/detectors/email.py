"""E-mail addresses, plain and disguised: "paul arobase free point fr", "p [at] free.fr"."""

import re
from collections.abc import Iterator

from agent.adapters.redactor.found import Found

_PLAIN = re.compile(
    r"(?<![\w@.+%-])[^\W_](?:[\w.%+\-]|(?<=\w)'(?=\w))*@(?:[^\W_][\w-]*\.)+[^\W\d_]{2,24}\b"
    r"|(?<![\w@.+%-])_[\w.%+\-]*@(?:[^\W_][\w-]*\.)+[^\W\d_]{2,24}\b"
)
_TLD = (
    r"(?:com|fr|net|org|eu|be|ch|ca|lu|re|nc|pf|gp|mq|bzh|corsica|paris|alsace|info|biz|io|me|co"
    r"|uk|us|de|it|es|pt|nl|pl|ro|tr|ma|dz|tn|sn|ci|cm|pro|gouv|edu|gov|asso|email|online|shop)"
)
_OPEN, _CLOSE = r"[\(\[\{<«]?\s?", r"\s?[\)\]\}>»]?"
_AT = rf"(?:{_OPEN}(?:arr?obase?|arobaze|at|chez|@){_CLOSE})"
_AT_SURE = r"(?:[\(\[\{<]\s?(?:arr?obase?|at|@|a)\s?[\)\]\}>]|arr?obase?|arobaze|\s@\s?|@\s)"
_DOT = rf"(?:\s?{_OPEN}(?:point|dot|pt){_CLOSE}\s?|\.)"
_DOT_SURE = r"(?:\s?[\(\[\{<]\s?(?:point|dot|\.)\s?[\)\]\}>]\s?|\s(?:point|dot)\s)"
_SIGN_NAME = r"(?:point|dot|tiret(?: du (?:bas|6|8))?|underscore|dash|moins)"
_JOIN = rf"(?:\s[\(\[]?{_SIGN_NAME}[\)\]]?\s|\s?[\(\[]{_SIGN_NAME}[\)\]]\s?)"
_COUNTRY_AFTER = rf"(?:{_DOT}(?:uk|au|nz|za|br|in|jp|il))?"
_LOCAL = rf"[\w.+\-]+(?:{_JOIN}[\w.+\-]+){{0,3}}"
_HOST = r"[^\W_][\w-]*(?:\s(?:tiret|dash)\s[\w-]+)?"
_DISGUISED = re.compile(
    rf"(?<![\w@.+-])(?:{_LOCAL}\s?{_AT_SURE}\s?{_HOST}(?:{_DOT}{_HOST})*?{_DOT}{_TLD}{_COUNTRY_AFTER}"
    rf"|{_LOCAL}\s{_AT}\s{_HOST}(?:{_DOT}{_HOST})*?{_DOT_SURE}{_TLD}{_COUNTRY_AFTER})\b",
    re.IGNORECASE,
)
_PROVIDER = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|ymail|orange|wanadoo|free|sfr|neuf|laposte|live|msn"
    r"|icloud|proton(?:mail)?|gmx|aol|bbox|numericable)"
)
_SLIPPED = re.compile(
    rf"(?<![\w@.+-])[\w.+\-]+[ ]?@[ ]?{_PROVIDER}(?:[ ]?[.,;][ ]?){_TLD}\b"
    r"|(?<!\w)(?:[\w.\-][ ]){2,}@(?:[ ][\w\-])+[ ][.,](?:[ ]\w){2,4}\b",
    re.IGNORECASE,
)
# Not "d'": d'angelo@ and o'brien@ are people.
_ARTICLE = re.compile(r"(?:[ljc]|qu)'", re.IGNORECASE)
_HINT = re.compile(r"@|\b(?:arr?obase?|arobaze|at|chez)\b|[\(\[\{<]\s?a\s?[\)\]\}>]", re.IGNORECASE)


def find_emails(text: str) -> Iterator[Found]:
    """Yield every address; a disguised one starts at its first word and ends with its domain."""
    if not _HINT.search(text):
        return
    for match in _PLAIN.finditer(text):
        article = _ARTICLE.match(match.group(0))
        yield Found(match.start() + (article.end() if article else 0), match.end(), 0.99)
    for match in _SLIPPED.finditer(text):
        yield Found(match.start(), match.end(), 0.96)
    for match in _DISGUISED.finditer(text):
        yield Found(match.start(), match.end(), 0.95)
