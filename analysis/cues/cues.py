"""Finds the cues of a text: complaint, question, legal and so on, each with the words that gave it.

English only. A phrase that is denied right before it ("no problems ever", "never had an issue", "fixed my problem")
gives no cue of a kind that can be denied. A question is one that wants an answer: "Really?" and "How hard can it be?"
are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from analysis.cues.notation import MARKS, Branch, ends, tree
from analysis.cues.phrases import EVENTS, PHRASES
from analysis.text.masking import LINK, NAME, mask

# A question mark alone asks nothing: a question opens with one of these, followed by one of those, or opens a clause.
ASKING = "how what what's when when's where where's which who who's why why's whats hows wheres"
AUXILIARIES = """
    is are am was were can could do does did will would should shall have has may isn't aren't wasn't won't can't
    couldn't don't doesn't didn't haven't hasn't wouldn't shouldn't isnt arent wont cant dont doesnt didnt havent hasnt
"""
ASKED = "i you u we they he she it there this that these those my your our the anyone anybody someone"
LEADING = """
    and but so or hi hey hello please pls plz also ok okay well then handle brandname guys just sorry morning evening
    afternoon yo um any thanks thank
"""

# What takes a phrase back when it stands right before it, and the words that may stand between.
DENYING = """
    no not never without zero nor neither hardly rarely any if nobody fixed fixes solved solves resolved resolves sorted
    avoid avoids cannot cant dont didnt doesnt wasnt isnt wont havent hasnt
"""
BETWEEN = """
    a an any the my our this all of one real single bit much more other further major big serious such had have has
    having been be being was were is are ever once really too so very that experienced encountered seen got get getting
    need reason for to cause caused you they there i we yet at me us or trouble problems issues hassle fuss
"""

RHETORICAL = """
    kidding|joking|insane|bloody_serious|for_real|wtf|smh
    are|is|be you|this|anyone serious|blind|stupid|dumb|deaf|crazy|happy_now|mad|a_joke|some_kind_of_joke
    who cares|knew|does_that|even|needs|else_loves|doesn't_love|would_have_thought|wouldn't
    what the|in|on the|hell|heck|fuck|world|earth|actual|f
    what kind|sort|type of company|service|airline|customer|support|people|person|business|stupidity|joke
    what were|was you|they|he|she thinking
    what's|what_is wrong_with|the_matter_with you|them|people|your|these
    what's|what_is|whats the_point|not_to_love|not_to_like|up_with_that|new|next
    what else is|could|would new|go_wrong
    what could [possibly] go
    what are|r you waiting
    what|how happened_to|about customer|good|decent|no|you_not|a_little_respect
    how hard|difficult|tough is|can|could|would
    how is|are|can this|that|it|they|you [even] acceptable|ok|okay|legal|even|still|allowed
    how is|are|can this|that|it|they|you [even] a_thing|justify|be_so|treat|fair|possible
    how is|are you|this|it in_business|still_in_business
    how dare|stupid|dumb|pathetic|sad|awesome|cool|great|amazing|cute|crazy|funny|sweet|nice|convenient
    how do|can you|they|these_people [guys] sleep|mess|screw|lose|manage_to|live|even|look_at
    how many|much more|times|longer|worse do|does|must|can|will|have i|you|we|it|to
    why bother|even|oh_why|not_just
    why would you|anyone|i|anybody|somebody
    why do i|we|you even|bother|hate|suck|always|keep|have_to
    why am i not|even|still
    why are|is you|this|it so|always [bad|terrible|slow|horrible|awful|rude|useless|expensive|hard|difficult]
    is that|it|this too|really|so much|asking_too_much|necessary|hard|difficult|too_hard
    isn't|ain't|aren't|isnt that|this|it|they|he|she just|great|awesome|lovely|amazing|nice
    isn't|ain't|aren't|isnt that|this|it|they|he|she ironic|funny|cute|wonderful|what
    do|don't|did you|people even|seriously|think|know_that|guys_even|not_care|agree
    do you want_us|want_me|people to
    are you ready|looking|tired|people|guys_even|sure_you
    have you no|ever|no_shame|tried_our|checked_out
    can you believe|imagine
    can|could it|this|you|things be|get any more|worse|better
    could it|this|things be|get worse|better
    where would|has_this|have_you i_be|been|been_all
    did i mention|say|miss
    want|ready|looking|need|tired to|of|for
    guess what
    remember when
