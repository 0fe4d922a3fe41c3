"""Altair charts in one palette, with words and numbers already in the reader's language.

The palette is told apart without colour vision by its lightness and hue, and stands out from the
light and the dark ground alike (at least 3:1). Every label is a text made here, so that no chart
asks the browser for a language, a time zone or a file.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ui.locales import NARROW

if TYPE_CHECKING:
    import altair as alt

PALETTE = ("#4468D8", "#D9731A", "#2A9583", "#B8509B", "#8A7A2E", "#7B8698")
HEIGHT = 230
_ROW_HEIGHT = 30
_MOST_LABELS = 9
_MOST_POINTS = 45
_COUNT = {"decimal": ",", "thousands": NARROW, "grouping": [3], "currency": ["", " €"]}
NUMBERS: Mapping[str, Mapping[str, Any]] = {
    "fr": {**_COUNT, "percent": f"{NARROW}%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}


def line_chart(rows: Sequence[dict[str, Any]], series: Sequence[str], unit: str, lang: str) -> Any:
    """Return lines over time; `rows` hold `at`, `label`, `series`, `value`, `said`."""
    import altair as alt

    base = alt.Chart(_data(rows)).encode(
        x=_time(rows),
        y=alt.Y("value:Q", title=unit or None, axis=alt.Axis(tickCount=4, format="~s", grid=True)),
        color=_colour(series),
        tooltip=_tooltip(),
    )
    drawn = base.mark_line(strokeWidth=2)
    size = 26 if len({row["at"] for row in rows}) <= _MOST_POINTS else 8
    # The lines and the table beside say the same: unnamed points would be noise to a screen reader.
    points = base.mark_point(filled=True, size=size, opacity=1, aria=False)
    return _finished(drawn + points, HEIGHT, lang)


def stacked_chart(
    rows: Sequence[dict[str, Any]], series: Sequence[str], unit: str, lang: str, *, is_share: bool
) -> Any:
    """Return stacked bars over time; `is_share`: each bar fills the height."""
    import altair as alt

    y = alt.Y(
        "value:Q",
        title=unit or None,
        stack="normalize" if is_share else "zero",
        axis=alt.Axis(tickCount=4, format="%" if is_share else "~s"),
    )
    chart = alt.Chart(_data(rows))
    bars = chart.mark_bar(size=_bar_size(rows)).encode(
        x=_time(rows), y=y, color=_colour(series), tooltip=_tooltip(), order=alt.Order("rank:Q")
    )
    return _finished(bars, HEIGHT, lang)


def bar_chart(rows: Sequence[dict[str, Any]], unit: str, lang: str) -> Any:
    """Return one bar a row of `label`, `value`, `said`, in the order given."""
    import altair as alt

    chart = alt.Chart(_data(rows))
    names = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=190, labelPadding=8, ticks=False, domain=False),
    )
    most = max((row["value"] for row in rows), default=1)
    scale = alt.Scale(domain=[0, most * 1.15], nice=False)
    x = alt.X("value:Q", title=unit or None, scale=scale, axis=None)
    tooltip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("said:N", title=unit or " ")]
    bars = chart.mark_bar(size=14, color=PALETTE[0], cornerRadiusEnd=3).encode(
        y=names, x=x, tooltip=tooltip
    )
    figures = chart.mark_text(align="left", dx=6, color=PALETTE[5]).encode(
        y=names, x=x, text="said:N"
    )
    return _finished(bars + figures, _ROW_HEIGHT * max(len(rows), 1) + 10, lang)


def _data(rows: Sequence[dict[str, Any]]) -> Any:
    import altair as alt

    inline: Any = alt.Data
    return inline(values=list(rows))


def _time(rows: Sequence[dict[str, Any]]) -> "alt.X":
    import altair as alt

    ticks = sorted({row["at"] for row in rows})
    labels = {row["at"]: row["label"] for row in rows}
    every = max(1, -(-len(ticks) // _MOST_LABELS))
    shown = ticks[::every]
    names = ",".join(f"{at}:{_quoted(labels[at])}" for at in shown)
    axis = alt.Axis(
        values=shown, labelExpr=f"({{{names}}})[datum.value]", grid=False, labelAngle=0, title=None
    )
    domain = [ticks[0] - 0.6, ticks[-1] + 0.6] if ticks else [0, 1]
    return alt.X("at:Q", axis=axis, scale=alt.Scale(domain=domain, nice=False, zero=False))


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "").replace("'", "’") + "'"


def _bar_size(rows: Sequence[dict[str, Any]]) -> float:
    count = len({row["at"] for row in rows}) or 1
    return max(3.0, min(26.0, 420 / count))


def _colour(series: Sequence[str]) -> "alt.Color":
    import altair as alt

    scale = alt.Scale(domain=list(series), range=list(PALETTE[: len(series)]))
    legend = alt.Legend(orient="top", title=None, symbolType="circle", labelLimit=220, columns=4)
    return alt.Color("series:N", scale=scale, legend=legend if len(series) > 1 else None)


def _tooltip() -> list[Any]:
    import altair as alt

    return [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("series:N", title=" "),
        alt.Tooltip("said:N", title=" "),
    ]


def _finished(chart: Any, height: int, lang: str) -> Any:
    sized = chart.properties(height=height)
    return sized.configure(locale={"number": NUMBERS[lang]}).configure_view(strokeWidth=0)
