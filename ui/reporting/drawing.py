"""Charts as inline SVG, for paper and for a file that needs nothing beside it."""

from collections.abc import Callable, Sequence
from math import log10

from ui.widgets.markup import Html, esc, tag

WIDTH, HEIGHT = 640, 190
_LEFT, _BOTTOM, _TOP = 46, 24, 10
_MOST_LABELS = 8


def lines_svg(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    title: str,
    said: Callable[[float], str],
) -> Html:
    """Return a line a series; a missing value is a gap in its line. `said` writes a number."""
    top = _ceiling(max((v for _, values in series for v in values if v is not None), default=0))
    drawn = [
        tag("g", _line(values, top), f"s{at}") for at, (_, values) in enumerate(series, start=1)
    ]
    return _frame(_grid(top, said) + _axis(labels) + "".join(drawn), title) + _legend(
        [name for name, _ in series]
    )


def bars_svg(rows: Sequence[tuple[str, int, str]], title: str) -> Html:
    """Return one bar a row of `(name, number, words)`, the longest over the whole width."""
    most = max((number for _, number, _ in rows), default=0) or 1
    step = 24
    parts = []
    for at, (name, number, said) in enumerate(rows):
        y = at * step
        wide = max(1.0, 300 * number / most)
        parts.append(
            tag("text", esc(name), x="210", y=f"{y + 15}", text_anchor="end")
            + tag("rect", "", "b1", x="218", y=f"{y + 4}", width=f"{wide:.1f}", height="14", rx="3")
            + tag("text", esc(said), x=f"{224 + wide:.1f}", y=f"{y + 15}")
        )
    return _frame("".join(parts), title, height=max(step, step * len(rows)))


def _frame(body: Html, title: str, height: int = HEIGHT) -> Html:
    box = f"0 0 {WIDTH} {height}"
    return tag("svg", tag("title", esc(title)) + body, "chart", viewBox=box, role="img")


def _line(values: Sequence[float | None], top: float) -> Html:
    runs: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{_x(at, len(values)):.1f},{_y(value, top):.1f}")
    drawn = [tag("polyline", "", points=" ".join(run)) for run in runs if len(run) > 1]
    alone = [run[0].split(",") for run in runs if len(run) == 1]
    return "".join(drawn + [tag("circle", "", cx=x, cy=y, r="2.5") for x, y in alone])


def _axis(labels: Sequence[str]) -> Html:
    every = max(1, -(-len(labels) // _MOST_LABELS))
    return "".join(
        tag(
            "text",
            esc(label),
            x=f"{_x(at, len(labels)):.1f}",
            y=f"{HEIGHT - 6}",
            text_anchor="middle",
        )
        for at, label in enumerate(labels)
        if at % every == 0
    )


def _grid(top: float, said: Callable[[float], str]) -> Html:
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = f"{_y(top * share, top):.1f}"
        parts.append(tag("line", "", "grid", x1=f"{_LEFT}", x2=f"{WIDTH}", y1=y, y2=y))
        parts.append(tag("text", esc(said(top * share)), x=f"{_LEFT - 6}", y=y, text_anchor="end"))
    return "".join(parts)


def _legend(names: Sequence[str]) -> Html:
    entries = (tag("span", esc(name), f"l{at}") for at, name in enumerate(names, start=1))
    return tag("p", "".join(entries), "legend") if len(names) > 1 else ""


def _x(at: int, count: int) -> float:
    return _LEFT + (WIDTH - _LEFT - 20) * (at + 0.5) / max(count, 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top


def _ceiling(value: float) -> float:
    """Return the next round number: 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** int(log10(value) if value >= 1 else log10(value) - 1)
    return next(n * power for n in (1, 2, 5, 10) if n * power >= value)
