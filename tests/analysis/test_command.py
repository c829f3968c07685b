"""`python -m analysis score`, as a process: one answer a line, whatever the lines."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.__main__ import TOGETHER, answer
from data.cli import BROKEN_OFF

ROOT = Path(__file__).parents[2]


def run(*arguments, given=b""):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        timeout=500,
        check=False,
    )


def answers(lines, names=()):
    out = io.BytesIO()
    answer(io.BytesIO(lines), out, names)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_rows_and_bare_texts_are_answered_line_by_line():
    ended = run("score", given=b'{"id":"a","text":"I hate it","names":[]}\n"I love it"\n')
    assert ended.returncode == 0
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["mention_id"], first["label"]) == ("a", "negative")
    assert (second["mention_id"], second["label"]) == (None, "positive")


def test_brands_on_the_command_line_carry_no_feeling():
    ended = run("score", "--brand", "Best", "--brand", "Hope", given=b'"best hope"')
    assert json.loads(ended.stdout)["rests_on"] == "nothing"


@pytest.mark.parametrize("arguments", [[], ["guess"], ["score", "--speed"]])
def test_a_wrong_command_is_one_sentence_and_exit_1(arguments):
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert len(ended.stderr.splitlines()) == 1


def test_help_says_what_goes_in_and_comes_out():
    ended = run("--help")
    assert ended.returncode == 0
    assert b"one JSON" in ended.stdout


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff\xfe", b"[]", b"null", b"3", b'{"id":"a"}', b'{"id":7,"text":""}', b"[" * 100_000, b'"a', b"\x00"],
)
def test_a_bad_line_is_named_and_the_next_is_answered(line):
    bad, good = answers(line + b'\n{"id":"b","text":"fine"}\n')
    assert bad["line"] == 1
    assert bad["error"]
    assert good["mention_id"] == "b"


def test_line_numbers_count_empty_lines():
    assert answers(b'\n"a"\n\n{\n')[1]["line"] == 4


def test_half_a_character_is_a_line_that_cannot_be_read():
    assert answers(rb'"\ud800 bad"')[0]["line"] == 1


def test_more_lines_than_are_answered_at_once_keep_their_order():
    ids = [str(number) for number in range(2 * TOGETHER + 7)]
    lines = b"".join(json.dumps({"id": one, "text": "x"}).encode() + b"\n" for one in ids)
    assert [line["mention_id"] for line in answers(lines)] == ids


def test_an_empty_line_brings_the_answers_so_far():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as worker:
        worker.stdin.write(b'"bad"\n\n')
        worker.stdin.flush()
        assert json.loads(worker.stdout.readline())["label"] == "negative"
        worker.stdin.write(b'"good"\n')
        worker.stdin.close()
        assert json.loads(worker.stdout.readline())["label"] == "positive"
    assert worker.returncode == 0


def test_a_worker_whose_reader_left_ends_without_a_word():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as worker:
        worker.stdout.close()
        worker.stdin.write(b'"x"\n')
        worker.stdin.close()
        assert worker.stderr.read() == b""


AS_A_BACKGROUND_JOB = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh")  # of a script: with SIGINT ignored


@pytest.mark.parametrize("begin", [(), AS_A_BACKGROUND_JOB], ids=["by itself", "as a background job of a script"])
def test_ctrl_c_is_one_sentence_and_exit_2(begin):
    command = [*begin, sys.executable, "-m", "analysis", "score"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as worker:
        worker.stdin.write(b'"x"\n\n')
        worker.stdin.flush()
        worker.stdout.readline()
        worker.send_signal(signal.SIGINT)
        assert worker.stderr.read().decode() == f"{BROKEN_OFF}\n"
    assert worker.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full on this system")
def test_a_full_disk_is_one_sentence_and_exit_2():
    with Path("/dev/full").open("wb") as full, begun("score", stdin=subprocess.PIPE, stdout=full) as worker:
        worker.stdin.write(b'"x"\n')
        worker.stdin.close()
        assert worker.stderr.read() == b"The disk: No space left on device.\n"
    assert worker.returncode == 2


def test_weights_without_the_sets_they_are_fitted_on_are_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("HEARBACK_SHARED", str(tmp_path))
    ended = run("fit", "--into", str(tmp_path))
    assert ended.returncode == 1
    sets = tmp_path / "data" / "labelled" / "open"
    assert ended.stderr.decode() == f"The labelled sets that weights are fitted on are not in {sets}.\n"


def begun(*arguments, **pipes):
    return subprocess.Popen([sys.executable, "-m", "analysis", *arguments], stderr=subprocess.PIPE, cwd=ROOT, **pipes)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities on this system")
def test_a_worker_gives_way_to_the_dashboard():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as worker:
        worker.stdin.write(b'"x"\n\n')
        worker.stdin.flush()
        worker.stdout.readline()
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


def test_nothing_heavy_is_loaded():
    listing = "import sys, analysis.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not {"pandas", "numpy", "duckdb", "streamlit", "requests", "pyarrow"} & set(ended.stdout.split())


def test_a_worker_is_up_at_once(monkeypatch):
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)  # else the counting of its lines is timed, too
    both = [(timed(a_worker), timed(numpy_alone)) for _ in range(3)]  # side by side: on a busy machine both take longer
    assert min(worker / numpy for worker, numpy in both) < 5


def a_worker():
    run("score", given=b'"x"')


def numpy_alone():
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def timed(work):
    """Processor seconds that a child takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parquet(folder, rows):
    import pyarrow
    from pyarrow import parquet

    file = folder / "labelled.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    return file


