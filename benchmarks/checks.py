"""Precision and recall of each rule on the labelled pairs, and milliseconds a check.

Run: `python -m benchmarks.checks [dev|test] [--errors]`. A pair expects the rules listed in
`expect` and no other; what is in `may` counts neither way.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agent.adapters.channels.limits_data import load_limits
from agent.domain.brand import BrandPack
from agent.domain.checks import CheckReport, CheckSubject, Severity
from agent.domain.messages import ThreadEntry
from agent.steps.check import Rubric
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


def _print_rules(results: list[Result]) -> None:
    hits: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for result in results:
        hits.update(result.found & result.expected)
        missed.update(result.missed)
        false.update(result.false)
    print(f"{'rule':6}{'precision':>11}{'recall':>9}{'expected':>10}")
    for rule in sorted({*hits, *missed, *false}, key=lambda r: ("TXBSC".index(r[0]), int(r[1:]))):
        said, asked = hits[rule] + false[rule], hits[rule] + missed[rule]
        precision = f"{hits[rule] / said:.2f}" if said else "-"
        recall = f"{hits[rule] / asked:.2f}" if asked else "-"
        print(f"{rule:6}{precision:>11}{recall:>9}{asked:>10}")
    print(
        f"all   {sum(hits.values()) / max(1, (sum(hits.values()) + sum(false.values()))):>11.3f}"
        f"{sum(hits.values()) / max(1, sum(hits.values()) + sum(missed.values())):>9.3f}"
    )


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


def main() -> None:
    """Print the figures of one split."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="dev", choices=("dev", "test"))
    parser.add_argument("--errors", action="store_true", help="list every pair that is wrong")
    options = parser.parse_args()
    pack, pairs = load_pack(), read_pairs(options.split)
    results = run(pairs, pack)
    if options.errors:
        _print_errors(results)
    clean = [result for result in results if not result.expected]
    wrong = sum(result.has_false_autofail for result in clean)
    _print_rules(results)
    print(f"pairs {len(results)}, clean {len(clean)}")
    print(f"false auto-fail on clean replies {wrong}/{len(clean)} = {wrong / len(clean):.3f}")
    touched = sum(bool(result.false) for result in clean)
    print(
        f"clean replies with any false finding {touched}/{len(clean)} = {touched / len(clean):.3f}"
    )
    print(f"{_milliseconds(pairs, pack):.2f} ms CPU a check")


if __name__ == "__main__":
    main()
