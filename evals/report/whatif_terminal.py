"""A what-if on a terminal: the counts, and a few messages side by side."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.gate import Colour
from evals.report.words import one_line

if TYPE_CHECKING:
    from evals.whatif import Replayed, Side, WhatIf

_MOST_EXAMPLES = 8
_STYLES = {Colour.GREEN: "bold green", Colour.AMBER: "bold yellow", Colour.RED: "bold red"}


def show(found: "WhatIf", console: Console) -> None:
    """Print what changes; messages are redacted, and no text is read as markup."""
    changed = [one for one in found.past if one.changes]
    console.print(f"{found.brand}: {found.current[:12]} -> {found.changed[:12]}")
    console.print(f"Past messages: {len(changed)} of {len(found.past)} change")
    counts = ", ".join(f"{name} {count}" for name, count in found.counts.items() if count)
    if counts:
        console.print(f"  {counts}")
    if changed:
        console.print(_examples(changed))
    comparison = found.report.comparison
    if comparison is not None:
        console.print(f"Cases: {escape(comparison.sentence)}")
        for name, cases in (("broke", comparison.broken), ("mended", comparison.fixed)):
            for case in cases[:20]:
                console.print(f"  {name}: {escape(case)}")
    console.print(f"[{_STYLES[found.gate.colour]}]Gate: {found.gate.colour.value}[/]")
    for reason in found.gate.reasons:
        console.print(f"  {escape(reason.text)}: {escape(', '.join(reason.cases[:10]))}")


def _examples(changed: "list[Replayed]") -> Table:
    table = Table("Message, redacted", "Today", "With the change", show_lines=True)
    for one in changed[:_MOST_EXAMPLES]:
        message = f"{one_line(one.message)}\n({', '.join(one.changes)})"
        table.add_row(escape(message), escape(_side(one.before)), escape(_side(one.after)))
    return table


def _side(side: "Side") -> str:
    text = one_line(side.public or side.private or _offered(side) or "no text", 220)
    team = f" to {side.team}" if side.team else ""
    failing = f"\nfails {', '.join(side.failing)}" if side.failing else ""
    return f"{side.category}, {side.route}{team}\n{text}{failing}"


def _offered(side: "Side") -> str:
    return "; ".join(f"{one.entry}: {one_line(one.text, 100)}" for one in side.candidates)
