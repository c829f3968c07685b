"""The moods of emoji, of faces made of signs and of rows of stars, as VADER's lexicon has them for words.

VADER reads an emoji as its description: it knows nothing of a thumb, and takes a broken heart for a heart. What has no
entry here is what VADER makes of it. The numbers are set by hand, on VADER's own scale from -4 to 4.
"""

from __future__ import annotations

import re

_BY_MOOD = {
    -3.1: "😡 🤬 🤮 🖕",
    -2.5: "👎 😠 💩 🤢 👿 😾 💢",
    -2.1: "💔 😤 😣 😖 🤦 ┻━┻",
    -1.9: "😒 🙄 🙎 😔 😥 🤡 🚮 t_t t.t ;_; >_< =( d:",
    -1.5: "😑 🫤 🆘 🥀 😪 🤕 🤒 🥴 🐌 -_-",
    0.0: "🔥 💥 💤 💫 💣 ♋ 🎲 🥩",  # their descriptions are of other things
    1.5: "🙌 💪 🤝 🤘 🤟 🥂 🍾",
    1.9: "👏 💯 😋 🎊 🏆 🤩 🌟 ^_^ ^^",
    2.5: "😍 😻 👍 🤍 🤎 🧡 🩷 🩵 🩶 🫶 💐",
}
_ROWS = {"★☆☆☆☆": -3.1, "★★☆☆☆": -2.1, "★★★☆☆": 0.0, "★★★★☆": 1.9, "★★★★★": 2.9}  # as `with_stars` writes them
MOODS = {sign: mood for mood, signs in _BY_MOOD.items() for sign in signs.split()} | _ROWS

_FULL, _HOLLOW = "★⭐🌟✭✮✯", "☆✩"
_ROW = re.compile(f"[{_FULL}](?: ?[{_FULL}])*(?: ?[{_HOLLOW}])*|[{_HOLLOW}](?: ?[{_HOLLOW}])+")
_FIRST = re.compile(f"[{_FULL}{_HOLLOW}]")
# "1⭐", "2 ★", "⭐ 1/5", "4️⃣⭐": a number of stars, told with one of them.
_COUNT = r"([1-5])\u20e3?"
_COUNTED = re.compile(rf"{_COUNT} ?(?:/ ?5 ?)?[{_FULL}]|[{_FULL}] ?{_COUNT} ?(?:/ ?5)?")
_MANY = 3  # full stars beside other words from which they are a judgement; one or two adorn


def with_stars(text: str) -> str:
    """`text` with each row of stars that judges as a word of its own: five of them, hollow from the judgement on. Full
    stars that are the whole text judge by their number, as a file's own stars would, and so does "1⭐"."""
    if not _FIRST.search(text):
        return text
    if counted := _COUNTED.fullmatch(text.strip()):
        return _row(int(counted[1] or counted[2]))
    return _ROW.sub(lambda row: _judged(row[0], is_all=row[0] == text.strip()), text)


def _judged(row: str, *, is_all: bool) -> str:
    hollow = sum(map(row.count, _HOLLOW))
    full = len(row) - row.count(" ") - hollow
    if not hollow and not is_all and full < _MANY:
        return row
    given = min(full, 5) if not hollow else max(1, round(5 * full / (full + hollow)))
    return f" {_row(given)} "


def _row(full: int) -> str:
    return f"{'★' * full}{'☆' * (5 - full)}"
