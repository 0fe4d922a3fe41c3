"""Stems are the same, however many threads ask for them at once."""

import sys
from concurrent.futures import ThreadPoolExecutor

from knowledge.passages import Language
from knowledge.terms import words_of_run

_WORDS = [
    f"{head}{tail}"
    for head in ("livr", "rembours", "command", "récupér", "confirm", "annul", "régl", "expédi")
    for tail in ("ation", "ements", "erions", "ées", "euse", "ables", "issants", "eriez")
]


def test_threads_do_not_mix_their_words() -> None:
    serially = [words_of_run.__wrapped__(word, Language.FR) for word in _WORDS]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(6):
                found = pool.map(lambda word: words_of_run.__wrapped__(word, Language.FR), _WORDS)
                assert list(found) == serially
    finally:
        sys.setswitchinterval(before)
