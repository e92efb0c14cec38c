"""The facts of the report's sections: how the project is built, how people sign in, how it is hardened."""

from __future__ import annotations

import msgspec

from rules.finding import Place


class LayerFacts(msgspec.Struct, frozen=True):
    """A layer and how many modules it has."""

    name: str
    modules: int


class LayerEdge(msgspec.Struct, frozen=True):
    """How many import statements lead from one layer to another; `outward` where against the order."""

    importer: str
    imported: str
    imports: int
    outward: bool


class ApplicationFacts(msgspec.Struct, frozen=True):
    """An application: its label, its routes, its middleware from the outermost in, what it mounts."""

    label: str
    routes: int
    middleware: tuple[str, ...]
    mounts: int
    is_mounted: bool


class SessionFacts(msgspec.Struct, frozen=True):
    """A dependency that gives sessions: its mode (`sync`, `async`), its routes, whether it closes them."""

    dependency: str
    mode: str
    routes: int
    closed: bool


class SettingsFacts(msgspec.Struct, frozen=True):
    """A settings class with the number of its fields."""

    name: str
    path: str
    fields: int


class ArchitectureSummary(msgspec.Struct, frozen=True):
    """The architecture of a project. `opened_in_handlers` counts the places that open their own session.

    `diagram` is a Mermaid flowchart of it, empty where there is nothing to draw.
    """

    layers: tuple[LayerFacts, ...] = ()
    edges: tuple[LayerEdge, ...] = ()
    applications: tuple[ApplicationFacts, ...] = ()
    sessions: tuple[SessionFacts, ...] = ()
    opened_in_handlers: int = 0
    settings: tuple[SettingsFacts, ...] = ()
    routes: int = 0
    tables: int = 0
    diagram: str = ""


class TokenLifetime(msgspec.Struct, frozen=True, order=True):
    """A lifetime in seconds; `configurable` where the deployment may set another."""

    seconds: float
    configurable: bool


class TokenFacts(msgspec.Struct, frozen=True):
    """A place that makes tokens; `lifetimes` shortest first, empty where they are not known."""

    place: Place
    library: str
    algorithms: tuple[str, ...]
    claims: tuple[str, ...]
    lifetimes: tuple[TokenLifetime, ...]
    is_refresh: bool


class ReadingFacts(msgspec.Struct, frozen=True):
    """A place that reads tokens and the algorithms it accepts; `verified` unless no signature is checked."""

    place: Place
    library: str
    algorithms: tuple[str, ...]
    verified: bool


class HashingFacts(msgspec.Struct, frozen=True):
    """A place that sets a password hasher up or uses one, with the schemes that it names."""

    place: Place
    hasher: str
    schemes: tuple[str, ...]


class SignInSummary(msgspec.Struct, frozen=True):
    """Tokens, their readings, and how passwords are hashed, in the order of their places."""

    tokens: tuple[TokenFacts, ...] = ()
    readings: tuple[ReadingFacts, ...] = ()
    hashing: tuple[HashingFacts, ...] = ()


class CorsFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration: the origins as far as they are known, and whether credentials are let through."""

    path: str
    line: int
    origins: tuple[str, ...]
    pattern: str | None
    credentials: bool | None


class TransportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """`redirects_to_https`: by the application itself; a proxy may do it where that is not said here."""

    redirects_to_https: bool = False
    unverified_connections: int = 0
    cookies_set: int = 0
    cookies_without_flags: tuple[str, ...] = ()


class SecretFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that hold secrets, those among them that have no default, and secrets in the source."""

    settings: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    in_source: int = 0


class HardeningFacts(msgspec.Struct, frozen=True, kw_only=True):
    """CORS, TLS and cookies, and the handling of secrets."""

    cors: tuple[CorsFacts, ...] = ()
    transport: TransportFacts = TransportFacts()
    secrets: SecretFacts = SecretFacts()


class SectionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the sections tell beside findings; None where it could not be found out."""

    architecture: ArchitectureSummary | None = None
    sign_in: SignInSummary | None = None
    hardening: HardeningFacts | None = None
