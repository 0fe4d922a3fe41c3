"""Read the shared data sets as FAQ tasks: entries, questions with their right entries, and
questions that none of the entries answers."""

import csv
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.lexical import Entry, Text
from knowledge.passages import Language


class DataError(Exception):
    """A data set is missing or broken, and the mend."""


@dataclass(frozen=True)
class Question:
    """A question put to a FAQ."""

    text: str
    right: frozenset[int]
    """Places of the right entries; empty for a question that the FAQ does not answer."""
    topic: str
    """Questions of one topic are kept on one side of a split."""
    is_far: bool = False
    """Of another domain altogether, not only of an entry left out."""


@dataclass(frozen=True)
class Task:
    """One FAQ with labelled questions."""

    name: str
    lang: Language
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]
    foreign: tuple[Question, ...] = ()
    weight: float = 1.0

    @property
    def family(self) -> str:
        """The data set a task is made from."""
        return self.name.partition("/")[0]


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> DataError:
    what = "not there" if isinstance(error, FileNotFoundError) else f"not as expected ({error!r})"
    return DataError(f"{path}: {what}; name the folder of the data sets with --data")


def shuffled(texts: Sequence[str], seed: str) -> list[str]:
    """Return the texts in an order that depends on `seed` only."""
    order = np.random.default_rng(zlib.crc32(seed.encode())).permutation(len(texts))
    return [texts[int(one)] for one in order]


def _entry(name: str, wordings: Iterable[str], answer: str, lang: Language) -> Entry:
    texts = tuple(Text(wording, lang) for wording in wordings if wording)
    return Entry(name, texts, (Text(answer, lang),) if answer else ())


def foreign(texts: Iterable[str], *, are_far: bool = False) -> tuple[Question, ...]:
    """Return questions that no entry answers."""
    return tuple(Question(text, frozenset(), f"foreign: {text}", are_far) for text in texts)


def cdtn(data: Path) -> Task:
    """Labour law, French: titles only, several right ones a question."""
    pool = _lines(data / "cdtn_fr" / "ref_pool_titles.jsonl")
    place = {row["url"]: index for index, row in enumerate(pool)}
    entries = tuple(_entry(row["url"], [row["title"]], "", Language.FR) for row in pool)
    questions = tuple(
        Question(row["query"], frozenset(place[url] for url in row["gold_refs"]), row["topic"])
        for row in _lines(data / "cdtn_fr" / "dev_queries_by_topic.jsonl")
    )
    return Task("cdtn_fr", Language.FR, entries, questions, foreign(covid_questions(data)))


def stackfaq(data: Path) -> Task:
    """Web applications, English: long answers, human paraphrases as questions."""
    entries = tuple(
        _entry(str(row["index"]), [row["question"]], row["answer"], Language.EN)
        for row in _lines(data / "stackfaq_en" / "faq.jsonl")
    )
    questions = tuple(
        Question(row["query"], frozenset({row["gold_index"]}), str(row["gold_index"]))
        for row in _lines(data / "stackfaq_en" / "queries.jsonl")
    )
    return Task("stackfaq_en", Language.EN, entries, questions, foreign(clinc_outside(data)))


def service_public(data: Path) -> Task:
    """French administration: answers without a question."""
    docs = _lines(data / "service_public_fr" / "docs.jsonl")
    place = {row["id"]: index for index, row in enumerate(docs)}
    entries = tuple(_entry(row["id"], [], row["text"], Language.FR) for row in docs)
    questions = tuple(
        Question(row["query"], frozenset({place[row["gold_doc"]]}), row["gold_doc"])
        for row in _lines(data / "service_public_fr" / "queries.jsonl")
    )
    labour = [row["query"] for row in _lines(data / "cdtn_fr" / "dev_queries_by_topic.jsonl")]
    asked = shuffled(labour, "service_public_fr")[:200]
    return Task("service_public_fr", Language.FR, entries, questions, foreign(asked))


def covid(data: Path) -> Task:
    """A health FAQ, French, without labelled questions: it only shows what it must not answer."""
    rows = [row for row in _covid_rows(data) if row["lang"] == "fr"]
    entries = tuple(
        _entry(row["id"], [row["question"]], row["answer"], Language.FR) for row in rows
    )
    labour = [row["query"] for row in _lines(data / "cdtn_fr" / "dev_queries_by_topic.jsonl")]
    asked = shuffled(labour, "covid_fr")[:200]
    return Task("covid_fr", Language.FR, entries, (), foreign(asked))


def _covid_rows(data: Path) -> list[dict[str, Any]]:
    return _lines(data / "brand_mesconseilscovid_fr" / "faq.jsonl")


def covid_questions(data: Path) -> list[str]:
    """Return the questions of the French health FAQ."""
    return [row["question"] for row in _covid_rows(data) if row["lang"] == "fr"]


def clinc(data: Path, part: str) -> list[tuple[str, str]]:
    """Return (text, intent) of a part of CLINC150: train, val, test, oos_val..."""
    path = data / "clinc150" / "data_full.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))[part]
    except (OSError, ValueError, KeyError) as error:
        raise _broken(path, error) from error
    return [(text, intent) for text, intent in rows]


def clinc_outside(data: Path) -> list[str]:
    """Return the out-of-scope questions of CLINC150's development splits."""
    return [text for part in ("oos_val", "oos_train") for text, _ in clinc(data, part)]


def banking(data: Path, part: str) -> list[tuple[str, str]]:
    """Return (text, intent) of a part of BANKING77: train or test."""
    path = data / "banking77" / f"{part}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [(row["text"], row["category"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise _broken(path, error) from error


def cdtn_topics(data: Path) -> list[tuple[str, str]]:
    """Return (question, topic): the topics of the labour code read as intents, in French."""
    rows = _lines(data / "cdtn_fr" / "dev_queries_by_topic.jsonl")
    return list(dict.fromkeys((row["query"], row["topic"]) for row in rows))


def by_intent(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return intent -> texts, intents in alphabetical order."""
    found: dict[str, list[str]] = {}
    for text, intent in rows:
        found.setdefault(intent, []).append(text)
    return dict(sorted(found.items()))


def intent_entries(examples: dict[str, Sequence[str]], lang: Language) -> tuple[Entry, ...]:
    """Return one entry an intent: its name as the question, its examples as aliases."""
    return tuple(
        _entry(intent, [intent.replace("_", " "), *texts], "", lang)
        for intent, texts in examples.items()
    )
