"""Cues: what is one, what only looks like one, and the words shown for it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cues.cues import DENIABLE, MOST_WORDS, _tokenize, cues
from analysis.cues.phrases import PHRASES

FOUND = {
    "complaint": [
        "Unfortunately the second parcel was empty.",
        "I am still waiting for an engineer.",
        "The login page is not working",
        "It doesn't work with my phone",
        "it doesnt work, and I have had no reply",
        "They charged me twice and I want a refund",
        "I have been very patient, but this is disappointing.",
        "You were charged twice? So was I: billed again on Friday",
        "Haven't received my order",
        "My bag is lost",
        "the app keeps crashing",
        "It stopped charging after a week",
        "Nobody answers the phone",
        "I can't log in since Tuesday",
        "Worst airline ever",
        "The website is down",
        "I expected better from you",
        "waited over two hours in the rain",
        "This leaves a lot to be desired",
        "Not happy with the service",
        "the problem is not solved",
        "Third time I have asked for this",
    ],
    "question": [
        "How do I change my address?",
        "how can i change my address",
        "Hi, when will the blue one be back in stock?",
        "Does anyone know whether it runs on Linux",
        "@acme is there a number I can call",
        "Could you please check my order",
        "Any update on ticket 4411?",
        "Please advise",
        "I was wondering if you ship to Norway",
        "My order is late, where is it now?",
        "Do you accept cash?",
        "Is the store open on Sunday?",
    ],
    "request": [
        "Please add a dark mode",
        "It would be nice if I could sort the list",
        "I wish you would bring it to Android",
        "Feature request: export to CSV",
        "You should add an option for two accounts",
    ],
    "praise": [
        "Thank you so much, Tom was lovely",
        "Great customer service today",
        "I love this app",
        "Highly recommend them",
        "Kudos to the night crew",
        "Never had a problem in six years",
        "works like a charm",
    ],
    "churn": [
        "I am cancelling my subscription today",
        "Switching to your competitor tomorrow",
        "Never flying with you again",
        "I'll take my business elsewhere",
        "You lost a loyal customer",
        "I'm done with this company",
        "How do I close my account?",
        "Uninstalled.",
        "we won't be renewing",
    ],
    "safety": [
        "The charger caught fire in the night",
        "There was smoke coming from the battery",
        "I burned my hand on the lid",
        "My daughter got an electric shock from the lamp",
        "It overheats within minutes",
        "Two people were injured by the door",
        "The battery exploded on the table",
        "Smells like burning plastic",
        "We all got food poisoning",
        "There was glass in my salad",
        "he could have been killed",
        "The brakes failed on the motorway",
        "Set my kitchen on fire",
    ],
    "legal": [
        "You will hear from my lawyer",
        "I will sue you",
        "See you in small claims",
        "I have reported this to trading standards",
        "I'll take you to consumer court",
        "This is a GDPR complaint",
        "I am going to report you to the regulator",
        "We are considering legal action",
        "There is a class action about it",
        "What you do is illegal",
    ],
    "press": [
        "I'm a journalist at the Evening Star",
        "I am writing a piece about parcel thefts",
        "Who may I ask for comment?",
        "Going to the press with this",
        "Where do I find your press office?",
    ],
    "security": [
        "I found a vulnerability in your login form",
        "Was there a data breach?",
        "You leaked my data",
        "My account was hacked",
        "Somebody else logged into my profile",
        "There are unauthorised charges on my card",
        "I got a phishing mail in your name",
        "Our passwords were leaked",
    ],
    "spam": [
        "Join our giveaway now",
        "DM me for cheap followers",
        "Best crypto signals in town",
        "Use my promo code for 20% off",
        "Check out my channel",
        "Link in bio",
        "Earn 500 a day from home",
        "Click here https://spam.example",
    ],
}

NOT_FOUND = {
    "complaint": [
        "No problems ever",
        "I have never had an issue with them",
        "without any trouble or delays",
        "They fixed my problem within the hour",
        "I can't complain",
        "No complaints here",
        "Problem solved, thanks",
        "I am not disappointed at all",
        "It never crashes",
        "let me know if there are any issues",
        "The worst case is a day more",
        "Arrived on time and works well",
        "Can't wait to try it",
    ],
    "question": [
        "Really?",
        "Seriously?",
        "Are you kidding me?",
        "How hard can it be?",
        "Who cares?",
        "What is wrong with you people?",
        "How is this acceptable?",
        "Why would anyone buy this?",
        "Lovely day, isn't it?",
        "Is that too much to ask?",
        "what the hell?",
        "???",
        "I know how it works.",
    ],
    "request": ["Please hold the line", "I wish you all a happy new year", "We need to talk"],
    "praise": ["I am not impressed", "Not great service", "Thanks for nothing", "I would never recommend them"],
    "churn": [
        "I would never switch to another",
        "I uninstalled and reinstalled it",
        "So glad I am not leaving you",
        "The last time I checked it was open",
        "Switching to Android next week",
    ],
    "safety": [
        "this is fire 🔥",
        "I am all fired up for Saturday",
        "the new album is straight fire",
        "You are on fire today!",
        "they should fire that manager",
        "my head exploded at that plot",
        "my phone exploded with notifications",
        "I was shocked by the price",
        "added insult to injury",
        "burned through the budget",
        "No one was injured",
        "a smoking hot deal",
        "the electric fire truck looks great",
    ],
    "legal": ["My friend is a lawyer", "My aunt Sue lives there", "the basketball court", "a legal drama on TV"],
    "press": ["Press play", "a pressing matter", "the press release said so", "I press the button twice"],
    "security": ["The social security office", "a leaking tap", "my favourite life hack", "breach of contract"],
    "spam": [
        "Please DM me, I have sent you my number",
        "Can you follow me back so that I can DM you",
        "I bought tickets in your giveaway and they were never credited",
        "my referral did not count",
        "Check out was quick",
    ],
}


def examples(table):
    return [pytest.param(cue, text, id=f"{cue}: {text}") for cue, texts in table.items() for text in texts]


@pytest.mark.parametrize(("cue", "text"), examples(FOUND))
def test_is_a_cue(cue, text):
    assert cue in cues(text)


@pytest.mark.parametrize(("cue", "text"), examples(NOT_FOUND))
def test_only_looks_like_one(cue, text):
    assert cue not in cues(text)


def test_every_cue_is_tried_both_ways():
    for examples_of in (FOUND, NOT_FOUND):
        assert sorted(examples_of) == sorted(PHRASES)
    assert DENIABLE.issubset(PHRASES)


def test_the_words_that_gave_it_are_shown():
    assert cues("Still waiting. They charged me twice and nobody answers!") == {
        "complaint": ("still waiting", "charged me twice", "nobody answers")
    }


def test_the_longest_phrase_is_shown_once():
    assert cues("A bug. A BUG!")["complaint"] == ("bug",)
    assert cues("I will report you to the ombudsman")["legal"] == ("report you to the ombudsman", "ombudsman")


def test_names_links_and_handles_do_not_show():
    assert "…" in cues("click here https://spam.example")["spam"][0]


def test_a_phrase_does_not_run_across_a_full_stop_or_a_comma():
    assert "complaint" not in cues("I did not. Work was fun")
    assert "complaint" not in cues("if not, work on it")


def test_a_curly_apostrophe_or_none_is_an_apostrophe():
    assert cues("it doesn’t work").keys() == cues("it doesn't work").keys() == cues("it doesnt work").keys()


def test_capitals_do_not_matter():
    assert "complaint" in cues("STILL WAITING")


def test_a_few_words_are_enough_to_show():
    assert len(cues("bug error scam useless pathetic failed outage")["complaint"]) == MOST_WORDS


def test_a_mention_may_ask_for_several_things():
    asked = cues("Unfortunately my account was hacked. How do I close my account? My lawyer will call.")
    assert {"complaint", "security", "question", "churn", "legal"} <= asked.keys()


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_plain_text_is_cut_into_the_same_words_as_any_other(text):
    assert _tokenize(text.lower()) == [token for token in _tokenize(text.lower() + "…") if token != "…"]


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert cues(text).keys() <= PHRASES.keys()


TELLING = [
    "not",
    "no",
    "can",
    "you",
    "how",
    "why",
    "?",
    ".",
    ",",
    "any",
    "the",
    "fire",
    "refund",
    "my",
    "i'm",
    "waiting",
    "'s",
]


@given(st.lists(st.sampled_from(TELLING)))
def test_any_run_of_telling_words_is_read(words):
    cues(" ".join(words))


@pytest.mark.parametrize("piece", ["? ", "no ", "never ", "how do ", "waiting ", "is it? ", "can't ", "cancel ", "\n"])
def test_a_very_long_text_is_read_in_time(piece):
    started = time.process_time()
    cues(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 3
