"""Which letters the languages use, and how often: what an encoding is judged by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from charset_normalizer.constant import FREQUENCIES  # its own verdict on few lines is wrong too often

LATIN = frozenset(("western", "central", "turkish", "baltic"))  # the groups that mix with ASCII letters
GROUPS = {  # a group of encodings -> the languages that are written with it
    "western": (
        "English", "German", "French", "Dutch", "Italian", "Spanish", "Portuguese", "Swedish", "Norwegian", "Danish",
        "Finnish", "Icelandic", "Catalan",
    ),
    "central": ("Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Slovene", "Romanian", "German"),
    "turkish": ("Turkish",),
    "baltic": ("Lithuanian", "Latvian", "Estonian"),
    "cyrillic": ("Russian", "Ukrainian", "Bulgarian", "Serbian"),
    "greek": ("Greek",),
    "hebrew": ("Hebrew",),
    "arabic": ("Arabic", "Farsi"),
    "thai": ("Thai",),
}  # fmt: skip
# Letters beyond the most frequent ones that the library lists, or beyond ASCII where it lists none.
MORE = {
    "English": "éèêëïöüçñàáíóâ",
    "German": "äöüßéèà",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Dutch": "éëïóöüèàê",
    "Italian": "àèéìíîòóùú",
    "Spanish": "áéíóúüñçªº",
    "Portuguese": "áâãàçéêíóôõúüªº",
    "Swedish": "åäöéèáü",
    "Norwegian": "æøåéèêóòâô",
    "Danish": "æøåéèáóü",
    "Finnish": "äöåšžé",
    "Icelandic": "áðéíóúýþæö",
    "Catalan": "àçèéíïòóúü",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian": "čćđšž",
    "Slovene": "čšžćđ",
    "Romanian": "ăâîşţșț",
    "Turkish": "çğıöşüâîû",
    "Lithuanian": "ąčęėįšųūž",
    "Latvian": "āčēģīķļņšūž",
    "Estonian": "äõöüšž",
    "Russian": "ёъэюящцфшый",
    "Ukrainian": "єіїґщжюфш",
    "Bulgarian": "ьюящфшжцчй",
    "Serbian": "ђјљњћџжшчцфх",
    "Greek": "άέήίόύώϊϋΐΰφβγζξψωχθ",
    "Hebrew": "ץףזטגצקןכסךם",
    "Arabic": "ءآأؤإئثجحخذزشصضطظغفقهوىيـًٌٍَُِّْ،؛؟",
    "Farsi": "ءآأؤئپچژگکیةيكـثذضظغًٌٍَُِّْ،؛؟",
    "Thai": "".join(map(chr, range(0x0E01, 0x0E4F))),
}
OWN_ORDER = {  # languages that the library does not list: their letters, the most frequent first
    "Icelandic": "arniesltukgðmfvhoájópbyíéúýdþæöx",
    "Catalan": "eaisrltnoudcmpvbgqfhjxyzàèçóíéòúïük",
    "Latvian": "aisteunrkolpmāvdzjgīēbcšfžņļūķčģhō",
}
FALL = 7  # ranks over which a letter's frequency falls to a third
FOREIGN = 0.01  # the weight of an ASCII letter that the language does not list
RARE = 0.02  # the weight of one of MORE
UNSEEN = -9.0  # the logarithm of the chance of a letter that the language does not have


@lru_cache(maxsize=64)
def chances(language: str, *, is_latin: bool) -> Mapping[str, float]:
    """The logarithm of each letter's chance in a text of the language, by lower-case letter."""
    order = dict.fromkeys(OWN_ORDER.get(language) or FREQUENCIES[language])
    weights = {letter: math.exp(-rank / FALL) for rank, letter in enumerate(order)}
    for letter in "abcdefghijklmnopqrstuvwxyz" if is_latin else "":
        weights.setdefault(letter, FOREIGN)
    for letter in MORE[language]:
        weights.setdefault(letter, RARE)
    total = sum(weights.values())
    return {letter: math.log(weight / total) for letter, weight in weights.items()}
