"""Fold text for matching: lower case, no accents, plain apostrophes and spaces."""

import unicodedata

_PLAIN = {
    **dict.fromkeys("’‘ʼ′`´", "'"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
    **dict.fromkeys("\u00a0\u202f\u2007\u2009\t", " "),
}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl"})
_MARKS = dict.fromkeys(range(0x0300, 0x0370))


def _fold_character(character: str) -> str:
    plain = _PLAIN.get(character)
    if plain is not None:
        return plain
    return unicodedata.normalize("NFD", character.lower())[0]


class _FoldTable(dict[int, str]):
    """A translation table that computes a character once, on first sight."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with ' - and plain spaces.

    The result has exactly as many characters as `text`, so an offset in one is an offset in the
    other. That is why ligatures (œ, æ) stay; `match_key` spells them out.
    """
    return text.translate(_TABLE)


def match_key(text: str) -> str:
    """Return the folded text with ligatures spelled out and combining marks removed.

    For comparing words; the length may differ from that of `text`.
    """
    return fold(text).translate(_LIGATURES).translate(_MARKS)
