"""Whether an operation asks for the authentication that is specified."""

from __future__ import annotations

from collections.abc import Iterator

from rules.project.conformance.differences import Difference, Effect
from rules.project.openapi.json_values import is_unknown
from rules.rule import Confidence
from rules.specification.operations import Operation
from rules.specification.values import Json

_BEARERS = frozenset({"oauth2", "openIdConnect", "bearer"})


def security_differences(specified: Operation, implemented: Operation, level: str) -> Iterator[Difference]:
    """`level` is what was found out of the route: `required`, `optional`, `none` or `unknown`."""
    wanted = specified.security
    if wanted is None and _others_require(specified):
        wanted = []
    if wanted is None or level == "unknown":
        return
    is_public = not wanted or any(not requirement for requirement in wanted)
    if is_public and level == "required" and not any(wanted):
        confidence = Confidence.HIGH if specified.says_security else Confidence.MEDIUM
        yield Difference(
            Effect.BREAKS,
            "security",
            "public by the specification, the code asks for credentials",
            confidence,
        )
    elif not is_public and level == "none":
        said = f"{_names(wanted)} is required by the specification, the code lets anyone in"
        yield Difference(Effect.BREAKS, "security", said)
    elif not is_public and level == "required":
        yield from _schemes(specified, implemented, wanted)


def _others_require(operation: Operation) -> bool:
    """Whether the document requires credentials elsewhere, so that silence means that none are required."""
    paths = operation.document.get("paths", {}).values()
    inner = [o for item in paths if isinstance(item, dict) for o in item.values() if isinstance(o, dict)]
    return any(o.get("security") for o in inner)


def _schemes(
    specified: Operation, implemented: Operation, wanted: list[dict[str, list[str]]]
) -> Iterator[Difference]:
    given = implemented.security or []
    left = {_family(specified.document, name) for requirement in wanted for name in requirement}
    right = {_family(implemented.document, name) for requirement in given for name in requirement}
    if left and right and "" not in left | right and not left & right:
        said = f"{_joined(left)} is specified, the code asks for {_joined(right)}"
        yield Difference(Effect.BREAKS, "security", said)
        return
    asked = {scope for requirement in wanted for scopes in requirement.values() for scope in scopes or ()}
    checked = {scope for requirement in given for scopes in requirement.values() for scope in scopes or ()}
    if asked - checked and checked:
        said = f"scope {_joined(asked - checked)} is specified, the code does not ask for it"
        yield Difference(Effect.BREAKS, "security", said, Confidence.MEDIUM)


def _family(document: Json, name: str) -> str:
    """How a client shows its credentials; empty where that is not known."""
    components = document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    scheme = schemes.get(name) if isinstance(schemes, dict) else None
    if not isinstance(scheme, dict) or is_unknown(scheme):
        return ""
    kind = (
        str(scheme.get("scheme", "")).lower() if scheme.get("type") == "http" else str(scheme.get("type", ""))
    )
    if kind in _BEARERS:
        return "a bearer token"
    if kind == "apiKey":
        return f"an API key in {scheme.get('in')} `{str(scheme.get('name', '')).lower()}`"
    return f"{kind} authentication" if kind else ""


def _names(wanted: list[dict[str, list[str]]]) -> str:
    return " or ".join(f"`{name}`" for requirement in wanted for name in requirement)


def _joined(found: set[str]) -> str:
    return ", ".join(sorted(found))
