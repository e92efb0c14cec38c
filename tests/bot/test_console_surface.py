from __future__ import annotations

from bot.console.surface import differing_fields, surface_change
from rules.inventory import RouteInventory, RouteRecord


def route(path: str, *methods: str, auth: str = "required", line: int = 1, name: str = "read") -> RouteRecord:
    return RouteRecord(
        app="app.main:app",
        methods=methods or ("GET",),
        path=path,
        name=name,
        handler=f"app.items.{name}",
        file="app/items.py",
        line=line,
        status_code=None,
        response_model=None,
        include_in_schema=True,
        dependencies=(),
        security_schemes=(),
        auth=auth,
        privileged=False,
        scope="unknown",
        conditions=(),
        resolved=True,
    )


def inventory(*routes: RouteRecord) -> RouteInventory:
    return RouteInventory(routes=routes)


def test_moved_code_is_no_change() -> None:
    change = surface_change(inventory(route("/a", line=1)), inventory(route("/a", line=9)))
    assert (change.added, change.removed, change.changed) == ((), (), ())


def test_added_removed_and_changed() -> None:
    before = inventory(route("/gone"), route("/a"), route("/same"))
    after = inventory(route("/a", auth="none"), route("/same"), route("/new"))
    change = surface_change(before, after)
    assert [added.path for added in change.added] == ["/new"]
    assert [removed.path for removed in change.removed] == ["/gone"]
    assert [(pair.before.auth, pair.after.auth) for pair in change.changed] == [("required", "none")]
    assert differing_fields(change.changed[0]) == ("auth",)


def test_a_method_added_to_a_route_is_an_added_operation() -> None:
    change = surface_change(inventory(route("/a", "GET")), inventory(route("/a", "GET", "POST")))
    assert [added.methods for added in change.added] == [("GET", "POST")]
    assert not change.changed


def test_of_two_with_one_path_the_first_counts() -> None:
    before = inventory(route("/a", auth="required"), route("/a", auth="none", line=5))
    after = inventory(route("/a", auth="none", line=5))
    change = surface_change(before, after)
    assert [pair.before.auth for pair in change.changed] == ["required"]
