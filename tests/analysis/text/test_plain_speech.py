"""Who asks, wishes, praises or tells news is not taken to complain; who complains in plain words is."""

import pytest

from analysis.scoring.request import read_request
from analysis.scoring.scoring import score_lines

QUESTIONS = """
    does acme deliver on sundays?
    is the acme store in leeds open on bank holidays?
    what time does acme open tomorrow?
    how do i change my delivery address?
    can i pay with a debit card at acme?
    do you ship to norway?
    which plan has the most data?
    when will the new acme phone be in stock?
    is there a student discount?
    where can i find my invoice?
    can you tell me how to reset my password?
    does anyone know if acme has a family plan?
    hi acme, do i need an appointment for a repair?
    how long does shipping usually take?
    is the app available on android?
    who do i contact about a wholesale account?
    are dogs allowed in acme cafes?
    will there be a black friday sale this year?
    what is the difference between acme basic and acme plus?
    can i bring two bags on board?
""".strip().splitlines()

REQUESTS = """
    acme do you have this jacket in blue?
    please add dark mode to the app
    could you add apple pay at checkout?
    would love a widget for the home screen
    it would be great if acme had a desktop version
    please bring back the lemon flavour
    suggestion: let us sort orders by date
    wish acme had a store in bristol
    can we get an option to export to csv?
    any plans to support spanish?
""".strip().splitlines()

PRAISE = """
    thank you acme, delivery was super quick
    just got my new acme kettle and i love it
    shout out to maria at acme support for sorting this in five minutes
    best coffee in town, acme never disappoints
    the acme app works perfectly, five stars
    so happy with my acme bike
    acme saved my day, thanks
    really impressed with how acme handled this
    great service from acme as always
    not bad at all, acme
""".strip().splitlines()

NEWS = """
    acme announces a new store in berlin
    i am at the acme store
    bought an acme laptop yesterday
    acme shares rose two percent today
    watching the acme keynote
    my acme parcel arrives on friday
    using acme and bolt side by side this week
    acme is hiring engineers in dublin
    took the acme shuttle to the airport
    ordered from acme for the first time
""".strip().splitlines()

COMPLAINTS = """
    acme my luggage is still lost after 3 days
    on hold for 2 hours and then hung up
    acme cancelled my flight again
    third time my parcel was left in the rain
    still waiting for my refund from acme
    the acme app keeps crashing since the update
    acme charged me twice and nobody answers
    my new acme charger stopped working after a week
    no reply from acme support for five days
    never again acme
""".strip().splitlines()


def labels(texts):
    lines = score_lines([read_request(text.strip(), ("acme", "bolt")) for text in texts])
    return [str(line["label"]) for line in lines]


@pytest.mark.parametrize("texts", [QUESTIONS, REQUESTS, NEWS], ids=["questions", "requests", "news"])
def test_who_asks_wishes_or_tells_does_not_complain(texts):
    assert labels(texts).count("negative") <= 1  # of at least ten: nobody is always right


def test_a_plain_question_is_mostly_neutral():
    assert labels(QUESTIONS).count("neutral") >= 18


def test_praise_is_praise():
    assert labels(PRAISE).count("positive") >= 9
    assert "negative" not in labels(PRAISE)


def test_complaints_in_plain_words_are_seen():
    assert labels(COMPLAINTS).count("negative") >= 9


@pytest.mark.parametrize("typed", ["&#39;", "&#039;", "&#x27;", "&apos;", "&rsquo;", "&#8217;", "&amp;#39;", "&acute;"])
def test_an_entity_is_the_sign_that_it_stands_for(typed):
    said = ["I don't recommend this place", "They haven't answered my mail", "It isn't safe to use"]
    straight, typed_so = (
        score_lines([read_request(text) for text in texts]) for texts in (said, [s.replace("'", typed) for s in said])
    )
    assert typed_so == straight


def test_an_entity_hides_no_cue_and_no_brand():
    cues = [
        line["cues"]
        for line in score_lines([read_request("It couldn&#39;t be worse. I&rsquo;m calling my lawyer &amp; the press")])
    ]
    assert "legal" in cues[0]
    (line,) = score_lines([read_request({"text": "I hate AT&amp;T", "names": ["AT&T"]})])
    assert line == score_lines([read_request({"text": "I hate AT&T", "names": ["AT&T"]})])[0]
