"""Precision and recall of each rule on the labelled pairs, and milliseconds a check.

Run: `python -m benchmarks.checks [dev|test] [--errors] [--json PATH]`; without a split, both.
A pair expects the rules listed in `expect` and no other; what is in `may` counts neither way.
Rules are tuned on `dev`, whose figures say how well they remember; `test` says how they do on
words they have not seen. Intervals are Wilson's, 95 %. `--errors` lists those of `dev` only.
"""

import argparse
import json
import math
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agent.adapters.channels.limits_data import load_limits
from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport, CheckSubject, Severity, Verdict
from agent.domain.messages import ThreadEntry
from agent.steps.check import Rubric
from agent.steps.check.registry import RULES
from knowledge.passages import Language, Passage

DATA = Path(__file__).parents[1] / "evals" / "data" / "checks"
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Result(NamedTuple):
    """A pair, what the rubric said, and what should have been said."""

    pair: dict[str, Any]
    report: CheckReport

    @property
    def found(self) -> frozenset[str]:
        """Rubric ids that failed."""
        return frozenset(check.rule.partition(".")[0] for check in self.report.failures)

    @property
    def expected(self) -> frozenset[str]:
        """Rubric ids that should fail."""
        return frozenset(self.pair["expect"])

    @property
    def missed(self) -> frozenset[str]:
        """Rubric ids that should have failed."""
        return self.expected - self.found

    @property
    def false(self) -> frozenset[str]:
        """Rubric ids that failed without reason."""
        return self.found - self.expected - frozenset(self.pair.get("may", ()))

    @property
    def has_false_autofail(self) -> bool:
        """Whether a rule that blocks approval failed without reason."""
        return any(
            check.severity is Severity.AUTOFAIL and check.rule.partition(".")[0] in self.false
            for check in self.report.failures
        )

    @property
    def doubted(self) -> frozenset[str]:
        """Rubric ids that failed, or left the reply to a person."""
        abstained = (c for c in self.report.checks if c.verdict is Verdict.ABSTAIN)
        return self.found | {check.rule.partition(".")[0] for check in abstained}


