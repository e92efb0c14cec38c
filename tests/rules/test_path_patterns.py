"""Which template covers which, against the expressions that Starlette itself compiles."""

from __future__ import annotations

import itertools

from starlette.routing import compile_path

from rules.project.routing.path_patterns import PathTree

TEMPLATES = (
    "/", "/users", "/users/", "/users/me", "/users/{id}", "/users/{id:int}", "/users/{id:float}",
    "/users/{id:uuid}", "/users/{name}.json", "/users/a.json", "/users/{id}/posts", "/users/me/posts",
    "/{rest:path}", "/users/{rest:path}", "/users/12",
)  # fmt: skip
SAMPLES = (
    "me", "12", "13", "1.5", "a.json", "b.json", "c0ffee00-0000-4000-8000-000000000000", "", "me/posts",
    "12/posts/3", "12/posts", "x",
)  # fmt: skip
PATHS = ("/", "/users", *(f"/users/{s}" for s in SAMPLES), *(f"/{s}" for s in SAMPLES))


def covers(earlier: str, later: str) -> bool:
    tree: PathTree[str] = PathTree()
    tree.add(earlier, earlier)
    return bool(list(tree.covering(later)))


def test_a_covering_template_matches_all_that_the_covered_one_matches() -> None:
    wrong = []
    for earlier, later in itertools.product(TEMPLATES, repeat=2):
        wide, narrow = compile_path(earlier)[0], compile_path(later)[0]
        matches_all = all(wide.match(path) for path in PATHS if narrow.match(path))
        if covers(earlier, later) is not matches_all:
            wrong.append((earlier, later, covers(earlier, later)))
    assert wrong == []
