"""What the strictness of X3's contradictions buys, for each block of dev by itself.

Run: `python -m benchmarks.x3_curve`. Blocks were written at different times; each line leaves one
threshold for the share of words that a contradiction must share with the passage to block.
`clean` is the share of clean replies that X3 fails, `fails` and `stops` the shares of ungrounded
replies that it fails, and that it fails or leaves to a person.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from agent.steps.check.grounding import contradiction, support
from benchmarks.checks import Result, Share, load_pack, read_pairs, run

THRESHOLDS = (0.0, 0.4, 0.6, 0.8, 1.01)


def block_of(pair: dict[str, Any]) -> str:
    """Return the block of a pair: `x3d` of `x3d-fr-ok-010`, `dev` of every older one."""
    name = str(pair["id"]).partition("-")[0]
    return name if name.startswith("x3") else "dev"


def at(threshold: float, pairs: Iterable[dict[str, Any]]) -> list[Result]:
    """Check the pairs with one threshold; what was compared before is forgotten."""
    usual = contradiction.SURE
    contradiction.SURE = threshold
    support.forget()
    try:
        return run(pairs, load_pack())
    finally:
        contradiction.SURE = usual
        support.forget()


def line(results: Sequence[Result]) -> str:
    """Return the three shares of some results."""
    clean = [r for r in results if not r.expected]
    bad = [r for r in results if "X3" in r.expected]
    false = Share(sum("X3" in r.false for r in clean), len(clean))
    fails = Share(sum("X3" in r.found for r in bad), len(bad))
    stops = Share(sum("X3" in r.doubted for r in bad), len(bad))
    return f"clean {false}   fails {fails}   stops {stops}"


def main() -> None:
    """Print one line for each threshold and block."""
    pairs = [p for p in read_pairs("dev") if "X3" in p["expect"] or not p["expect"]]
    blocks = sorted({block_of(pair) for pair in pairs})
    for threshold in THRESHOLDS:
        results = at(threshold, pairs)
        for block in blocks:
            own = [r for r in results if block_of(r.pair) == block]
            print(f"{threshold:4.2f} {block:4} {line(own)}")


if __name__ == "__main__":
    main()
