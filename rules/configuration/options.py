"""Every key of a repository's configuration: names, types, meanings and defaults, defined once."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec
from msgspec import Meta

from rules.rule import Confidence, Severity


class OnIncomplete(enum.StrEnum):
    """What the gate says when not everything could be analysed."""

    FAIL = "fail"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105  the gate passes


class AuthMode(enum.StrEnum):
    """Who authenticates requests: the application, a gateway in front of it, or its own middleware."""

    APP = "app"
    GATEWAY = "gateway"
    MIDDLEWARE = "middleware"


class _Section(
    msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True, omit_defaults=True
):
    """How every table of the configuration is spelled: kebab-case keys, unknown ones refused."""


ApplicationName = Annotated[str, Meta(pattern=r"^[\w.]+:[\w.]+(\(\))?$")]


class Application(_Section, frozen=True):
    """One FastAPI application of the repository."""

    root: Annotated[
        str, Meta(description="Folder that is on the import path, from the repository's root.", min_length=1)
    ] = "."
    app: Annotated[
        ApplicationName | None, Meta(description="The application object or factory as `module:name`.")
    ] = None


class Auth(_Section, frozen=True):
    """How requests are authenticated where that cannot be computed."""

    mode: Annotated[
        AuthMode,
        Meta(
            description="Who authenticates: the `app`'s dependencies, a `gateway` in front, or `middleware`."
        ),
    ] = AuthMode.APP
    authenticating: Annotated[
        tuple[str, ...],
        Meta(description="Further dependencies that refuse anonymous requests, by qualified name."),
    ] = ()
    optional: Annotated[
        tuple[str, ...], Meta(description="Dependencies that accept anonymous requests, by qualified name.")
    ] = ()
    admin: Annotated[
        tuple[str, ...], Meta(description="Dependencies that demand a privileged user, by qualified name.")
    ] = ()


class Layer(_Section, frozen=True):
    """One layer of the architecture."""

    name: Annotated[str, Meta(description="The layer's name.", min_length=1)]
    paths: Annotated[
        tuple[str, ...], Meta(description="Path patterns (gitignore style) of its files.", min_length=1)
    ]


Selector = Annotated[
    str, Meta(description="A code (`BA305`), the beginning of codes (`BA3`) or a rule's name.", min_length=1)
]
Endpoint = Annotated[
    str,
    Meta(
        description="`METHOD /path`, `METHOD|METHOD /path` or `/path`; `*` stays in a segment, `**` crosses.",
        pattern=r"^(?:(?:\*|[A-Z]+(?:\|[A-Z]+)*) )?/\S*$",
    ),
]
OwnerColumn = Annotated[
    str, Meta(description="`column` or `table.column`.", pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$")
]
FilePath = Annotated[str, Meta(description="A path from the repository's root.", min_length=1)]
BaselinePath = Annotated[
    str, Meta(description="A path from the repository's root.", pattern=r"^(?:.*/)?[^/]*baseline[^/]*\.json$")
]


class Options(_Section, frozen=True):
    """A repository's configuration; `Options()` is the default for each key."""

    include: Annotated[
        tuple[str, ...],
        Meta(
            description="Path patterns (gitignore style) of the files to judge. Empty: all Python files.",
            examples=[["backend/"]],
        ),
    ] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description=(
                "Path patterns (gitignore style) that are read for facts and not judged, after the built-in "
                "ones for tests and examples; `!pattern` judges them again."
            ),
            examples=[["scripts/", "!tests/api/"]],
        ),
    ] = ()
    applications: Annotated[
        tuple[Application, ...],
        Meta(
            description="Applications, where they cannot be found.",
            examples=[[{"root": "backend", "app": "app.main:app"}]],
        ),
    ] = ()
    select: Annotated[
        tuple[Selector, ...],
        Meta(
            description="Rules to run. Empty: all but those that are off by default.",
            examples=[["BA1", "BA305"]],
        ),
    ] = ()
    ignore: Annotated[
        tuple[Selector, ...],
        Meta(
            description="Rules not to run. The more exact of `select` and `ignore` wins.",
            examples=[["BA206"]],
        ),
    ] = ()
    severity: Annotated[
        dict[Selector, Severity],
        Meta(description="Severities that replace the rules' own.", examples=[{"BA207": "high"}]),
    ] = {}
    fail_on: Annotated[
        Severity, Meta(description="The lowest severity of an introduced finding that fails the gate.")
    ] = Severity.HIGH
    fail_confidence: Annotated[
        Confidence, Meta(description="The lowest confidence of an introduced finding that fails the gate.")
    ] = Confidence.HIGH
    on_incomplete: Annotated[
        OnIncomplete | None,
        Meta(
            description=(
                "The gate when not everything could be analysed. Left out: `fail` if a file of the change "
                "could not be, or nothing at all; `neutral` if a rule failed or too few routes are resolved; "
                "else `pass` with a notice."
            )
        ),
    ] = None
    public: Annotated[
        tuple[Endpoint, ...],
        Meta(
            description="Endpoints that need no authentication. Empty: computed.",
            examples=[["GET /health", "POST /webhooks/**"]],
        ),
    ] = ()
    auth: Annotated[
        Auth,
        Meta(
            description="Authentication that cannot be computed.",
            examples=[{"mode": "app", "admin": ["app.api.deps.require_staff"]}],
        ),
    ] = Auth()
    user_tables: Annotated[
        tuple[str, ...],
        Meta(description="Tables whose rows are users. Empty: computed.", examples=[["account"]]),
    ] = ()
    owner_columns: Annotated[
        tuple[OwnerColumn, ...],
        Meta(
            description="Columns that name a row's owner. Empty: computed.",
            examples=[["owner_id", "team.lead_id"]],
        ),
    ] = ()
    layers: Annotated[
        tuple[Layer, ...],
        Meta(
            description="The layers from the outermost to the innermost; each may import those after it.",
            examples=[
                [{"name": "routes", "paths": ["app/api/"]}, {"name": "models", "paths": ["app/models/"]}]
            ],
        ),
    ] = ()
    api_spec: Annotated[
        tuple[FilePath, ...],
        Meta(
            description="API specifications to hold the code to. Empty: found in the usual places.",
            examples=[["docs/openapi.yaml"]],
        ),
    ] = ()
    schema_spec: Annotated[
        tuple[FilePath, ...],
        Meta(
            description="Schema specifications to hold the models to. Empty: found in the usual places.",
            examples=[["docs/schema.sql"]],
        ),
    ] = ()
    budget: Annotated[
        int, Meta(description="Inline comments over a pull request's life.", ge=0, le=1000, examples=[50])
    ] = 30
    baseline: Annotated[
        BaselinePath | None,
        Meta(
            description="Committed file of accepted findings; its name has `baseline` and ends in `.json`.",
            examples=[".github/backend-architect-baseline.json"],
        ),
    ] = None
