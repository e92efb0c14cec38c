"""The benchmark's own reckoning: figures from runs, the chart, the page, the measurement of a process."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from benchmarks import peers, project
from benchmarks.chart import chart, kind
from benchmarks.contestants import REFERENCE, Contestant, unfinished
from benchmarks.measurement import Command, Run, measure
from benchmarks.page import page
from benchmarks.report import COLD, GROWTH, RESIDENT, Machine, Report, Size, growth, targets
from benchmarks.rounds import Figure, figure, measured

SVG = "{http://www.w3.org/2000/svg}"
MACHINE = Machine(processor="a | b", cores=2, system="Linux 6.1", python="3.11.7", load=0.5)


def run(cpu: float, peak: float = 10, failure: str | None = None) -> Run:
    return Run(cpu=cpu, wall=2 * cpu, peak=peak, failure=failure)


def contestant(name: str, runs: Mapping[int, Run] | None = None, rounds: int = 3) -> Contestant:
    return Contestant(name=name, run=lambda number: (runs or {})[number], rounds=rounds)


def a_figure(name: str, cpu: float, *, ratio: float | None = None, failure: str | None = None) -> Figure:
    return Figure(
        name=name,
        rounds=3,
        cpu=cpu,
        lowest=cpu,
        highest=cpu,
        wall=cpu,
        peak=100,
        ratio=ratio,
        failure=failure,
    )


def a_report(figures: Sequence[Figure], scaling: Sequence[Figure] = ()) -> Report:
    return Report(
        date="2026-01-02",
        machine=MACHINE,
        versions={"ruff": "1.2.3"},
        project="a-project==1.0",
        sizes={"project": Size(files=10, lines=100), GROWTH: Size(files=5, lines=50)},
        figures=list(figures),
        scaling=list(scaling),
    )


def test_a_ratio_is_the_median_of_the_ratios_within_the_rounds() -> None:
    rounds = [
        {"x": run(1), REFERENCE: run(2)},
        {"x": run(9), REFERENCE: run(10)},
        {"x": run(2), REFERENCE: run(20)},
    ]
    found = figure(contestant("x"), rounds)
    assert (found.cpu, found.lowest, found.highest, found.ratio) == (2, 1, 9, 0.5)


def test_who_takes_part_in_fewer_rounds_is_divided_by_those_rounds_alone() -> None:
    reference = {1: run(10), 2: run(100), 3: run(100)}
    seen = measured([contestant(REFERENCE, reference), contestant("slow", {1: run(30)}, rounds=1)])
    assert [(found.name, found.rounds, found.ratio) for found in seen] == [
        (REFERENCE, 3, 1.0),
        ("slow", 1, 3.0),
    ]


def test_rounds_go_back_and_forth() -> None:
    order: list[str] = []

    def noted(name: str) -> Contestant:
        def noting(number: int) -> Run:
            order.append(f"{name}{number}")
            return run(1)

        return Contestant(name=name, run=noting, rounds=2)

    measured([noted("a"), noted("b")])
    assert order == ["a1", "b1", "b2", "a2"]


def test_one_run_that_does_not_count_spoils_the_figure_and_its_target() -> None:
    rounds = [{COLD: run(1), REFERENCE: run(8)}, {COLD: run(1, failure="gave up"), REFERENCE: run(8)}]
    found = figure(contestant(COLD), rounds)
    assert found.failure == "gave up"
    cold = targets(a_report([found]))[0]
    assert (cold.reached, cold.met) == (None, False)


def test_a_target_is_met_up_to_its_limit() -> None:
    report = a_report([a_figure(COLD, 2, ratio=0.25), a_figure(RESIDENT, 0.21)])
    assert [(target.reached, target.met) for target in targets(report)][::2] == [
        (0.25, True),
        (0.21, False),
        (None, False),
    ]


def test_growth_compares_the_cost_of_one_copy() -> None:
    linear = [a_figure("1×", 2), a_figure("4×", 8), a_figure("16×", 32)]
    assert growth(linear) == pytest.approx(1)
    assert growth([*linear[:2], a_figure("16×", 64)]) == pytest.approx(2)
    assert growth([*linear[:2], a_figure("16×", 32, failure="gave up")]) is None
    assert growth(linear[:1]) is None


def test_the_chart_is_well_formed_and_shows_everybody_that_counts() -> None:
    names = [COLD, "ast.parse", "a <b> & c", "broken"]
    figures = [a_figure(name, 0.01 * 10**power) for power, name in enumerate(names[:3])]
    picture = Xml.fromstring(chart([*figures, a_figure("broken", 5, failure="x")], {COLD: 2}, "a & b"))
    assert picture.tag == f"{SVG}svg"
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert [name in texts for name in names] == [True, True, True, False]
    legend = 3
    dots = [float(dot.attrib["cx"]) for dot in picture.iter(f"{SVG}circle")][legend:]
    assert dots == sorted(dots)
    assert dots[1] - dots[0] == pytest.approx(dots[2] - dots[1], abs=0.2)
    assert 0 < dots[0] < dots[-1] < float(picture.attrib["width"])


def test_a_chart_without_figures_is_a_picture_too() -> None:
    assert Xml.fromstring(chart([], {COLD: 2}, "nothing")).tag == f"{SVG}svg"


def test_ours_parsers_and_peers_are_told_apart() -> None:
    assert [kind(name) for name in (COLD, REFERENCE, "ast.parse", "bandit")] == [
        "ours",
        "parser",
        "parser",
        "peer",
    ]


def test_the_page_names_versions_targets_and_what_does_not_count() -> None:
    failed = a_figure(COLD, 60, failure="all: the review\ntook longer than 60 s")
    text = page(
        a_report([failed, a_figure("bandit", 11.5, ratio=1.25)], [a_figure("1×", 2), a_figure("4×", 8)])
    )
    assert "ruff 1.2.3" in text
    assert f"- {COLD}: all: the review took longer than 60 s" in text
    assert "| bandit | 11.50 | 11.50-11.50 | 11.50 | 100 | 1.250 | 3 |" in text
    assert "costs 1.00 times" in text
    rows = [line for line in text.splitlines() if line.startswith("| cold, against")]
    assert rows == ["| cold, against libcst.parse_module | 0.25 × CPU | none that counts | **no** |"]


def test_a_process_is_measured_with_its_children(tmp_path: Path) -> None:
    busy = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('done')"
    found = measure(Command(arguments=[sys.executable, "-c", program], folder=tmp_path), tmp_path / "output")
    assert found.failure is None
    assert found.cpu >= 0.2
    assert (tmp_path / "output").read_text() == "done\n"


def test_a_process_that_fails_does_not_count(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "import sys; sys.exit('broken: no such thing')"]
    command = Command(arguments=program, folder=tmp_path, accepted=frozenset({0}))
    found = measure(command, tmp_path / "output")
    assert found.failure == "exit code 1: broken: no such thing"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ('{"coverage": {"files_analysed": 3, "routes": 2, "rules_crashed": []}}', None),
        ('{"coverage": {"files_analysed": 3, "routes": 0, "rules_crashed": []}}', "nothing was found"),
        (
            '{"coverage": {"rules_crashed": [{"rule": "all", "reason": "late"}]}}',
            "all: late",
        ),
        ("", "no verdict was written"),
    ],
)
def test_a_review_counts_when_it_came_through(tmp_path: Path, document: str, reason: str | None) -> None:
    output = tmp_path / "check.json"
    output.write_text(document)
    assert unfinished(output) == reason


def test_no_two_files_of_the_copies_are_alike() -> None:
    files = {"a.py": b"x = 1\n", "b/c.py": b"y = 2\n"}
    copied = project.copies(files, 4)
    assert len(copied) == len(set(copied.values())) == 8
    assert project.copies(files, 1) == files


def test_so_many_lines_begin_with_what_makes_the_application() -> None:
    files = dict.fromkeys(("langflow/z/a.py", "langflow/api/x.py", "langflow/main.py"), b"\n" * 10)
    assert list(project.of_lines(files, 25)) == ["langflow/api/x.py", "langflow/main.py"]


def test_everything_downloaded_is_pinned_with_its_hash() -> None:
    for lock in (peers.LOCK, project.LOCK):
        requirements = re.split(r"(?<!\\)\n", lock.read_text().strip())
        assert all(re.match(r"[a-z0-9.-]+==\S+", each) and "--hash=sha256:" in each for each in requirements)
    assert set(peers.versions()) == set(peers.NAMES)