"""

DENIABLE = frozenset({"complaint", "churn", "praise", "safety", "legal", "security"})
MOST_WORDS = 5  # kept of one cue

_TOKEN = re.compile(r"[a-z0-9']+|[.!?,;:…]")
_STOPS = frozenset(".!?…")
_SPACED = [(mark, f" {mark} ") for mark in ".!?,;:"]
_BLANKED = bytes(code if chr(code).isalnum() or chr(code) in ".!?,;:'" else 32 for code in range(256))
_END = " "  # closes every list of tokens and equals none
_DENYING, _BETWEEN, _ASKED, _LEADING = (frozenset(words.split()) for words in (DENYING, BETWEEN, ASKED, LEADING))
_ASKING, _AUXILIARIES = frozenset(ASKING.split()), frozenset(AUXILIARIES.split())
_FURTHEST = 6  # words looked back at for a denial

_PHRASES = tree(PHRASES)
_RHETORICAL = tree({"rhetorical": RHETORICAL})


def cues(text: str) -> dict[str, tuple[str, ...]]:
    """{cue: the words that gave it} of a text, in small letters, at most MOST_WORDS a cue, in the order of the text."""
    return find(mask(text, ()))


def find(masked: str) -> dict[str, tuple[str, ...]]:
    """The same as `cues` for a text that is masked already."""
    tokens = _tokenize(masked.lower())
    found = _search(tokens, _PHRASES)
    if "?" in masked:
        _gather_questions(tokens, found)
    return {cue: tuple(dict.fromkeys(words))[:MOST_WORDS] for cue, words in found.items()}


def events(sentence: str) -> frozenset[str]:
    """The cues of EVENTS of which a masked sentence tells that something happened, or will."""
    return frozenset(_search(_tokenize(sentence.lower()), _events()))


@cache
def _events() -> Branch:
    return tree(EVENTS)  # most texts hold no word of danger: then it is never made


def _tokenize(lowered: str) -> list[str]:
    """Words and marks, then the end. A line ends like a sentence."""
    lowered = lowered.replace("\n", ".")
    if not lowered.isascii():
        return [*_TOKEN.findall(lowered.replace("’", "'")), _END]
    # The same for plain text, in half the time.
    plain = lowered.encode().translate(_BLANKED).decode()
    for mark, spaced in _SPACED:
        if mark in plain:
            plain = plain.replace(mark, spaced)
    return [*plain.split(), _END]


def _search(tokens: Sequence[str], root: Branch) -> dict[str, list[str]]:
    """Which phrases stand in the tokens, the last of which is the end; of phrases begun together, the longest."""
    found: dict[str, list[str]] = {}
    for start in [start for start, token in enumerate(tokens) if token in root.words]:
        if longest := ends(tokens, start, root):
            _keep(tokens, start, longest, found)
    return found


def _keep(tokens: Sequence[str], start: int, longest: Mapping[str, int], found: dict[str, list[str]]) -> None:
    denied = _is_denied(tokens, start)
    for cue, end in longest.items():
        if not (denied and cue in DENIABLE):
            found.setdefault(cue, []).append(_shown(tokens[start:end]))


def _shown(tokens: Sequence[str]) -> str:
    """The words as a person reads them, without what stands in for names."""
    return " ".join(tokens).replace(NAME, "…").replace(LINK, "…")


def _is_denied(tokens: Sequence[str], position: int) -> bool:
    """Whether the words right before `position` take back what stands there."""
    for back in range(position - 1, max(-1, position - 1 - _FURTHEST), -1):
        if tokens[back] in _DENYING or tokens[back].endswith("n't"):
            return True
        if tokens[back] not in _BETWEEN:
            return False
    return False


def _gather_questions(tokens: Sequence[str], found: dict[str, list[str]]) -> None:
    """Add the opening words of each sentence that ends in a question mark and wants an answer."""
    start = 0
    for position, mark in enumerate(tokens):
        if mark in _STOPS:
            if mark == "?" and (opening := _opening([*tokens[start:position], _END])):
                found.setdefault("question", []).append(opening)
            start = position + 1


def _opening(sentence: Sequence[str]) -> str:
    """The first three words of the question in a sentence; "" when it asks none, or only for effect."""
    for at in range(len(sentence) - 3):
        word, following = sentence[at], sentence[at + 1]
        asks = (word in _ASKING and following in _AUXILIARIES) or (word in _AUXILIARIES and following in _ASKED)
        if asks or ((word in _ASKING or word in _AUXILIARIES) and _opens_clause(sentence, at)):
            return "" if _search(sentence, _RHETORICAL) else _shown(sentence[at : at + 3])
    return ""


def _opens_clause(sentence: Sequence[str], at: int) -> bool:
    return at == 0 or sentence[at - 1] in MARKS or sentence[at - 1] in _LEADING
