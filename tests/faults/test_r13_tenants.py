"""Two installations with the same names, numbers and commits."""

from __future__ import annotations

from tests.faults.existing import prove
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.service.running import Service
from tests.service.subject import FAULTY, MENDED, opened

NUMBER = "R13"
CRITERION = (
    "two installations, the same repository names and numbers: no effect on each other, every request with "
    "its own installation's token"
)
PAIRS = size(short=1, long=5)


def test_twins(service: Service, figures: Figures) -> None:
    for number in range(PAIRS):
        one = opened(service, FAULTY, full_name=f"acme/twin-{number}")
        other = opened(service, MENDED, full_name=f"globex/twin-{number}")
        assert one.pull.number == other.pull.number
        assert one.reviewed()[0].conclusion == "failure"
        assert other.reviewed()[0].conclusion == "success"
        other.push(FAULTY)
        other.reviewed()
        assert (len(one.comments()), len(other.comments())) == (1, 1)
        assert len(one.all_runs()) == 1
        for subject in (one, other):
            entries = service.github.log.entries(path=f"{subject.path}/")
            figures.count("requests", len(entries))
            wrong = [entry for entry in entries if entry.installation != subject.installation.id]
            figures.count("with another's token", len(wrong))
            assert wrong == []


def test_confused_deputies(figures: Figures) -> None:
    assert (
        prove(
            figures,
            "tests/bot/test_isolation.py::test_no_token_reaches_over_to_another_installation",
            "tests/bot/test_isolation.py::test_a_token_of_one_repository_does_not_read_another",
            "tests/bot/test_isolation.py::test_tokens_are_kept_apart_by_installation_repository_and_permissions",
            "tests/bot/test_isolation.py::test_every_key_of_the_ledger_names_its_installation",
            "tests/bot/test_isolation.py::test_mirrors_are_kept_apart_by_repository_id",
            "tests/bot/test_isolation.py::test_what_is_remembered_of_a_file_is_of_its_content_and_not_of_its_name",
            "tests/bot/test_isolation.py::test_healing_asks_about_an_installation_with_its_own_token_alone",
            "tests/bot/test_isolation.py::test_a_log_line_names_the_item_that_it_is_about",
        )
        == []
    )
