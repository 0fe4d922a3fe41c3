"""The Stanford politeness corpus: requests rated by people, to measure the question of tone on.

    python -m evals.politeness_corpus DIR            measure the shipped weights on the test split
    python -m evals.politeness_corpus DIR --write    train them again on the development split

DIR holds `wikipedia.annotated.csv` and `stack-exchange.annotated.csv`
(https://github.com/sudhof/politeness, Apache-2.0). None of it ships with Portevoix.
"""

import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse, stats

from agent.domain.base import Frozen
from agent.domain.errors import ConfigurationError
from evals.politeness import WEIGHTS_FILE, PolitenessScorer, cues, shipped_scorer
from evals.statistics import Interval, wilson

COMMUNITIES = ("wikipedia", "stack-exchange")
PUBLISHED = {
    "wikipedia": {"words (TF-IDF)": 0.821, "2013 paper": 0.838, "people": 0.867},
    "stack-exchange": {"words (TF-IDF)": 0.665, "2013 paper": 0.782, "people": 0.809},
}
"""Share of the top and bottom quartiles told apart: TF-IDF with a linear model on one 90/10 split,
Danescu-Niculescu-Mizil et al. (2013), and their human annotators."""
_TEST_TENTHS = 3
_TERMS = 600
_FEWEST = 8
_STRENGTH = 3.0

Score = Callable[[str], float | None]
"""How polite a text is, above 0 if polite; None: it could not be told."""


class Request(Frozen):
    """One request with what people said of it."""

    community: str
    text: str
    rating: float
    """The mean of five people's ratings, each normalised by rater."""
    quartile: int
    """-1 the least polite quarter of its community, 1 the most polite, 0 between."""
    is_test: bool


class Measured(Frozen):
    """A scorer against people on one community's test split."""

    community: str
    total: int
    told: int
    """Requests of the outer quartiles that were told."""
    right: int
    errors: int
    correlation: float | None
    """Spearman's, with people's rating, over all requests told."""

    @property
    def accuracy(self) -> float | None:
        """Share of the outer quartiles told apart."""
        return self.right / self.told if self.told else None

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of the accuracy."""
        return wilson(self.right, self.told)


def read_corpus(folder: Path) -> tuple[Request, ...]:
    """Read both communities; a request is of the test split by the hash of its id.

    Raises:
        ConfigurationError: a file is missing or is not that corpus.
    """
    return tuple(request for name in COMMUNITIES for request in _read(folder, name))


def _read(folder: Path, community: str) -> Iterator[Request]:
    path = folder / f"{community}.annotated.csv"
    mend = "get both files from https://github.com/sudhof/politeness"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                (row["Id"], row["Request"], float(row["Normalized Score"]))
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: cannot be read ({type(error).__name__}); {mend}"
        ) from None
    except (KeyError, TypeError, ValueError):
        raise ConfigurationError(f"{path}: not the politeness corpus; {mend}") from None
    ratings = np.array([rating for _, _, rating in rows])
    low, high = np.quantile(ratings, 0.25), np.quantile(ratings, 0.75)
    for name, text, rating in rows:
        quartile = -1 if rating <= low else int(rating >= high)
        tenth = int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10
        yield Request(
            community=community,
            text=text,
            rating=rating,
            quartile=quartile,
            is_test=tenth < _TEST_TENTHS,
        )


def measure(requests: Iterable[Request], score: Score) -> tuple[Measured, ...]:
    """Return how well `score` tells polite from rude, by community. Errors are left out."""
    found: dict[str, list[tuple[Request, float | None]]] = {}
    for request in requests:
        found.setdefault(request.community, []).append((request, score(request.text)))
    return tuple(_measured(community, told) for community, told in found.items())


def _measured(community: str, told: Sequence[tuple[Request, float | None]]) -> Measured:
    known = [(request, value) for request, value in told if value is not None]
    outer = [(request.quartile, value) for request, value in known if request.quartile]
    values = [value for _, value in known]
    correlation = None
    if len(set(values)) > 1:
        correlation = float(stats.spearmanr(values, [request.rating for request, _ in known])[0])
    return Measured(
        community=community,
        total=len(told),
        told=len(outer),
        right=sum((value > 0) is (quartile > 0) for quartile, value in outer),
        errors=len(told) - len(known),
        correlation=correlation,
    )


def sample(requests: Sequence[Request], most: int) -> tuple[Request, ...]:
    """Return at most `most` requests of each community, the same each time, spread over it."""
    chosen: list[Request] = []
    for name in COMMUNITIES:
        here = [request for request in requests if request.community == name]
        here.sort(key=lambda request: hashlib.sha256(request.text.encode()).digest())
        chosen += here[:most]
    return tuple(chosen)


def train(requests: Sequence[Request]) -> dict[str, Any]:
    """Return weights learned from the outer quartiles of the development split; repeatable."""
    outer = [request for request in requests if not request.is_test and request.quartile]
    found = [cues(request.text) for request in outer]
    polite = np.array([request.quartile > 0 for request in outer])
    counts = Counter(cue for one in found for cue in one)
    terms = sorted(cue for cue, count in counts.items() if count >= _FEWEST)
    weights, _ = _fitted(terms, found, polite)
    shares = np.sqrt([counts[term] / len(outer) for term in terms])
    best = np.argsort(-np.abs(weights) * shares, kind="stable")[:_TERMS]
    kept = sorted(terms[index] for index in best)
    weights, intercept = _fitted(kept, found, polite)
    listed = dict(zip(kept, (round(float(weight), 3) for weight in weights), strict=True))
    return {"intercept": round(intercept, 3), "weights": listed}


def _fitted(
    terms: Sequence[str], found: Sequence[frozenset[str]], polite: Any
) -> tuple[Any, float]:
    from sklearn.linear_model import LogisticRegression

    place = {term: index for index, term in enumerate(terms)}
    rows, columns, values = [], [], []
    for row, one in enumerate(found):
        here = sorted(place[cue] for cue in one if cue in place)
        rows += [row] * len(here)
        columns += here
        values += [1 / np.sqrt(max(len(here), 1))] * len(here)
    table = sparse.csr_matrix((values, (rows, columns)), shape=(len(found), len(terms)))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear").fit(table, polite)
    return model.coef_[0], float(model.intercept_[0])


def main(arguments: Sequence[str]) -> None:
    """Measure the shipped weights on the test split, or train them again first."""
    requests = read_corpus(Path(arguments[0]))
    scorer = shipped_scorer() if WEIGHTS_FILE.exists() else None
    if "--write" in arguments:
        trained = train(requests)
        WEIGHTS_FILE.write_text(json.dumps(trained, indent=0) + "\n", "utf-8")
        scorer = PolitenessScorer(trained["weights"], trained["intercept"])
    if scorer is None:
        raise ConfigurationError(f"{WEIGHTS_FILE}: there are no weights; train them with --write")
    for one in measure([request for request in requests if request.is_test], scorer.score):
        sys.stdout.write(one.model_dump_json() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
