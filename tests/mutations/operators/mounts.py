"""Moves routes to where the dependencies of their application or router do not reach."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.dependencies import removed_list, removed_parameter
from tests.mutations.operators.syntax import Function, added_import, is_route, without_statement

MOVED = "/moved"


def mounted_router(application: SoundApplication) -> Iterator[Mutant]:
    """A router in a mounted application of its own instead of included."""
    main = _main(application)
    for statement in main.tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="include_router")) as call):
                router = main.segment(call.args[0])
                text = f"detached = FastAPI()\ndetached.include_router({router})\n"
                prefix = next((k.value.value for k in call.keywords if _is_prefix(k)), "")  # type: ignore[attr-defined]
                yield _mutant(
                    application,
                    main,
                    statement.lineno,
                    "",
                    (without_statement(main, statement), _at_end(main, f"\n{text}{_mount('detached')}")),
                    prefix,
                )


def mounted_route(application: SoundApplication) -> Iterator[Mutant]:
    """One route on a mounted application instead of its router."""
    if not any("(dependencies=[" in s.text or ", dependencies=[" in s.text for s in application.sources):
        return
    for source in application.sources:
        for name, function in source.functions():
            moved = _moved(application, source, function)
            if moved is not None:
                yield _mutant(application, source, function.lineno, name, *moved)


def central_protection(application: SoundApplication) -> Iterator[Mutant]:
    """Authentication by the application's own dependencies alone, and the route below a mount beside it."""
    main = _main(application)
    protection = () if _app_protects(application) else _protected(application, main)
    for removed in (*removed_parameter(application), *removed_list(application)):
        source = next(s for s in application.sources if s.path == removed.path)
        function = dict(source.functions()).get(removed.function)
        moved = None if function is None else _moved(application, source, function)
        if moved is not None and protection is not None:
            edits, prefix = moved
            yield Mutant(
                application=application.name,
                operator="protect the application, mount the route beside it",
                path=main.path,
                function="",
                line=removed.line,
                edits=(*removed.edits, *edits, *protection),
                rules=("BA301",),
                speaks="BA304",
                moved=(prefix, MOVED),
            )


def _protected(application: SoundApplication, main: Source) -> tuple[Edit, ...] | None:
    """The edits that give the application the dependency by which its routes authenticate."""
    guard = min(application.description.authenticators)
    home = next(s for s in application.sources if any(name == guard for name, _ in s.functions()))
    for node in ast.walk(main.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FastAPI":
            end = main.span(node)[1] - 1
            lead = ", " if node.keywords or node.args else ""
            imports = f"from fastapi import Depends\nfrom {_module(application, home)} import {guard}"
            keyword: Edit = (main.path, end, end, f"{lead}dependencies=[Depends({guard})]")
            return keyword, added_import(main, imports)
    return None


def _module(application: SoundApplication, source: Source) -> str:
    return source.path.removesuffix(".py").replace("/", ".").removeprefix(f"{_root(application)}.")


def _moved(
    application: SoundApplication, source: Source, function: Function
) -> tuple[tuple[Edit, ...], str] | None:
    """The edits that serve the route from a mounted application, and the prefix that its path had."""
    main = _main(application)
    if source is main or not is_route(function):
        return None
    decorator = function.decorator_list[0]
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
        return None
    router = source.segment(decorator.func.value)
    start, end = source.span(decorator.func.value)
    made = _made(source, router)
    if made is None:
        return None
    edits = (
        added_import(source, "from fastapi import FastAPI"),
        (source.path, *made, source.text[made[0] : made[1]] + "\ndetached = FastAPI()"),
        (source.path, start, end, "detached"),
        _at_end(main, f"\nfrom {_module(application, source)} import detached\n\n{_mount('detached')}"),
    )
    return edits, application.description.prefix + _prefix(source, router)


def _mutant(
    application: SoundApplication, source: Source, line: int, name: str, edits: tuple[Edit, ...], prefix: str
) -> Mutant:
    protects = _app_protects(application)
    return Mutant(
        application=application.name,
        operator="move a route to an unprotected mount",
        path=_main(application).path if protects else source.path,
        function="" if protects else name,
        line=line,
        edits=edits,
        rules=("BA301",),
        speaks="BA304" if protects else "BA301",
        moved=(prefix, MOVED),
    )


def _app_protects(application: SoundApplication) -> bool:
    """Whether the application itself has dependencies, which a mounted one does not inherit."""
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "FastAPI"
        and any(keyword.arg == "dependencies" for keyword in node.keywords)
        for node in ast.walk(_main(application).tree)
    )


def _main(application: SoundApplication) -> Source:
    module = application.description.application.split(":")[0].replace(".", "/") + ".py"
    return next(source for source in application.sources if source.path.endswith(module))


def _root(application: SoundApplication) -> str:
    return application.description.root.replace("/", ".")


def _mount(name: str) -> str:
    return f'app.mount("{MOVED}", {name})\n'


def _at_end(source: Source, text: str) -> Edit:
    return source.path, len(source.text), len(source.text), text


def _is_prefix(keyword: ast.keyword) -> bool:
    return keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant)


def _made(source: Source, router: str) -> tuple[int, int] | None:
    """Where the module makes its router."""
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if name == router:
                return source.span(statement)
    return None


def _prefix(source: Source, router: str) -> str:
    for statement in source.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(keywords=keywords)) if name == router:
                return next((str(k.value.value) for k in keywords if _is_prefix(k)), "")  # type: ignore[attr-defined]
    return ""
