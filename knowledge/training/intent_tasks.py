"""Make intent-style FAQs of many shapes: few or many wordings an entry, some intents left out."""

from collections.abc import Iterable
from pathlib import Path

from knowledge.lexical import Entry, Text
from knowledge.passages import Language
from knowledge.training.data import (
    Question,
    Task,
    banking,
    by_intent,
    cdtn_topics,
    clinc,
    clinc_outside,
    covid_questions,
    foreign,
    shuffled,
)

WORDINGS = (1, 2, 3, 5, 10)
KEPT = 0.8
"""Share of the intents that are entries; questions of the others are near outsiders."""
ASKED = 800
"""Questions a task."""


def intent_task(
    name: str,
    rows: Iterable[tuple[str, str]],
    wordings: int,
    lang: Language,
    outside: Iterable[str] = (),
) -> Task:
    """Return a task whose entries have `wordings` wordings each, the rest being asked.

    The first wording stands for the question. The choice is made with a fixed seed.
    """
    seed = f"{name} {wordings}"
    texts = {one: list(found) for one, found in by_intent(rows).items()}
    texts = {one: found for one, found in texts.items() if len(found) >= wordings + 3}
    names = shuffled(sorted(texts), seed)
    kept, left = names[: int(KEPT * len(names))], names[int(KEPT * len(names)) :]
    each = max(3, ASKED // max(len(kept), 1))
    entries, questions = [], []
    for place, one in enumerate(kept):
        mixed = shuffled(texts[one], f"{seed} {one}")
        shown = mixed[:wordings]
        entries.append(Entry(one, tuple(Text(text, lang) for text in shown)))
        asked = mixed[wordings : wordings + each]
        questions += [Question(text, frozenset({place}), one) for text in asked]
    near = [text for one in left for text in texts[one][:each]]
    return Task(
        f"{name}/{wordings}",
        lang,
        tuple(entries),
        tuple(questions),
        foreign(near) + foreign(outside, are_far=True),
        weight=1 / len(WORDINGS),
    )


def intent_tasks(data: Path) -> list[Task]:
    """Return the intent-style tasks: French labour topics, English assistant, English bank."""
    outside = clinc_outside(data)[:150]
    sources = (
        ("cdtn_topics", cdtn_topics(data), Language.FR, covid_questions(data)),
        ("clinc150", clinc(data, "train"), Language.EN, outside),
        ("banking77", banking(data, "train"), Language.EN, outside),
    )
    tasks = [
        intent_task(name, rows, wordings, lang, far)
        for name, rows, lang, far in sources
        for wordings in WORDINGS
    ]
    return [task for task in tasks if len(task.entries) > 1]
