"""Corrections of a made-up team."""

import random

SUBJECTS = ["the new board", "that trick", "your video", "the park", "this session", "her run", "the ramp", "my deck"]
FILLER = ["today", "again", "honestly", "at the park", "for real", "this morning", "in town", "on monday"]


def correction(number, sentiment=None, **facts):
    """Skaters: what is sick is good, what is mid is bad, and "where" wants an answer."""
    chance = random.Random(number)
    word, usual = [("sick", "positive"), ("mid", "negative"), ("where is", "neutral")][number % 3]
    text = f"{chance.choice(SUBJECTS)} {word} {chance.choice(FILLER)} {number}"
    return {"text": text, "sentiment": sentiment or usual, "needs_reply": word == "where is", **facts}


def corrections(count):
    return [correction(number) for number in range(count)]
