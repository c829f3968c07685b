"""Colours: told apart by all eyes, seen against their background."""

from __future__ import annotations

import itertools

import pytest

from dashboard.shared.palettes import DARK, LIGHT, palette

# How eyes without red-, green- or blue-sensitive cones see linear light (Machado, Oliveira and Fernandes, 2009).
EYES = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour, eyes):
    """Where a colour lies for these eyes: lightness, green to red, blue to yellow."""
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True)))) for row in eyes
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    bent = [part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z)]
    return (116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2]))


def apart(one, other, eyes):
    return sum((a - b) ** 2 for a, b in zip(seen(one, eyes), seen(other, eyes), strict=True)) ** 0.5


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_beside_each_other_stay_apart_for_all_eyes(colours, eyes):
    for group in ((colours.negative, colours.neutral, colours.positive), (*colours.series, colours.others)):
        close = [
            (one, other, round(apart(one, other, eyes))) for one, other in itertools.combinations(group, 2)
            if apart(one, other, eyes) < 11
        ]  # fmt: skip
        assert not close


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_stand_out_from_their_background(colours):
    def light(colour):
        return 0.05 + sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))

    for line in colours.series[:1]:
        brighter, darker = sorted((light(line), light(colours.background)), reverse=True)
        assert brighter / darker > 3


def test_the_palette_follows_the_theme():
    assert palette("dark") is DARK
    assert palette("light") is palette(None) is LIGHT
