"""The brand's guide compiled for the rules: approved texts, own domains, products, word weights."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from agent.domain.brand import Brand, BrandPack, Competitor, Product
from agent.domain.brand.identity import Register
from agent.steps.check.words import stems
from knowledge.passages import Language
from knowledge.text.fact_types import FactKind
from knowledge.text.facts import find_facts
from knowledge.text.normalise import fold
from knowledge.text.sentences import split

_NOT_WORDS = re.compile(r"[^\w@#€$£%]+")


@lru_cache(maxsize=8192)
def text_key(text: str) -> str:
    """Return what two wordings of one approved text share: no accents, case nor punctuation."""
    return _NOT_WORDS.sub(" ", fold(text)).strip()


@dataclass(frozen=True, eq=False)
class Guide:
    """One brand's policy with the overrides of one caller. Compared by identity, so cacheable."""

    pack: BrandPack
    brand_name: str
    products: tuple[Product, ...]
    competitors: tuple[Competitor, ...]
    spoken_register: Register | None = None
    """Overrides the register of every language."""

    @classmethod
    def of(cls, pack: BrandPack) -> "Guide":
        """Return the guide of `pack` without overrides."""
        lexicon = pack.policy.lexicon
        return cls(pack, pack.policy.brand.name, lexicon.products, lexicon.competitors)

    def with_overrides(
        self,
        brand_name: str | None,
        register: Register | None,
        competitors: tuple[str, ...] | None,
        products: tuple[str, ...] | None,
    ) -> "Guide":
        """Return the guide with what is not None replaced; known entries keep their details."""
        changed = self
        if brand_name is not None:
            changed = replace(changed, brand_name=brand_name)
        if register is not None:
            changed = replace(changed, spoken_register=register)
        if competitors is not None:
            known = {c.name: c for c in self.competitors}
            rivals = tuple(known.get(name) or Competitor(name=name) for name in competitors)
            changed = replace(changed, competitors=rivals)
        if products is not None:
            listed = {p.canonical: p for p in self.products}
            goods = tuple(listed.get(name) or Product(canonical=name) for name in products)
            changed = replace(changed, products=goods)
        return changed

    @property
    def policy(self) -> Brand:
        """`brand.yaml` as read."""
        return self.pack.policy

    def register_for(self, lang: Language) -> Register:
        """Return how the brand addresses its readers in `lang`."""
        policy = self.policy.languages.get(lang)
        default = policy.spoken_register if policy else Register.VOUS
        return self.spoken_register or default

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """Names and handles of the brand as folded text, the longest first."""
        brand = self.policy.brand
        names = {self.brand_name, brand.name, *brand.also_known_as}
        names |= {policy.account for policy in self.policy.channels.values() if policy.account}
        return tuple(sorted({fold(name) for name in names}, key=len, reverse=True))

    def is_own_author(self, author: str) -> bool:
        """Whether a thread entry is ours: `brand`, or one of the brand's names."""
        name = fold(author).strip()
        return name in {"brand", "marque"} or name.lstrip("@") in {
            own.lstrip("@") for own in self.own_names
        }

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """Domains that a reply may link to; their subdomains too."""
        texts = [*self.policy.lexicon.link_allowlist, self.policy.brand.website]
        texts += self.policy.safety.public_contacts
        return frozenset(host for text in texts for host in _hosts(text)) | frozenset(
            fold(domain).removeprefix("www.") for domain in self.policy.lexicon.link_allowlist
        )

    @cached_property
    def contacts(self) -> frozenset[tuple[FactKind, str]]:
        """Facts of the brand's public contacts and website, allowed in any reply."""
        texts = [*self.policy.safety.public_contacts, self.policy.brand.website]
        return frozenset((f.kind, f.value) for text in texts for f in find_facts(text))

    @cached_property
    def courtesies(self) -> frozenset[str]:
        """Keys of the approved phrasings that state nothing about the brand's offer."""
        policy, said = self.policy, self.policy.transparency
        tables: list[Mapping[Language, Iterable[str]]] = [
            policy.mechanics.greetings,
            policy.mechanics.sign_offs,
            said.disclosure_texts,
            said.bot_question_answers,
            said.unknown_texts,
            said.partial_unknown_texts,
            said.ad_labels,
            said.correction_markers,
            *(situation.closings for situation in policy.situations),
            *(channel.private_paths for channel in policy.channels.values()),
        ]
        texts = [text for table in tables for texts in table.values() for text in texts]
        texts += [a.text for situation in policy.situations for a in situation.acknowledgements]
        return frozenset(key for text in texts for key in _keys(text))

    @cached_property
    def statement_sentences(self) -> Mapping[str, tuple[str, ...]]:
        """Key of each sentence of an approved statement -> ids of the statements that say it."""
        found: dict[str, tuple[str, ...]] = {}
        for statement in self.pack.statements:
            for key in _keys(statement.text):
                found[key] = (*found.get(key, ()), statement.id)
        return found

    @cached_property
    def product_pattern(self) -> re.Pattern[str] | None:
        """Finds the brand's product names in folded text."""
        return names_pattern(product.canonical for product in self.products)

    @cached_property
    def name_pattern(self) -> re.Pattern[str] | None:
        """Finds product, brand and competitor names in folded text."""
        names = [product.canonical for product in self.products]
        names += [competitor.name for competitor in self.competitors]
        return names_pattern([*names, *self.own_names])

    @cached_property
    def _document_counts(self) -> tuple[int, Counter[str]]:
        counts: Counter[str] = Counter()
        for passage in self.pack.passages:
            counts.update(set(stems(f"{passage.question} {passage.answer}")))
        return len(self.pack.passages), counts

    def weight(self, stem: str) -> float:
        """Return how much a word tells one passage from another: 1 (everywhere) to about 2."""
        return self._weights.get(stem, self._weight_of_unseen)

    @cached_property
    def _weights(self) -> dict[str, float]:
        total, counts = self._document_counts
        return {stem: _rarity(count, total) for stem, count in counts.items()}

    @cached_property
    def _weight_of_unseen(self) -> float:
        return _rarity(0, self._document_counts[0])


def _rarity(count: int, total: int) -> float:
    if not total:
        return 1.0
    return 1.0 + math.log((total + 1) / (count + 0.5)) / math.log(2 * total + 2)


def _hosts(text: str) -> list[str]:
    facts = find_facts(text)
    hosts = [fact.value.partition("/")[0] for fact in facts if fact.kind is FactKind.URL]
    return hosts + [f.value.rpartition("@")[2] for f in facts if f.kind is FactKind.EMAIL]


def _keys(text: str) -> list[str]:
    whole = [text_key(text)]
    return [key for key in whole + [text_key(s.text) for s in split(text)] if key]


def names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for any of `names` as whole words in folded text, or None without names."""
    folded = sorted({fold(name).strip() for name in names if name.strip()}, key=len, reverse=True)
    if not folded:
        return None
    return re.compile(r"(?<![\w@])(?:" + "|".join(map(re.escape, folded)) + r")(?!\w)")
