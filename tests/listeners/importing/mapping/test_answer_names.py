"""Columns of the brand's answers, told by the words of their names; and those of others that sound alike."""

from __future__ import annotations

import pytest

from listeners.importing.mapping.answer_names import answer_name
from tests.listeners.files import csv, read, written


@pytest.mark.parametrize(
    "name",
    [
        *("Vendor Response", "Supplier comment", "Response from business", "Reply from Acme", "Comment from seller"),
        *("Store reply", "Agent response", "Customer service reply", "reply.comments", "companyReply.text"),
        *("Antwort", "Antwort des Inhabers", "Réponse du propriétaire", "Respuesta del propietario"),
        *("Risposta del proprietario", "Reactie van eigenaar", "Resposta da empresa", "Review response"),
    ],
)
def test_a_column_of_answers_is_told_whoever_they_are_from(name):
    assert answer_name(name) == "brandsreply"


@pytest.mark.parametrize(
    "name",
    [
        *("Response Created", "Merchant Response Timestamp", "Replied on", "Response from business date"),
        *("Antwortdatum", "Datum der Antwort", "Beantwortet am", "Date de réponse", "Fecha de respuesta"),
        *("Data risposta", "Data da resposta", "reply.date_created", "Store replied at", "Response Posted"),
    ],
)
def test_the_time_of_an_answer_is_told_however_it_is_called(name):
    assert answer_name(name) == "brandsreplydate"


@pytest.mark.parametrize(
    "name",
    [
        *("Reply Count", "Replies", "Response ID", "Reply URL", "in_reply_to_user_id", "response_tweet_id"),
        *("Customer response", "Response from customer", "Your answer", "Your comment", "Public comment"),
        *("relationships.response.data", "reply.private", "Acme response", "Comments", "Owner"),
    ],
)
def test_what_only_sounds_like_an_answer_is_none(name):
    assert answer_name(name) is None


def test_answers_in_a_column_of_any_such_name_make_reviews_answered(tmp_path):
    lines = csv(
        "Datum;Autor;Sterne;Text;Antwort des Inhabers;Datum der Antwort",
        "01.11.2026 10:00;Ann;1;Kessel kaputt;Tut uns leid;03.11.2026 12:00",
        "02.11.2026 10:00;Bob;2;Topf kaputt;;",
    )
    mentions, content, _ = read(written(tmp_path, lines))
    (answer,) = content["answers"]
    assert answer.mention_id == mentions[0].id
    assert (answer.text, f"{answer.answered_at:%d %H:%M}") == ("Tut uns leid", "03 12:00")


@pytest.mark.parametrize(("status", "count"), [("Replied", 1), ("Not replied", 0), ("PUBLISHED", 0)])
def test_a_column_that_only_tells_whether_there_is_an_answer_must_say_yes_or_no(tmp_path, status, count):
    lines = csv("Date,Rating,Review,Reply status", f"2026-11-02,1,The kettle broke,{status}")
    _, content, _ = read(written(tmp_path, lines))
    assert len(content["answers"]) == count


def test_the_response_of_a_survey_is_what_the_customer_wrote_and_its_date_when(tmp_path):
    lines = csv("Response ID,Response Date,NPS,Response", "1,2026-11-02,3,The kettle broke after two days")
    mentions, content, _ = read(written(tmp_path, lines))
    assert [(one.text, one.published_at.day) for one in mentions] == [("The kettle broke after two days", 2)]
    assert content["answers"] == []


def test_an_answer_in_an_object_is_read_beside_reviews_that_have_none(tmp_path):
    answered = '{"id": 1, "createdAt": "2026-11-01", "stars": 1, "text": "Bad", "companyReply": {"text": "Sorry"}}'
    other = '{"id": 2, "createdAt": "2026-11-01", "stars": 1, "text": "Bad pot", "companyReply": null}'
    for lines in ((answered, other), (other, answered)):
        _, content, _ = read(written(tmp_path, "\n".join(lines)))
        assert [one.text for one in content["answers"]] == ["Sorry"]
