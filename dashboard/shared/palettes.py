"""What every chart is drawn with: colours that colour-blind eyes tell apart, light and dark, and Plotly's settings."""

from __future__ import annotations

from dataclasses import dataclass

PLOTLY = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}  # of every chart


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours on one background, as "#rrggbb". `series`: for what has no colour of its own, our own brand first."""

    background: str
    negative: str
    neutral: str
    positive: str
    series: tuple[str, ...]
    others: str


LIGHT = Palette(
    background="#fbfbf9",
    negative="#c2571a",
    neutral="#c6c6bd",
    positive="#2f6690",
    series=("#2f6690", "#e0a021", "#15856b", "#c56a9d", "#6fb7e4", "#7a4a1e"),
    others="#b4b4ab",
)
DARK = Palette(
    background="#16191c",
    negative="#e8864a",
    neutral="#555d64",
    positive="#7fb2d9",
    series=("#7fb2d9", "#e3b04b", "#2f9e80", "#d884b4", "#3f74a8", "#b98a5e"),
    others="#656d74",
)


def palette(theme: str | None) -> Palette:
    """The palette for a theme's name: DARK for "dark", else LIGHT."""
    return DARK if theme == "dark" else LIGHT
