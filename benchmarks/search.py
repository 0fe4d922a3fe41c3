"""Search latency, build time and memory at 100, 1,000 and 10,000 entries.

The FAQ is synthetic: words drawn by Zipf's law from a vocabulary that grows with the FAQ, a
question of 9 words, two aliases on a third of the entries, an answer of 70 words; made-up words are
spelled like French ones. Queries repeat half of a question, add other words and misspell one.
"""

import argparse
import json
import re
import resource
import time
from importlib.resources import files
from pathlib import Path

import numpy as np

from knowledge.passages import Language, Passage, RetrievalFilter
from knowledge.retriever import PassageRetriever

SIZES = (100, 1_000, 10_000)
QUERIES = 400


def words(count: int, choose: np.random.Generator) -> list[str]:
    """Return distinct made-up words spelled like those of the sample brand's French FAQ."""
    folder = Path(str(files("knowledge").joinpath("brands/verjolaine/faq")))
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.fr.md")))
    real = re.findall(r"[a-zà-ÿ]{3,}", text.lower())
    follows: dict[str, list[str]] = {}
    for word in real:
        edged = f"^^{word}$"
        for place in range(2, len(edged)):
            follows.setdefault(edged[place - 2 : place], []).append(edged[place])
    found = dict.fromkeys(real)
    while len(found) < count:
        made = "^^"
        while not made.endswith("$") and len(made) < 16:
            after = follows[made[-2:]]
            made += after[int(choose.integers(len(after)))]
        if len(made) > 6:
            found[made.strip("^$")] = None
    return list(found)


def faq(entries: int, choose: np.random.Generator) -> list[Passage]:
    """Return a synthetic FAQ in French."""
    known = np.array(words(2_000 + 2 * entries, choose))
    chance = 1 / np.arange(3, len(known) + 3)
    chance /= chance.sum()

    def text(size: int) -> str:
        return " ".join(choose.choice(known, size, p=chance))

    return [
        Passage(
            id=f"entry-{one}",
            lang=Language.FR,
            question=f"comment {text(8)} ?",
            answer=f"{text(70)}.",
            aliases=(text(6), text(6)) if one % 3 == 0 else (),
        )
        for one in range(entries)
    ]


def queries(passages: list[Passage], choose: np.random.Generator) -> list[str]:
    """Return questions as customers would ask them of this FAQ."""
    asked = []
    for _ in range(QUERIES):
        source = passages[int(choose.integers(len(passages)))]
        kept = [word for word in source.question.split() if choose.random() < 0.5]
        other = passages[int(choose.integers(len(passages)))].answer.split()[:3]
        mixed = [*kept, *other, "bonjour", "svp"]
        place = int(choose.integers(len(mixed)))
        mixed[place] = mixed[place][:2] + mixed[place][3:]
        asked.append(" ".join(mixed))
    return asked


def measured(entries: int) -> dict[str, float]:
    """Return build time in seconds, latencies in milliseconds, memory in megabytes."""
    choose = np.random.default_rng(entries)
    passages = faq(entries, choose)
    asked = queries(passages, choose)
    start = time.perf_counter()
    retriever = PassageRetriever(passages)
    retriever.search(asked[0], RetrievalFilter(lang=Language.FR))
    built = time.perf_counter() - start
    times = []
    for query in asked[1:]:
        start = time.perf_counter()
        retriever.search(query, RetrievalFilter(lang=Language.FR))
        times.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(times, [50, 95])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "entries": entries,
        "build_s": round(built, 2),
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "peak_mb": round(memory, 0),
    }


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    as_json = parser.parse_args().json
    if not as_json:
        print(f"{'entries':>8} {'build s':>8} {'p50 ms':>8} {'p95 ms':>8} {'peak MB':>8}")
    for size in SIZES:
        row = measured(size)
        if as_json:
            print(json.dumps(row))
        else:
            print("{entries:>8} {build_s:>8} {p50_ms:>8} {p95_ms:>8} {peak_mb:>8}".format(**row))


if __name__ == "__main__":
    main()
