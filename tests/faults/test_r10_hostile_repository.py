"""A repository full of tricks, with a canary outside of the data folder."""

from __future__ import annotations

from pathlib import Path

from tests.faults.crowd import prepared
from tests.faults.existing import prove
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.hostile_repository import CANARY, base, hostile
from tests.faults.shown import in_redis, on_disk, on_github, watched
from tests.service.running import Service

NUMBER = "R10"
CRITERION = (
    "links, submodules, filters, LFS, names like options, 100 000 files, a file of 200 MB: nothing read or "
    "written outside the data folder, no program but git, limits kept"
)
FILES = size(short=2_000, long=100_000)
MEGABYTES = size(short=8, long=200)


def foreign(commands: set[tuple[str, ...]]) -> set[str]:
    """What ran beside the service's own Python processes, Redis, and git with its helpers."""
    names = {Path(command[0].split()[0]).name for command in commands if command and command[0]}
    return {name for name in names if not name.startswith(("python", "git", "redis-server"))}


def test_tricks(service: Service, figures: Figures, tmp_path: Path) -> None:
    canary = tmp_path / "outside"
    canary.mkdir()
    (canary / "secret.py").write_text(f"SECRET = '{CANARY}'\n")
    place = prepared(service)
    with service.github.state.lock:
        base(place.repository.folder, files=FILES, megabytes=MEGABYTES)
        hostile(place.repository.folder, canary)
    with watched(service) as commands:
        subject = place.opened("hostile")
        (run,) = subject.reviewed()
    figures.count("files", FILES)
    figures.count("commands seen", len(commands))
    figures.count("other programs", len(foreign(commands)))
    shown = on_github(service) + service.log.read_text() + in_redis(service)
    kept = [path for path, content in on_disk(service) if CANARY.encode() in content]
    figures.count("canary read", shown.count(CANARY) + len(kept))
    figures.count("canary written", len(list(canary.iterdir())) - 1)
    assert foreign(commands) == set()
    assert (CANARY in shown, kept) == (False, [])
    assert [each.name for each in canary.iterdir()] == ["secret.py"]
    assert run.conclusion == "failure"
    assert "app/huge.py" in (run.summary or "")
    assert any("BA204" in each.body for each in subject.comments())


def test_what_stands_elsewhere(figures: Figures) -> None:
    assert (
        prove(
            figures,
            "tests/bot/test_repository.py::test_links_and_submodules_are_left_out",
            "tests/bot/test_repository.py::test_a_malformed_commit_is_refused_by_name",
            "tests/bot/test_repository.py::test_a_large_file_is_named_and_the_others_are_read",
            "tests/bot/test_repository.py::test_names_that_look_like_options_or_patterns_are_names",
            "tests/bot/test_repository.py::test_git_reads_no_configuration_but_ours_and_shows_no_token",
        )
        == []
    )
