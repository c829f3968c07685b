"""A mention that names several brands is judged for each, where they fare differently."""

import pytest

from analysis.scoring.scoring import score_line

TWO = [{"name": "Acme", "terms": ["acme", "acme air"]}, {"name": "Bolt", "terms": ["bolt"]}]


def told(text, brands=TWO, **facts):
    names = [term for brand in brands for term in brand["terms"]]
    made = score_line({"text": text, "names": names, "brands": brands, **facts})["by_brand"] or {}
    return {brand: one["label"] for brand, one in made.items()}


@pytest.mark.parametrize(
    "text",
    [
        "I'm switching from Acme to Bolt",
        "Switching to Bolt from Acme next week",
        "Bolt is way better than Acme",
        "I prefer Bolt over Acme",
        "left Acme for Bolt. so happy",
        "Acme is terrible but Bolt is great",
        "Acme lost my bags and was rude. Bolt was wonderful and on time.",
        "Acme is so much worse than Bolt",
        "should have flown Bolt instead of Acme",
        "@acme lost my luggage, while @bolt is amazing",
    ],
)
def test_what_is_good_for_one_may_be_bad_for_the_other(text):
    assert told(text) == {"Acme": "negative", "Bolt": "positive"}


def test_a_brand_named_by_a_longer_term_is_the_same_brand():
    assert told("ditched Acme Air for Bolt") == {"Acme": "negative", "Bolt": "positive"}


@pytest.mark.parametrize("text", ["Acme and Bolt are open today", "I love Acme and I love Bolt", "Acme is great", ""])
def test_nothing_is_said_where_they_fare_alike_or_one_is_named(text):
    assert told(text) == {}


def test_one_brand_is_never_told_apart():
    assert told("Acme is terrible", brands=TWO[:1]) == {}


def test_many_brands_cost_no_time_and_no_crash():
    many = [{"name": f"Brand{number}", "terms": [f"brand{number}"]} for number in range(40)]
    told(" ".join(f"brand{number} is better than brand{number + 1}." for number in range(39)), brands=many)


@pytest.mark.parametrize("name", ['Ac"me', "Ac/me", "Ac~me", "Ac.me", "$"])
def test_an_odd_brand_name_is_carried_as_it_is(name):
    brands = [{"name": name, "terms": ["acme"]}, TWO[1]]
    assert told("I'm switching from Acme to Bolt", brands=brands)[name] == "negative"


@pytest.mark.parametrize("brands", ["Acme", [{"name": "A"}], [{"name": 1, "terms": []}], [{"name": "A", "terms": [1]}]])
def test_brands_of_wrong_types_are_refused(brands):
    with pytest.raises(ValueError, match=r"brands|terms"):
        score_line({"text": "", "brands": brands})