class Share(NamedTuple):
    """`found` of `of`."""

    found: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, or None of nothing."""
        return self.found / self.of if self.of else None

    def interval(self, z: float = 1.96) -> tuple[float, float] | None:
        """Return the Wilson score interval (Wilson 1927), or None of nothing."""
        if not self.of:
            return None
        rate, squared = self.found / self.of, z * z
        middle = rate + squared / (2 * self.of)
        spread = z * math.sqrt(rate * (1 - rate) / self.of + squared / (4 * self.of**2))
        scale = 1 + squared / self.of
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    def __str__(self) -> str:
        ends = self.interval()
        if self.rate is None or ends is None:
            return f"{'-':>22}"
        return f"{self.rate:5.2f} [{ends[0]:.2f}, {ends[1]:.2f}] {f'{self.found}/{self.of}':>9}"

    def to_json(self) -> dict[str, Any]:
        """Return the share for a model card."""
        return {"found": self.found, "of": self.of, "rate": self.rate, "wilson": self.interval()}


class Score(NamedTuple):
    """How one rule, or all of them, did on a split."""

    name: str
    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> Share:
        """Of what failed, the share that should."""
        return Share(self.hits, self.hits + self.false)

    @property
    def recall(self) -> Share:
        """Of what should fail, the share that did."""
        return Share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        wrong = self.false + self.missed
        return 2 * self.hits / (2 * self.hits + wrong) if self.hits + wrong else None

    def __str__(self) -> str:
        f1 = "-" if self.f1 is None else f"{self.f1:.2f}"
        return f"{self.name:10} {self.precision}   {self.recall} {f1:>6}"

    def to_json(self) -> dict[str, Any]:
        """Return the score for a model card."""
        return {
            "precision": self.precision.to_json(),
            "recall": self.recall.to_json(),
            "f1": self.f1,
        }


def load_pack() -> BrandPack:
    """Return the brand on which the pairs are written."""
    return BrandPack.model_validate(yaml.safe_load((DATA / "brand.yaml").read_text("utf-8")))


def subject_of(pair: dict[str, Any], pack: BrandPack) -> CheckSubject:
    """Return the subject of one pair."""
    lang = Language(pair["lang"])
    return CheckSubject(
        reply=pair["reply"],
        message=pair["message"],
        lang=lang,
        surface=pair.get("surface", "public"),
        channel=pair.get("channel", "file"),
        author=pair.get("author"),
        thread=tuple(ThreadEntry(author=a, text=t) for a, t in pair.get("thread", ())),
        passages=_passages(pair, pack, lang),
        statement_id=pair.get("statement_id"),
        now=NOW,
    )


def _passages(pair: dict[str, Any], pack: BrandPack, lang: Language) -> tuple[Passage, ...] | None:
    if "passages" not in pair:
        return None
    known = {f"@{passage.id}": passage for passage in pack.passages if passage.lang is lang}
    return tuple(
        known.get(text) or Passage(id=f"p{index}", lang=lang, question="", answer=text)
        for index, text in enumerate(pair["passages"])
    )


def rubric_for(pair: dict[str, Any], rubric: Rubric) -> Rubric:
    """Return the rubric with the overrides of one pair."""
    return rubric.with_overrides(
        brand_name=pair.get("brand"),
        register=pair.get("register"),
        competitors=pair.get("competitors"),
        products=pair.get("products"),
    )


def run(pairs: Iterable[dict[str, Any]], pack: BrandPack) -> list[Result]:
    """Check every pair."""
    rubric = Rubric(pack)
    results = []
    for pair in pairs:
        subject = subject_of(pair, pack)
        report = rubric_for(pair, rubric).check(subject, load_limits(subject.channel))
        results.append(Result(pair, report))
    return results


def read_pairs(split: str) -> list[dict[str, Any]]:
    """Return the pairs of `dev` or `test`."""
    lines = (DATA / f"{split}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _print_errors(results: list[Result]) -> None:
    for result in results:
        if not result.missed and not result.false:
            continue
        print(f"\n{result.pair['id']} missed={sorted(result.missed)} false={sorted(result.false)}")
        print(f"  < {result.pair['message']}\n  > {result.pair['reply']}")
        for check in result.report.failures:
            if check.rule.partition(".")[0] in result.false:
                words = result.pair["reply"][check.start or 0 : check.end or 0]
                print(f"  {check.rule} [{words}] {check.reason}")


def _milliseconds(pairs: list[dict[str, Any]], pack: BrandPack) -> float:
    """Mean CPU time of a check; each reply is made new, so that nothing is remembered."""
    fresh = [
        {**pair, "reply": f"{pair['reply']} {chr(0x2060) * n}"} for n, pair in enumerate(pairs)
    ]
    subjects = [subject_of(pair, pack) for pair in fresh]
    rubric, limits = Rubric(pack), load_limits("file")
    rubric.check(subjects[0], limits)
    start = time.process_time()
    for subject in subjects:
        rubric.check(subject, limits)
    return (time.process_time() - start) / len(subjects) * 1000


def score(name: str, results: Sequence[Result], rule: str | None = None) -> Score:
    """Return the score of one rule, or of all together, on `results`."""

    def count(found: frozenset[str]) -> int:
        return len(found if rule is None else found & {rule})

    return Score(
        name,
        sum(count(r.found & r.expected) for r in results),
        sum(count(r.false) for r in results),
        sum(count(r.missed) for r in results),
    )


def _named_rules() -> list[str]:
    return [rule.id.partition(".")[0] for rule in RULES]


def _scores(results: Sequence[Result]) -> list[Score]:
    """All together, by language, and each rule of which the split speaks."""
    rules = [score(name, results, name) for name in _named_rules()]
    return [
        score("all", results),
        *(
            score(f"all {lang}", [r for r in results if r.pair["lang"] == lang])
            for lang in ("fr", "en")
        ),
        *(s for s in rules if s.precision.of or s.recall.of),
    ]


def _clean_shares(results: Sequence[Result]) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for lang in ("fr", "en", ""):
        clean = [r for r in results if not r.expected and r.pair["lang"].startswith(lang)]
        name = lang or "all"
        shares[f"false auto-fail on clean, {name}"] = Share(
            sum(r.has_false_autofail for r in clean), len(clean)
        )
        shares[f"any false finding on clean, {name}"] = Share(
            sum(bool(r.false) for r in clean), len(clean)
        )
    return shares


def _recalls(results: Sequence[Result], rule: str = "X3") -> dict[str, Share]:
    """How many ungrounded replies fail, and how many fail or are left to a person, by language."""
    shares: dict[str, Share] = {}
    for lang in ("fr", "en", ""):
        bad = [r for r in results if rule in r.expected and r.pair["lang"].startswith(lang)]
        name = lang or "all"
        failed = sum(rule in r.found for r in bad)
        doubted = sum(rule in r.doubted for r in bad)
        shares[f"{rule} fails, {name}"] = Share(failed, len(bad))
        shares[f"{rule} fails or abstains, {name}"] = Share(doubted, len(bad))
    return shares


def report(split: str, pack: BrandPack, *, with_errors: bool) -> dict[str, Any]:
    """Print the figures of one split, and return them for a model card."""
    pairs = read_pairs(split)
    results = run(pairs, pack)
    if with_errors:
        _print_errors(results)
    scores, shares = _scores(results), _clean_shares(results) | _recalls(results)
    print(f"\n{split}: {len(pairs)} pairs")
    print(f"{'':10} {'precision':>28}   {'recall':>28} {'F1':>6}")
    print("\n".join(map(str, scores)))
    for name, share in shares.items():
        print(f"{name:38} {share}")
    milliseconds = _milliseconds(pairs, pack)
    print(f"{milliseconds:.2f} ms CPU a check")
    return {
        "pairs": len(pairs),
        "rules": {one.name: one.to_json() for one in scores},
        "clean": {name: share.to_json() for name, share in shares.items()},
        "ms_per_check": round(milliseconds, 3),
    }


def main() -> None:
    """Print the figures of one split or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", choices=("dev", "test"))
    parser.add_argument("--errors", action="store_true", help="list every wrong pair of dev")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures there too")
    options = parser.parse_args()
    pack = load_pack()
    splits = (options.split,) if options.split else ("dev", "test")
    card = {
        split: report(split, pack, with_errors=options.errors and split == "dev")
        for split in splits
    }
    if options.json:
        options.json.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
