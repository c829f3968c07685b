"""What docs/serving holds is right: the unit, the image's file and the proxies' settings, as far as no engine runs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.laws.code import ROOT
from tests.test_documents import tracked

SERVING = ROOT / "docs/serving"
UNIT = SERVING / "hearback.service"
DOCKERFILE = SERVING / "Dockerfile"
MOST_EXPOSED = 30  # of systemd's own measure from 0 to 100, as `systemd-analyze security` has it
TOOLS_BEGIN = "# The tests and the tools"


def analyzed(*arguments: str) -> str:
    """What systemd-analyze says of the unit, or of its copy; empty when it finds nothing wrong."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs systemd-analyze: apt-get install systemd")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=60)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "hearback" in line]
    return "\n".join(said) if done.returncode else ""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit for this folder, which need not lie in /opt."""
    there = tmp_path / "hearback.service"
    there.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/hearback", str(ROOT)))
    return there


def test_systemd_finds_nothing_wrong_with_the_unit(unit):
    assert analyzed("verify", "--man=no", str(unit)) == ""


def test_systemd_finds_a_slip(unit):
    """The check above is one."""
    unit.write_text(unit.read_text().replace("ExecStart=", "ExecStart=relative/"))
    assert "relative/" in analyzed("verify", "--man=no", str(unit))


def test_the_unit_gives_the_app_few_rights(unit):
    assert analyzed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit)) == ""


def test_the_unit_waits_longer_for_the_end_than_the_app_takes():
    """Each of its threads has ten seconds, its listeners five."""
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(), re.M)
    threads = len(re.findall(r'Loop\(\s*"', (ROOT / "dashboard/runtime.py").read_text(encoding="utf-8")))
    assert int(seconds) >= 10 * threads + 5


def test_a_linter_finds_nothing_wrong_with_the_image():
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if program is None:
        pytest.skip("needs hadolint, which make sets up")
    done = subprocess.run([program, str(DOCKERFILE)], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def instructions() -> list[tuple[str, str]]:
    """The image's file as instructions with their arguments, on one line each."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line.strip()]


def arguments(name: str) -> list[str]:
    return [given for instruction, given in instructions() if instruction == name]


def test_the_image_ends_as_a_user_without_rights_and_knows_no_secret():
    assert f"--uid {arguments('USER')[-1]} " in " ".join(arguments("RUN"))
    last = [name for name, _ in instructions()]
    assert "RUN" not in last[last.index("USER") :]
    named = dict(one.partition("=")[::2] for given in arguments("ENV") for one in shlex.split(given))
    assert not [name for name in named if re.search(r"TOKEN|SECRET|PASSWORD|KEY", name)]
    assert named["HEARBACK_DATA"] in arguments("VOLUME")
    assert "/healthz" in arguments("HEALTHCHECK")[0]


def test_the_image_takes_only_what_is_in_the_repository():
    for given in arguments("COPY"):
        *taken, _ = given.split()
        if not given.startswith("--from"):
            for path in taken:
                assert any(name == path or name.startswith(f"{path}/") for name in tracked()), path
                assert path not in (".", ".streamlit")  # secrets lie there


def test_what_is_taken_out_of_the_image_is_not_needed_by_what_stays():
    product, _, tools = (ROOT / "requirements.txt").read_text(encoding="utf-8").partition(TOOLS_BEGIN)
    assert f"/^{TOOLS_BEGIN}/" in DOCKERFILE.read_text(encoding="utf-8")
    needed = closure({normal(name) for name in pinned(product)})
    assert "starlette" in needed
    taken_out = {normal(name) for name in pinned(tools)}
    assert "pytest" in taken_out
    assert not taken_out & needed


def pinned(text: str) -> list[str]:
    return re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", text, re.M)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: set[str]) -> set[str]:
    """These distributions and all that they require here; what is not installed requires nothing."""
    found: set[str] = set()
    while names - found:
        name = (names - found).pop()
        found.add(name)
        try:
            required = [Requirement(one) for one in requires(name) or ()]
        except PackageNotFoundError:
            continue
        names |= {normal(one.name) for one in required if one.marker is None or one.marker.evaluate({"extra": ""})}
    return found


def test_the_proxies_let_through_as_much_as_an_upload_may_be():
    """A file of the largest size, and the form around it."""
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    limit = settings["server"]["maxUploadSize"] + 1
    assert f"client_max_body_size {limit}m;" in (SERVING / "nginx.conf").read_text(encoding="utf-8")
    assert f"max_size {limit}MiB" in (SERVING / "Caddyfile").read_text(encoding="utf-8")
