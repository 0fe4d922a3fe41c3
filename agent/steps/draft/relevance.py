"""How much each sentence of an answer says about a question: shared words, rare ones first."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.text.normalise import match_key
from knowledge.text.tokens import words


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_STEM = 6
"""Letters kept of a word: enough to join « livraison » and « livrer » less often than to part
« retour » from « retourner », and the same in English."""
_QUESTION_SHARE = 0.4
"""What a word of the entry's own question weighs against one of the customer's."""
_FUNCTION_WORDS = _words(
    "a ai as au aux avec c' ce ces cet cette d' dans de des du elle en es est et eu il ils j' je "
    "l' la le les leur lui m' ma mais me mes moi mon n' ne nos notre nous on ont ou par pas pour "
    "qu' que qui quoi s' sa sans se ses si son sont sur t' ta te tes toi ton tu un une vos votre "
    "vous y etre avoir fait faire peux peut pouvez comment combien quel quelle quels quelles "
    "bonjour merci an and any are at be been but by can could do does for from get had has have "
    "how i if in is it its me my no not of on or our so than that the their them then there they "
    "this to us was we were what when where which who why will with would you your hello hi "
    "thanks please"
)
"""They say nothing of the subject; in a small brand rarity alone cannot tell."""
_LEAST_RARITY = 0.3
"""A shared word counts for something even in a brand with one answer."""
_LEAD_BONUS = 0.5
"""The first sentence of an answer is nearly always the answer: it goes last."""


def stems(text: str) -> list[str]:
    """Return the words of `text` that name something, folded and cut to their first letters."""
    keys = (match_key(word.text) for word in words(text))
    return [key[:_STEM] for key in keys if key not in _FUNCTION_WORDS]


class Relevance:
    """Weighs sentences against a question, with word rarity learned from the brand's answers."""

    def __init__(self, answers: Iterable[str]) -> None:
        self._count = 0
        self._seen: Counter[str] = Counter()
        for answer in answers:
            self._count += 1
            self._seen.update(set(stems(answer)))

    def _rarity(self, stem: str) -> float:
        """Return the inverse document frequency of a stem, never quite 0."""
        return _LEAST_RARITY + math.log((self._count + 1) / (self._seen[stem] + 1))

    def weights(
        self, sentences: Sequence[str], question: str, own_question: str
    ) -> tuple[float, ...]:
        """Return one weight a sentence, 0 and up, higher for what answers the question."""
        asked = set(stems(question))
        own = set(stems(own_question)) - asked
        weights = []
        for index, sentence in enumerate(sentences):
            said = set(stems(sentence))
            # fsum: the same total whatever the order in which a set is walked.
            shared = math.fsum(map(self._rarity, said & asked))
            shared += _QUESTION_SHARE * math.fsum(map(self._rarity, said & own))
            lead = _LEAD_BONUS if index == 0 else 0.0
            weights.append(round(shared / math.sqrt(len(said) + 1) + lead, 6))
        return tuple(weights)
