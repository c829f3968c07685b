"""The language model laid out says what the packed one says, and whatever is wrong with it, languages are told."""

import subprocess
import sys

import pytest

from analysis.text import language_model
from data.settings import ROOT

TEXTS = [
    "gracias por todo, muy buen servicio", "danke für nichts, nie wieder", "très mauvais service client",
    "ótimo aplicativo gostei muito", "ужасное обслуживание", "خدمة سيئة جدا", "the app is broken again", "ok", "",
    "xqzt", "nie mogę się zalogować", "app bagus sekali tapi lambat", "uygulama çok yavaş", "aplikasi ini teruk",
]  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    return language_model.identifier(tmp_path_factory.mktemp("nothing here"))


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    return language_model.unpack(tmp_path_factory.mktemp("share"))


def test_both_say_the_same_to_the_last_digit(packed, laid_out):
    unpacked = language_model.identifier(laid_out.parent)
    assert isinstance(unpacked.tk_nextmove, memoryview), "it was not read from the files"
    assert [unpacked.classify(text) for text in TEXTS] == [packed.classify(text) for text in TEXTS]


@pytest.mark.parametrize("part", ["moves.npy", "weights.npy", "codes.npy"])
@pytest.mark.parametrize("harm", ["gone", "cut", "empty", "foreign"])
def test_a_broken_part_is_made_anew_and_does_not_stop_anybody_meanwhile(laid_out, part, harm):
    file = laid_out / part
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": whole[: len(whole) // 2], "empty": b"", "foreign": b"not numbers at all"}[harm])
    assert language_model.identifier(laid_out.parent).classify(TEXTS[0])[0] == "es"
    assert language_model.unpack(laid_out.parent) == laid_out
    assert file.read_bytes() == whole


def test_what_another_version_left_goes(tmp_path):
    old = tmp_path / "share" / "py3langid-0.0.1"
    old.mkdir(parents=True)
    new = language_model.unpack(old.parent)
    assert [path.name for path in old.parent.iterdir()] == [new.name]


def test_the_command_lays_it_out_in_the_environment_that_runs_it():
    done = subprocess.run([sys.executable, "-m", "analysis", "unpack"], check=False, cwd=ROOT)
    assert done.returncode == 0
    assert isinstance(language_model.identifier().tk_nextmove, memoryview)


def test_where_nothing_can_be_written_the_command_says_so(tmp_path):
    (tmp_path / "share").write_text("a file, no folder")
    elsewhere = (
        f"import sys; sys.prefix = {str(tmp_path)!r}\nfrom analysis.__main__ import main\nsys.exit(main(['unpack']))"
    )
    done = subprocess.run([sys.executable, "-c", elsewhere], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("The language model could not be laid out in ")
    assert "works without it" in done.stderr