SAID = [
    {"text": "I love it", "gold_sentiment": "positive", "brand": None, "rating": 1.0},
    {"text": "Best is terrible, I hate it", "gold_sentiment": "negative", "brand": "Best", "rating": 5.0},
    {"text": "It is a table", "gold_sentiment": "neutral", "brand": None, "rating": None},
]


@pytest.mark.parametrize("scorer", ["vader", "hearback"])
def test_a_labelled_file_is_measured_without_its_stars(tmp_path, scorer):
    ended = run("evaluate", str(parquet(tmp_path, SAID)), "--scorer", scorer, "--json")
    told = json.loads(ended.stdout)
    assert (told["texts"], told["labelled"], told["stars"]) == (3, 3, "not used")
    assert (told["auc"], told["negative_recall"], told["negative_precision"]) == (1.0, 1.0, 1.0)
    assert told["confusion"]["negative"] == {"negative": 1, "neutral": 0, "positive": 0}
    assert told["texts_per_second"] > 0
    assert (told["calibration_error"] is None) == (scorer == "vader")


def test_what_a_team_corrected_is_learned_before_it_is_measured(tmp_path):
    rows = [
        {"text": f"that run was {'mid' if number % 2 else 'sick'} {number}", "gold_sentiment": sentiment}
        for number in range(60)
        for sentiment in (["negative"] if number % 2 else ["positive"])
    ]
    file = str(parquet(tmp_path, rows))
    told = json.loads(run("evaluate", file, "--corrections", file, "--json").stdout)
    assert (told["corrections"], told["auc"]) == (60, 1.0)


def test_a_file_that_cannot_be_measured_is_one_sentence(tmp_path):
    (tmp_path / "no.parquet").write_text("no")
    for file in (tmp_path / "none.parquet", tmp_path / "no.parquet", parquet(tmp_path, [{"said": "x"}])):
        ended = run("evaluate", str(file))
        assert (ended.returncode, ended.stdout) == (1, b"")
        assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"text": 1, "gold_sentiment": "negative"}], b'"text"'),
        ([{"text": "x", "title": 1, "gold_sentiment": "negative"}], b'"title"'),
        ([{"text": "bad", "gold_sentiment": None}], b"nothing can be measured"),
        ([{"text": "bad", "gold_sentiment": "sad"}, {"text": "x", "gold_sentiment": "-1"}], b"negative, neutral"),
    ],
)
def test_a_file_whose_columns_hold_something_else_is_one_sentence(tmp_path, rows, says):
    ended = run("evaluate", str(parquet(tmp_path, rows)), "--json")
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr


def test_a_figure_that_a_file_cannot_give_is_null_and_labels_are_known_in_any_case(tmp_path):
    file = parquet(tmp_path, [{"text": "all good", "gold_sentiment": " Positive"}])
    ended = run("evaluate", str(file), "--json")
    told = json.loads(ended.stdout)
    assert b"NaN" not in ended.stdout
    assert (told["labelled"], told["auc"], told["average_precision"], told["macro_f1"]) == (1, None, None, 1.0)


def test_vader_is_not_said_to_have_learned(tmp_path):
    file = str(parquet(tmp_path, SAID))
    ended = run("evaluate", file, "--scorer", "vader", "--corrections", file, "--json")
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"VADER learns nothing" in ended.stderr


@pytest.mark.parametrize("given", [b"nope", b"[]", b'{"lexicon": {}}\n{', b"{}\n3"])
def test_a_correction_that_cannot_be_read_is_named_by_its_line(given):
    ended = run("learn", given=given)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert f"Line {len(given.splitlines())} is no".encode() in ended.stderr


def test_too_few_corrections_are_one_sentence(tmp_path):
    file = str(parquet(tmp_path, SAID))
    assert b"3 corrections are too few" in run("evaluate", file, "--corrections", file).stderr


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": "x"}', b"\x80\x04"])
def test_a_layer_that_is_none_is_one_sentence(tmp_path, content):
    (tmp_path / "layer.json").write_bytes(content)
    ended = run("score", f"--layer={tmp_path / 'layer.json'}", given=b'"x"')
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"holds no layer" in ended.stderr


def test_vader_without_a_brand_gives_vader_s_own_four_figures():
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    texts = [
        "@united is the BEST!!!",
        "not bad, but the food was horrid :(",
        "",
        "😡",
        "x " * 300 + "good",
        "> quoted hate",
    ]
    given = b"".join(json.dumps(text).encode() + b"\n" for text in texts)
    answered = [json.loads(line) for line in run("score", "--scorer", "vader", given=given).stdout.splitlines()]
    theirs = [SentimentIntensityAnalyzer().polarity_scores(text) for text in texts]
    assert [{name: line[name] for name in ("neg", "neu", "pos", "compound")} for line in answered] == theirs


@pytest.mark.parametrize("arguments", [[], ["--scorer", "vader"], ["--scorer", "vader", "--brand", "Acme"]])
def test_a_line_has_what_was_promised(arguments):
    line = json.loads(run("score", *arguments, given=b'"Where is my order? It is still not here."').stdout)
    assert {"compound", "neg", "neu", "pos", "label", "confidence", "needs_reply", "words"} <= line.keys()
    assert sum(line[name] for name in ("neg", "neu", "pos")) == pytest.approx(1, abs=0.001)


def test_the_weights_are_fitted_on_the_open_tier_alone():
    from analysis.training.corpus import OPEN, SOURCES

    assert OPEN.parts[-3:] == ("data", "labelled", "open")
    assert not [source.file for source in SOURCES if "/" in source.file or ".." in source.file]
    source = (ROOT / "analysis/training/fit.py").read_text() + (ROOT / "analysis/training/corpus.py").read_text()
    assert not [word for word in ("unlicensed", "airlines", "complaints_acl") if word in source]
