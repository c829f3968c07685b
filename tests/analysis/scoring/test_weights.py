"""The file of weights: small, quick to load, unable to run, and refused when it is not ours or not whole."""

import json
import pickle
import time

import numpy
import pytest

from analysis.scoring import judging, model, odds, weights
from analysis.scoring.request import SCORER
from analysis.scoring.scoring import score_line
from analysis.scoring.weights import SHIPPED, ForeignWeights, load, save


def test_the_shipped_weights_are_small_and_named_as_the_scorer_says():
    assert SHIPPED.stat().st_size < 5_000_000
    assert load(SHIPPED).scorer == SCORER


def test_they_are_read_at_once():
    times = []
    for _ in range(3):
        started = time.process_time()
        model.Learned(load(SHIPPED))
        times.append(time.process_time() - started)
    assert min(times) < 0.3


def test_what_is_saved_is_what_is_loaded_and_always_the_same_bytes(tmp_path):
    made = load(SHIPPED)
    save(made, tmp_path / "one")
    save(load(tmp_path / "one"), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() == SHIPPED.read_bytes()
    assert numpy.array_equal(load(tmp_path / "two").table, made.table)


def test_no_word_stands_in_them():
    assert not [word for word in (b"terrible", b"love", b"refund", b"delayed") if word in SHIPPED.read_bytes()]


def header(**changes):
    line, pressed = SHIPPED.read_bytes().split(b"\n", 1)
    return json.dumps(json.loads(line) | changes).encode() + b"\n" + pressed


FOREIGN = {
    "nothing": b"",
    "another format": b"PK\x03\x04 not ours",
    "a pickle": pickle.dumps({"weights": [1, 2, 3]}),
    "half of it": SHIPPED.read_bytes()[:100_000],
    "one bit changed": SHIPPED.read_bytes()[:-50_000] + b"\x01" + SHIPPED.read_bytes()[-49_999:],
    "another version": header(format="hearback-weights-9"),
    "other traits": header(traits=["length"]),
    "another checksum": header(sha256="0" * 64),
    "no biases": header(biases=None),
    "wrong shapes": header(biases=[0.0]),
    "no numbers": header(biases=["a", "b", "c"]),
    "endless": header(biases=[1e999, 0.0, 0.0]),
    "a list": b"[]\n",
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_broken_or_foreign_file_is_refused_with_a_sentence(tmp_path, content):
    file = tmp_path / "weights.bin"
    file.write_bytes(content)
    with pytest.raises(ForeignWeights, match=r"weights\.bin"):
        load(file)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(ForeignWeights, match="cannot be read"):
        load(tmp_path / "weights.bin")


def test_numbers_that_swell_without_end_are_not_unpacked(tmp_path):
    import zlib

    file = tmp_path / "weights.bin"
    file.write_bytes(header().split(b"\n", 1)[0] + b"\n" + zlib.compress(bytes(200_000_000)))
    with pytest.raises(ForeignWeights, match="damaged"):
        load(file)


def test_without_weights_vader_judges_alone_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "SHIPPED", tmp_path / "none")
    monkeypatch.setattr(judging, "shipped", lambda: "weights.bin cannot be read")
    line = score_line("This is terrible, I hate it")
    assert (line["label"], line["rests_on"]) == ("negative", "VADER alone")
    assert line["scorer"] != SCORER


def test_what_was_chosen_on_the_open_sets_is_what_is_used():
    from analysis.cues import confidence

    card = SHIPPED.with_name("CARD.md").read_text()
    assert f"from a likelihood of {odds.NEGATIVE_FROM:.2f} on" in card
    assert f"are {odds.SENTENCES} of it" in card
    assert all(f"- {cue}: {sure:.2f} (" in card for cue, sure in confidence.MEASURED.items())
