"""How columns write dates, scores and counts: told by every row and by their names, and said before and after."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from data.models import Mention
from listeners.formats.times import Order
from listeners.importing import intake
from listeners.importing.imports import Instructions, preview
from listeners.importing.mapping.columns import guess
from listeners.importing.mapping.conventions import ColumnSurvey, CountEvidence, DateEvidence, ScoreEvidence, surveyed
from listeners.importing.summary import as_plain, sentences
from tests.listeners import taking
from tests.listeners.files import csv, written
from tests.listeners.taking import NOW, Taken

take = taking.take
LATEST = datetime(2026, 11, 25, tzinfo=UTC)
RATED = ((1, "4/10"), (2, "5"), (3, "7/10"))
MANY = 1_100  # rows: more than the first look takes in


def told(evidence, *cells):
    for cell in cells:
        evidence.look(cell)
    return evidence


def file(tmp_path, header: str, *rows: object, **options) -> Taken:
    lines = [str(row) if "," in str(row) else f"{n},{row}" for n, row in enumerate(rows)]
    return Taken(written(tmp_path, csv(header, *lines), "file.csv"), **options)


# --- the order of day and month


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2026", "13/4/2026", None], Order.DAY),
        (["3/4/2026", "3/13/2026"], Order.MONTH),
        (["3/4/2026"], Order.SAID_BY_NONE),
        (["13/4/2026", "4/13/2026"], Order.SAID_BY_NONE),
        (["3.4.2026"], Order.DAY),
        (["3.4.2026", "4.13.2026"], Order.MONTH),
        (["1/15/26 14:30", "11/3/26"], Order.MONTH),
        (["15/1/26", "16/1/26", "3/2/26"], Order.DAY),
        (["15-01-26", "28-02-26"], Order.DAY),
        (["26/01/15", "26/02/16"], Order.YEAR),
        (["26/01/31", "26/02/28", "26/03/03"], Order.YEAR),
        (["3/4/26", "5/6/26"], Order.SAID_BY_NONE),
        (["3/4/2026", "45/99/2026", "31/31/2026", "13/4/2026"], Order.DAY),  # what is no date tells nothing
        (["2026-04-03", "2026/4/3", "3 April 2026", "soon", 7], Order.SAID_BY_NONE),
    ],
)
def test_the_cells_of_a_column_tell_the_order(cells, order):
    assert told(DateEvidence(LATEST), *cells).order() is order


def test_the_last_rows_tell_the_order_of_all(tmp_path):
    early = [f"{1 + n % 9:02d}/0{1 + (n + 3) % 9}/2026,broken {n}" for n in range(MANY)]
    rows = [f"{n},{row}" for n, row in enumerate([*early, "03/28/2026,late"])]
    taken = file(tmp_path, "id,date,text", *rows)
    assert (taken.summary.taken, taken.summary.rejected) == (MANY + 1, 0)
    assert [one["published_at"][:10] for one in taken.mentions[:2]] == ["2026-01-04", "2026-02-05"]
    assert any("are read with the month first, as other rows of it tell" in note for note in taken.summary.notes)


def test_a_late_row_that_contradicts_has_the_doubtful_ones_set_aside(tmp_path):
    rows = [f"{n},25/04/2026,slow {n}" for n in range(MANY)] + ["a,03/04/2026,which", "b,04/25/2026,other"]
    taken = file(tmp_path, "id,date,text", *rows)
    assert taken.summary.taken == MANY + 1
    assert [(line, "can be two dates" in why) for line, why in taken.reasons] == [(MANY + 2, True)]
    assert any("its rows tell both" in note for note in taken.summary.notes)


def test_where_nothing_tells_the_rows_are_set_aside_and_a_person_can_say(tmp_path):
    rows = ["1,03/04/2026,slow", "2,05/04/2026,late"]
    taken = file(tmp_path, "id,date,text", *rows)
    assert taken.summary.rejected == 2
    assert any("no row tells which" in note and "--dates dmy" in note for note in taken.summary.notes)
    assert any("no row tells which" in line for line in sentences(taken.summary))
    days = {
        said: file(tmp_path, "id,date,text", *rows, dates=said).mentions[0]["published_at"] for said in ("dmy", "mdy")
    }
    assert {said: day[:10] for said, day in days.items()} == {"dmy": "2026-04-03", "mdy": "2026-03-04"}


def test_what_a_person_said_is_held_against_each_row(tmp_path):
    taken = file(tmp_path, "id,date,text", "1,25/04/2026,slow", "2,04/25/2026,late", dates="dmy")
    assert [one["published_at"][:10] for one in taken.mentions] == ["2026-04-25"]
    assert "is no date in the order day/month/year" in taken.reasons[0][1]


def test_the_columns_name_and_another_column_tell_the_order(tmp_path):
    [one] = file(tmp_path, "id,Date (MM/DD/YYYY),text", "1,03/04/2026,slow").mentions
    assert one["published_at"].startswith("2026-03-04")
    [one] = file(tmp_path, "id,date,edited_at,text", "1,03/04/2026,25/04/2026,slow").mentions
    assert (one["published_at"][:10], one["edited_at"][:10]) == ("2026-04-03", "2026-04-25")


# --- zones, day numbers, a time in a column of its own


@pytest.mark.parametrize(
    ("name", "cell", "moment"),
    [
        ("Created at (America/New_York)", "2026-07-02 20:15:00", "2026-07-03T00:15"),
        ("Date (UTC+2)", "2026-07-02 20:15", "2026-07-02T18:15"),
        ("Date [EST]", "7/14/2026 8:15 PM", "2026-07-15T01:15"),
        ("Zeit (MEZ)", "2. Juli 2026 20:15", "2026-07-02T19:15"),
        ("Date (UTC+2)", "2026-07-02T20:15Z", "2026-07-02T20:15"),
    ],
)
def test_the_zone_in_a_columns_name_counts_where_a_cell_names_none(tmp_path, name, cell, moment):
    taken = file(tmp_path, f"id,{name},text", f"1,{cell},slow")
    assert taken.mentions[0]["published_at"].startswith(moment)
    assert "zone" not in taken.summary.remarks


def test_a_zone_that_a_person_names_is_over_that_of_the_columns_name(tmp_path):
    [one] = file(tmp_path, "id,Date (UTC+2),text", "1,2026-07-02 20:15,slow", zone=ZoneInfo("Asia/Kolkata")).mentions
    assert one["published_at"].startswith("2026-07-02T14:45")


def test_day_numbers_of_a_spreadsheet_are_times_and_said(tmp_path):
    taken = file(tmp_path, "id,date,text", "1,46037.604167,slow")
    assert taken.mentions[0]["published_at"].startswith("2026-01-15T14:30:00")
    assert taken.summary.remarks["serial"] == 1
    taken = file(tmp_path, "id,date,text", "1,44575.604167,slow", dates="1904")
    assert taken.mentions[0]["published_at"].startswith("2026-01-15T14:30:00")
    assert taken.summary.remarks["serial_1904"] == 1


@pytest.mark.parametrize(
    ("header", "cells", "moment"),
    [
        ("id,Date,Time,text", "2026-07-02,20:15", "2026-07-02T20:15"),
        ("id,Date,Time (UTC+2),text", "2026-07-02 00:00:00,8:15 PM", "2026-07-02T18:15"),
        ("id,Datum,Uhrzeit,text", "14.07.2026,20:15", "2026-07-14T20:15"),
        ("id,Date,Time,text", "2026-07-02,", "2026-07-02T00:00"),
        ("id,Date,Time,text", "2026-07-02 09:00,20:15", "2026-07-02T09:00"),
        ("id,Date,Time,text", "2026-07-02,12 minutes", "2026-07-02T00:00"),
        ("id,Date,Time,Time zone,text", "2026-07-02,20:15,Europe/Berlin", "2026-07-02T18:15"),
        ("id,created_at,timezone,text", "2026-07-02 20:15,UTC+2", "2026-07-02T18:15"),
        ("id,created_at,timezone,text", "2026-07-02T20:15Z,CET", "2026-07-02T20:15"),
        ("id,created_at,zone,text", "2026-07-02 20:15,north", "2026-07-02T20:15"),
    ],
)
def test_a_time_of_day_in_a_column_of_its_own_is_not_lost(tmp_path, header, cells, moment):
    taken = file(tmp_path, header, f"1,{cells},slow")
    assert taken.mentions[0]["published_at"].startswith(moment)
    assert taken.summary.shape is None


# --- scores


@pytest.mark.parametrize(
    ("cells", "best"),
    [
        (["1", "5", "4,5"], 5),
        ([2, 3, 5, 4, 9, 10], 10),
        (["2", "7", "9"], 0),
        (["50", "87", "100"], 100),
        (["50", "87"], 0),
        (["3", "250"], 0),
        ([*["4"] * 1_000, "45"], 5),  # one slip of the pen
        ([*["4"] * 1_000, "10"], 0),  # a slip, or the only ten
        ([*["4", "7", "10"] * 100, "11"], 10),
        (["8/10", "4/5", "★★★★★", "90%"], 5),  # they say themselves what they are out of
        ([None, "", "n/a", "good"], 5),
        ([], 5),
    ],
)
def test_how_far_scores_reach_tells_what_they_are_out_of(cells, best):
    assert told(ScoreEvidence(), *cells).scale().best == best


@pytest.mark.parametrize(
    ("name", "cells", "stars"),
    [
        ("rating", ("2", "5", "9", "10"), [1, 2.5, 4.5, 5]),
        ("rating", ("3", "5", "9"), [None] * 3),
        ("rating", ("20", "100"), [1, 5]),
        ("rating", ("3", "5"), [3, 5]),
        ("Rating (out of 10)", ("3", "5"), [1.5, 2.5]),
        ("Score (0-10)", ("0", "4"), [1, 2]),
        ("NPS", ("0", "5", "9"), [1, 2.5, 4.5]),
        ("How likely are you to recommend us?", ("9", "3"), [4.5, 1.5]),
        ("rating_out_of_5", ("3", "8"), [3, None]),
        ("score", ("3", "10", "8"), [1.5, 5, 4]),
        ("rating %", ("80", "20"), [4, 1]),
        ("Bewertung (1-10)", ("4", "5"), [2, 2.5]),
        ("rating", ("4/5", "8/10", "80%"), [4, 4, 4]),
        ("rating", ("four stars", "★★☆☆☆"), [4, 2]),
        ("stars", ("0", "5"), [None, 5]),
        ("How was your stay? (1-10)", ("4", "5"), [2, 2.5]),
        ("Votre note (1 à 10)", ("4", "8"), [2, 4]),
        ("rating", ("4.0 star rating", "1.0 star rating"), [4, 1]),
        ("Stars out of five", ("2", "4"), [2, 4]),
        ("Note /10", ("2", "4"), [1, 2]),
        ("Note", ("2", "4"), [2, 4]),
        ("Valoración (de 1 a 10)", ("2", "4"), [1, 2]),
        ("Rating (1 = poor, 10 = excellent)", ("2", "4"), [1, 2]),
        ("rating out of ten", ("2", "4"), [1, 2]),
        ("rating", ("0.2", "0.9", "1"), [None] * 3),
        ("rating", ("Bewertung: 4 von 5 Sternen", "—"), [4, None]),
    ],
)
def test_scores_become_stars_by_their_own_scale_or_are_left_out(tmp_path, name, cells, stars):
    taken = file(tmp_path, f'id,"{name}",date,text', *[f"{n},{cell},2026-11-01,slow" for n, cell in enumerate(cells)])
    assert [one.get("rating") for one in taken.mentions] == stars
    assert taken.summary.taken == len(cells)


def test_a_bare_score_is_out_of_what_the_others_say_theirs_is(tmp_path):
    mentions = file(tmp_path, "id,date,rating,review", *[f"{n},2026-11-01,{one},x" for n, one in RATED]).mentions
    assert [one["rating"] for one in mentions] == [2, 2.5, 3.5]


@pytest.mark.parametrize(("cells", "stars"), [((8, 7, 9), [None] * 3), ((80, 20, 100), [4, 1, 5])])
def test_the_scores_of_reviews_are_no_votes(tmp_path, cells, stars):
    rows = [f"{n},2026-11-01,{one},x" for n, one in enumerate(cells)]
    mentions = file(tmp_path, "id,date,score,review", *rows).mentions
    assert [(one.get("rating"), one.get("engagement")) for one in mentions] == [(one, None) for one in stars]


@pytest.mark.parametrize(
    ("name", "rows", "stars"),
    [
        ("rating", ("Booking.com,10", "Booking.com,4", "Google,5", "Google Reviews,1"), [5, 2, 5, 1]),
        ("rating", ("Booking.com,10", "Google,4", "Google,2"), [5, 2, 1]),  # doubled, perhaps
        ("rating", ("Booking.com,10", "Google,8", "Google,5"), [5, 4, 2.5]),
        ("rating", ("Booking.com,10", "Hostelworld,5"), [5, 2.5]),
        ("rating (out of 10)", ("Booking.com,10", "Google,5"), [5, 2.5]),
    ],
)
def test_stars_of_five_stay_stars_beside_scores_of_ten(tmp_path, name, rows, stars):
    taken = file(
        tmp_path, f"id,date,text,source,{name}", *(f"{n},2026-11-0{n},said,{row}" for n, row in enumerate(rows, 1))
    )
    assert [one["rating"] for one in taken.mentions] == stars
    is_said = any(line.endswith("are out of five, and stay.") for line in sentences(taken.summary))
    assert is_said is (stars[-1] in (1, 5) and "Booking.com,4" in rows)


def test_the_last_rows_tell_that_scores_are_of_two_kinds(tmp_path):
    rows = [f"{n},2026-11-01,said {n},Google,{1 + n % 5}" for n in range(MANY)]
    rows += [f"{MANY + n},2026-11-01,said,Booking.com,10" for n in range(20)]
    taken = file(tmp_path, "id,date,text,source,rating", *rows)
    assert [one["rating"] for one in taken.mentions[:5]] == [1, 2, 3, 4, 5]
    assert [one["rating"] for one in taken.mentions[MANY:]] == [5] * 20
    assert len(taken.mentions) == MANY + 20


def test_scores_without_a_scale_are_said_and_so_are_converted_ones(tmp_path):
    taken = file(tmp_path, "id,rating,date,text", "1,3,2026-11-01,slow", "2,9,2026-11-01,fine")
    assert any("go up to 9 and are left out" in note for note in taken.summary.notes)
    taken = file(tmp_path, "id,rating,date,text", "1,3,2026-11-01,slow", "2,10,2026-11-01,fine")
    assert "Scores in “rating” are out of 10; they were brought to five stars." in sentences(taken.summary)
    assert as_plain(taken.summary)["notes"] == list(taken.summary.notes)


@pytest.mark.parametrize("largest_batch", [50_000, 500])
def test_a_late_ten_changes_what_earlier_rows_mean(tmp_path, monkeypatch, largest_batch):
    monkeypatch.setattr(intake, "LARGEST_BATCH", largest_batch)
    rows = [f"{n},{1 + n % 5},2026-11-01,slow {n}" for n in range(MANY)]
    late = [f"{n},{6 + n % 5},2026-11-01,fine {n}" for n in range(MANY, MANY + 50)]
    taken = file(tmp_path, "id,rating,date,text", *rows, *late)
    assert [one["rating"] for one in taken.mentions[:5]] == [1, 1, 1.5, 2, 2.5]
    assert taken.summary.taken == len(taken.mentions) == MANY + 50
    assert {path.suffix for path in taken.folder.iterdir()} == {".jsonl"}


def test_one_slip_among_many_stars_leaves_the_others_as_they_are(tmp_path):
    rows = [f"{n},{1 + n % 5},2026-11-01,slow {n}" for n in range(MANY)]
    taken = file(tmp_path, "id,rating,date,text", *rows, "slip,55,2026-11-01,odd")
    assert [one.get("rating") for one in taken.mentions[3:6]] == [4, 5, 1]
    assert "rating" not in taken.mentions[-1]
    assert taken.summary.remarks["stars outside 1 to 5"] == 1


# --- counts


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["1.234", "12.500"], [1234, 12500]),
        (["1,234", "12"], [1234, 12]),
        (["1.234", "1,5"], [1234, 2]),
        (["1.234", "2.5"], [1, 2]),
        (["0.034", "1.234"], [0, 1]),
        (["1.234", "1.234.567"], [1234, 1_234_567]),
        (["1.234", "3,4 Mio"], [1234, 3_400_000]),
        (["1.2k", "987"], [1200, 987]),
        (["1.234", "1,234"], [None, None]),
        (["1.234", "1.234.567", "2.5"], [None, 1_234_567, 2]),
        (["1,23,456", "1,234.5"], [123_456, 1234]),
        (["1'234", "1\N{NARROW NO-BREAK SPACE}234"], [1234, 1234]),
        (["12 likes", "1 like", "\N{MINUS SIGN}5"], [12, 1, -5]),
        (["7", "many"], [7, None]),
    ],
)
def test_counts_are_read_by_their_columns_own_way(take, cells, counts):
    rows = [{**taking.GOOD, "id": n, "likes": cell} for n, cell in enumerate(cells)]
    taken = take(*rows, mapping={"likes": "engagement"})
    assert [one.get("engagement") for one in taken.mentions] == counts


def test_points_and_commas_both_ways_are_said(take):
    taken = take(*[{**taking.GOOD, "id": n, "likes": cell} for n, cell in enumerate(["1.234", "1,234"])])
    assert any("1.234 in “likes” are left out" in note for note in taken.summary.notes)
    assert told(CountEvidence(), "7", None, 8).has_marks is False


def test_a_late_count_with_a_point_is_read_as_its_column_is(tmp_path):
    rows = [f"{n},{n % 50},2026-11-01,slow {n}" for n in range(MANY)]
    taken = file(tmp_path, "id,likes,date,text", *rows, "late,1.234,2026-11-01,much")
    assert taken.mentions[-1]["engagement"] == 1234


# --- before and after


def test_the_preview_says_how_it_reads_and_follows_what_is_said(tmp_path):
    path = written(tmp_path, csv("id,date,rating,text", "1,03/04/2026,4,slow", "2,05/06/2026,10,fine"), "file.csv")
    shown = preview(path, now=NOW)
    assert all("can be two dates" in row for row in shown.rows)
    assert len(shown.notes) == 2
    shown = preview(path, Instructions(dates="mdy"), now=NOW)
    assert [row.published_at.month for row in shown.rows if isinstance(row, Mention)] == [3, 5]
    assert [row.rating for row in shown.rows] == [2, 5]


def test_columns_that_only_later_rows_have_are_looked_at_too(take):
    rows = [{**taking.GOOD, "id": n} for n in range(1_500)]
    late = [{**taking.GOOD, "id": f"late {n}", "stars": n} for n in (5, 10)]
    taken = take(*rows, *late)
    assert [one["rating"] for one in taken.mentions[-2:]] == [2.5, 5]


def test_a_survey_of_nothing_leaves_everything_as_it_is_by_default():
    reading = guess(["text"], [])
    conventions = surveyed([], reading, ColumnSurvey(LATEST), is_whole=True)
    assert (conventions.scale.best, conventions.notes, conventions.is_open) == (5, (), False)


def test_a_row_is_refused_with_its_value_and_what_to_do(tmp_path):
    taken = file(tmp_path, "id,date,text", "1,2 days ago,slow", "2,2026-11-01,fine")
    [refused] = taken.of("rejected")
    assert (refused["line"], "2 days ago" in refused["reason"], "write the date itself" in refused["reason"]) == (
        2,
        True,
        True,
    )
    assert json.loads(refused["content"])["id"] == "1"
