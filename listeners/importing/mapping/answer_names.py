"""Tells columns of the brand's answers by the words of their names: "Response from business", "Antwort am"."""

from __future__ import annotations

import re
from functools import lru_cache

from listeners.formats.time_words import folded

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
COMPOUND = re.compile(r"(antwort)(datum|zeit|text)", re.IGNORECASE)
ANSWER = frozenset(
    (
        *("reply", "replies", "response", "responses", "answer", "answers", "replied", "responded", "answered"),
        *("antwort", "antworten", "beantwortet", "reponse", "reponses", "repondu", "respuesta", "respuestas"),
        *("respondido", "risposta", "risposte", "risposto", "antwoord", "beantwoord", "reactie", "resposta"),
    )
)
ONE_ANSWER = frozenset(("antwort", "reponse", "respuesta", "risposta", "antwoord", "resposta"))
COMMENT = frozenset(("comment", "comments", "kommentar", "commentaire", "comentario", "commento"))
BRANDS = frozenset(  # who answers for a brand, and what their answer is called
    (
        *("company", "business", "developer", "store", "shop", "brand", "hotel", "property", "host", "retailer"),
        *("service", "support", "care", "team", "provider", "operator", "restaurant", "partner", "official", "public"),
        *("manager", "venue", "clinic", "practice", "dealer", "publisher", "your", "our", "we", "you", "unternehmen"),
        *("unternehmens", "firma", "inhaber", "inhabers", "eigentumer", "eigentumers", "handler", "handlers"),
        *("entwickler", "entwicklers", "proprietaire", "entreprise", "vendeur", "etablissement", "propietario"),
        *("empresa", "vendedor", "proprietario", "azienda", "venditore", "eigenaar", "bedrijf", "verkoper"),
        *("owner", "seller", "sellers", "merchant", "supplier", "vendor", "management", "staff", "agent"),
    )
)
COMMENTERS = frozenset(("owner", "seller", "sellers", "merchant", "supplier", "vendor", "management", "developer"))
CONTENTS = COMMENT | {"text", "texts", "body", "content", "contents", "message", "texte", "texto", "testo"}
TIMES = frozenset(
    (
        *("date", "time", "datetime", "timestamp", "at", "on", "created", "posted", "published", "updated", "modified"),
        *("submitted", "sent", "added", "given", "datum", "am", "zeit", "uhrzeit", "zeitpunkt", "fecha", "hora"),
        *("data", "ora", "heure", "le", "antwortdatum", "op"),
    )
)
AUTHORS = frozenset(("by", "author", "name", "username", "user", "display", "autor", "auteur", "autore", "von", "par"))
FLAGS = frozenset(("has", "is", "was", "status", "state"))
FILLERS = frozenset(
    (
        *("from", "of", "the", "to", "and", "a", "an", "review", "reviews", "last", "latest", "first", "des", "der"),
        *("vom", "dem", "du", "de", "l", "la", "el", "del", "dell", "della", "dal", "da", "do", "d", "van", "het"),
    )
)
CUSTOMERS = frozenset(
    ("customer", "customers", "client", "user", "guest", "reviewer", "consumer", "respondent", "buyer", "author")
)
KINDS = {"text": "brandsreply", "time": "brandsreplydate", "author": "brandsreplyauthor", "flag": "hasreply"}


BARE = ANSWER - {"replied", "responded", "answered", "beantwortet", "repondu", "respondido", "risposto", "beantwoord"}


@lru_cache(maxsize=2_048)
def answer_name(name: str) -> str | None:
    """The name by which SYNONYMS knows a column of the brand's answers: their words, time or author, or whether there
    is one. None for any other column."""
    kind = _kind(_words(name))
    return KINDS[kind] if kind else None


def is_bare(name: str) -> bool:
    """Whether a name says "Response" or "Date of answer" and not whose: in a survey they are the customer's."""
    return set(_words(name)) <= BARE | TIMES | FILLERS


def _words(name: str) -> list[str]:
    """The words of a name in lower case and without accents; capitals part them."""
    bare = name if name.isascii() else "".join(folded(one).upper() if one.isupper() else folded(one) for one in name)
    return [word.lower() for word in WORDS.findall(COMPOUND.sub(r"\1 \2", bare))]


def _kind(words: list[str]) -> str | None:
    said = set(words)
    is_answer = bool(said & ANSWER) and not (said & {"you", "your"} and said & {"answer", "answers"})
    if not is_answer and not (said & COMMENT and said & COMMENTERS):
        return None
    is_from = "from" in said and not said & CUSTOMERS  # whoever it is from: "Reply from Acme"
    known = said & TIMES | set(words[: words.index("from")]) if is_from else said
    known -= {"customer"} if said & {"service", "support", "care"} else set()
    if known - ANSWER - BRANDS - CONTENTS - TIMES - AUTHORS - FLAGS - FILLERS:
        return None
    for kind, marks in (("flag", FLAGS), ("time", TIMES), ("author", AUTHORS)):
        if said & marks:
            return kind
    return "text" if is_from or said & (BRANDS | CONTENTS | ONE_ANSWER | {"review"}) else None
