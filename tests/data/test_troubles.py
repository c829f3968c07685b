"""What a disk refuses is told in a sentence that says what to do."""

from __future__ import annotations

import errno
import os

import pytest

from data import files, troubles


def refused(code, path="/kept/incoming"):
    return OSError(code, os.strerror(code), path)


@pytest.mark.parametrize(
    ("code", "does"),
    [
        (errno.ENOSPC, "Make room on that disk. It is tried again by itself."),
        (errno.EDQUOT, "Make room on that disk."),
        (errno.EACCES, "Give this user the right to read and write it."),
        (errno.EROFS, "Make it writable, or name another folder in HEARBACK_DATA."),
        (errno.EMFILE, "Raise the limit (ulimit -n), or end other programs. It is tried again by itself."),
        (errno.EIO, "Look after that disk. It is tried again by itself."),
        (errno.ESTALE, "It is tried again by itself."),
    ],
)
def test_a_sentence_names_the_file_and_what_to_do(code, does):
    said = troubles.sentence(refused(code))
    assert "/kept/incoming" in said
    assert does in said


def test_what_stands_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "incoming").write_text("")
    with pytest.raises(OSError, match="exists") as refusal:
        files.write(tmp_path / "incoming" / "batch.jsonl", b"")
    said = troubles.sentence(refusal.value)
    assert said.startswith(f"{tmp_path / 'incoming'} is no folder")


def test_what_has_no_file_and_what_has_no_known_cause_is_told_too():
    full = OSError(errno.ENOSPC, "No space left on device")
    assert troubles.sentence(full) == "The disk: No space left on device."
    assert troubles.sentence(refused(errno.EXDEV)) == "/kept/incoming: Invalid cross-device link."
    assert troubles.sentence(OSError("odd")) == "The disk: odd."
    folder = "/kept/incoming is a folder, and a file must be there. Move it away."
    assert troubles.sentence(refused(errno.EISDIR)) == folder


@pytest.mark.parametrize("name", ["EMFILE", "ENFILE", "EIO", "ESTALE", "ENOSPC", "EAGAIN", "EDQUOT", "ENOMEM"])
def test_what_passes_by_itself(name):
    assert troubles.passes(refused(getattr(errno, name)))


@pytest.mark.parametrize("name", ["EACCES", "EPERM", "EISDIR", "ELOOP", "ENXIO", "ENAMETOOLONG"])
def test_what_does_not(name):
    assert not troubles.passes(refused(getattr(errno, name)))
