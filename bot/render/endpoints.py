"""The second section's facts: how well the endpoints are described, and a table of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.headline import counted
from bot.render.markdown import clip, code, folded, plain, row
from bot.render.place import CodePage
from rules import Endpoint

_OPEN = frozenset({"none", "unknown"})
_HEADER = (
    "Endpoint",
    "Authentication",
    "Scope",
    "Takes",
    "Gives",
    "Status",
    "Documentation",
    "Findings",
    "At",
)


def endpoint_facts(endpoints: Sequence[Endpoint]) -> list[str]:
    """Endpoints in numbers: documentation, response models, errors that nothing declares."""
    if not endpoints:
        return []
    described = Counter(endpoint.documentation for endpoint in endpoints)
    words = f"{described['described']} described, {described['undescribed']} without a description"
    hidden = f", {described['hidden']} not in the API description" if described["hidden"] else ""
    silent = sum(bool(endpoint.undeclared_statuses) for endpoint in endpoints)
    faulty = sum(bool(endpoint.findings) for endpoint in endpoints)
    errors = f"{silent} can answer errors that the API description does not declare"
    return [f"{counted(len(endpoints), 'endpoint')}: {words}{hidden}; {errors}; {faulty} with findings."]


def endpoint_table(endpoints: Sequence[Endpoint], page: CodePage, cap: int) -> list[str]:
    """Endpoint by endpoint: those with findings first, then those that anybody may call."""
    if not endpoints or not cap:
        return []
    ordered = sorted(endpoints, key=_weight)
    lines = [row(*_HEADER), row(*["---"] * len(_HEADER))]
    lines += [_endpoint(endpoint, page) for endpoint in ordered[:cap]]
    more = len(endpoints) - cap
    closing = f"\n\n… and {more} more endpoints." if more > 0 else ""
    return [folded("Endpoint by endpoint", "\n".join(lines) + closing)]


def _weight(endpoint: Endpoint) -> tuple[int, bool, str, str]:
    worst = max((finding.severity.rank for finding in endpoint.findings), default=-1)
    operation = endpoint.operation
    return (-worst, operation.auth not in _OPEN, operation.path, operation.method)


def _endpoint(endpoint: Endpoint, page: CodePage) -> str:
    operation = endpoint.operation
    undeclared = ", ".join(map(str, endpoint.undeclared_statuses[:6]))
    return row(
        code(clip(operation.title, 160)),
        f"{operation.auth}, privileged" if operation.privileged else operation.auth,
        operation.scope,
        code(clip(operation.request_model, 60)) if operation.request_model else "",
        code(clip(operation.response_model, 60)) if operation.response_model else "",
        plain(", ".join(operation.statuses[:6])) + (f" and undeclared {undeclared}" if undeclared else ""),
        endpoint.documentation,
        ", ".join(dict.fromkeys(finding.rule for finding in endpoint.findings[:8])),
        page.lines(operation.file, operation.line),
    )
