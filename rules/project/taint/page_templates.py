"""Which templates escape what they are given by themselves."""

from __future__ import annotations

from rules.evaluation.values import Application, Const, External, Item, Member, Value
from rules.project.annotations import external_name
from rules.project.taint.library_calls import LibraryCall, dotted_name

_RENDERS = frozenset({"render", "render_async", "generate", "stream", "render_template", "TemplateResponse"})
_STEPS = 8


def escapes_itself(call: LibraryCall) -> bool:
    """Whether a call renders a template whose engine escapes."""
    if call.method in {"format", "join", "format_map"}:
        return call.receiver is not None and is_markup(call.receiver)
    if call.method not in _RENDERS:
        return False
    engine = engine_of(call.receiver)
    if engine is None:
        return call.library != "mako"
    return does_escape(engine)


def is_markup(value: Value) -> bool:
    """Whether a value is a `Markup`, which escapes what is formatted into it."""
    return isinstance(value, Application) and external_name(value.function) == "Markup"


def engine_of(value: Value | None) -> Application | None:
    """The Jinja environment, `Jinja2Templates` or `Template` that a template comes from."""
    for _ in range(_STEPS):
        match value:
            case Application(function=External()) if external_name(value.function) in {
                "Environment",
                "NativeEnvironment",
                "SandboxedEnvironment",
                "Template",
                "Jinja2Templates",
            }:
                return value
            case Application(function=Member(of=of)) | Member(of=of) | Item(of=of):
                value = of
            case _:
                return None
    return None


def does_escape(engine: Application) -> bool:
    """Whether an engine escapes: `Jinja2Templates` does, an `Environment` or `Template` where told to."""
    name = external_name(engine.function)
    if dotted_name(engine.function).startswith("mako."):
        return "default_filters" in engine.arguments.keywords
    if name == "Jinja2Templates":
        given = engine.arguments.keywords.get("env")
        inner = engine_of(given) if given is not None else None
        switched = engine.attributes.get("autoescape")
        return (inner is None or does_escape(inner)) and not _is_off(switched)
    switched = engine.attributes.get("autoescape") or engine.arguments.keywords.get("autoescape")
    return switched is not None and not _is_off(switched)


def _is_off(value: Value | None) -> bool:
    return isinstance(value, Const) and not value.value
