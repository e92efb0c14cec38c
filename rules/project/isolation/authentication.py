"""Whether a request is authenticated: computed from what each callable reads and when it refuses."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from rules.configuration.options import Auth
from rules.evaluation.values import (
    Application,
    Const,
    External,
    FunctionValue,
    Member,
    Symbol,
    Unknown,
    Value,
    alternatives,
)
from rules.project.isolation.comparisons import comparison, is_none
from rules.project.isolation.formulas import Proof, leaves
from rules.project.isolation.paths import Log, Moment
from rules.project.isolation.privileges import PRIVILEGE, privileged
from rules.project.isolation.provenance import CREDENTIAL_NAME, Provenances, is_verification
from rules.project.isolation.requests import RequestRun, Step, scheme_credential
from rules.project.isolation.roles import Principal


class Level(enum.StrEnum):
    """What a callable or a route asks of an anonymous request."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Authentication:
    """A route's authentication. `step` is the callable that decides it, None for the handler or middleware.

    `guessed` where it rests on a name outside the project; `privileged` where an ordinary user is refused.
    """

    level: Level
    privileged: bool = False
    step: Step | None = None
    guessed: bool = False


@dataclass(slots=True)
class Authenticator:
    """Judges steps and requests, honouring the configuration's `auth`."""

    options: Auth
    provenances: Provenances = field(default_factory=Provenances)
    _levels: dict[int, tuple[Step, Level]] = field(default_factory=dict)
    _privileged: dict[int, bool] = field(default_factory=dict)
    _shared: dict[int, tuple[RequestRun, bool]] = field(default_factory=dict)

    def of_request(self, run: RequestRun) -> Authentication:
        """The strongest that any step of the request asks, the handler's own checks included."""
        optional: Step | None = None
        unknown: Step | None = None
        required: Step | None = None
        raised = self._is_privileged_request(run)
        for step in run.steps[:-1]:
            level = self.level(step)
            if level is Level.REQUIRED and (required is None or step.dependant.scheme is None):
                required = step
            optional = step if level is Level.OPTIONAL else optional
            unknown = step if level is Level.UNKNOWN else unknown
        if required is not None:
            return Authentication(Level.REQUIRED, raised, required, required.guessed)
        own = self.handler_level(run)
        if own is Level.REQUIRED:
            return Authentication(own, raised)
        if optional is not None or own is Level.OPTIONAL:
            return Authentication(Level.OPTIONAL, step=optional)
        if unknown is not None or not run.handler.dependant.resolved:
            return Authentication(Level.UNKNOWN, step=unknown)
        return Authentication(Level.NONE)

    def level(self, step: Step) -> Level:
        """What one dependency asks by itself."""
        found = self._levels.get(id(step))
        if found is None:
            found = self._levels[id(step)] = (step, self._level(step))
        return found[1]

    def _level(self, step: Step) -> Level:
        name = step.dependant.name
        if name in self.options.authenticating or name in self.options.admin:
            return Level.REQUIRED
        if name in self.options.optional:
            return Level.OPTIONAL
        value = step.value
        if isinstance(value, Symbol) and isinstance(value.role, Principal):
            return Level.REQUIRED if value.role.required else Level.OPTIONAL
        credential = scheme_credential(step.dependant)
        if credential is not None and credential.required:
            return Level.REQUIRED
        if credential is not None and not step.effects:
            return Level.OPTIONAL
        computed = self._judge(Log(step.effects), step.value)
        if computed is Level.NONE and (not step.complete or _changes_signature(step.dependant.call)):
            return Level.UNKNOWN
        return computed

    def handler_level(self, run: RequestRun) -> Level:
        """What the handler itself checks before it answers."""
        return self._judge(run.log, run.handler.value)

    def _judge(self, log: Log, value: Value | None) -> Level:
        """Required if every answer follows a check of the identity, optional if some do."""
        if value is None:
            return Level.NONE
        found = [self.checked(log, moment) for moment, given in answers(log) if not _refuses(given)]
        if found and all(found):
            return Level.REQUIRED
        if any(found) or self._reads_identity(value):
            return Level.OPTIONAL
        return Level.NONE

    def _reads_identity(self, value: Value) -> bool:
        return any(
            self.provenances.is_principal(a.value) and self.provenances.is_presented(a.value)
            for a in alternatives(value)
        )

    def checked(self, log: Log, moment: Moment) -> bool:
        """Whether the identity was checked before `moment`."""
        if moment.proves(self._identity) is Proof.FULL:
            return True
        held = {id(c) for c in moment.conditions}
        if any(isinstance(c.test, Symbol) and c.test.role == "caught" for c in moment.conditions):
            return False
        return any(
            is_verification(effect.value)
            and self.provenances.is_presented(effect.value)
            and {id(c) for c in effect.conditions} <= held
            for effect in log.effects[log.handler : moment.position]
            if effect.kind == "call"
        )

    def _identity(self, test: Value, /, *, truth: bool) -> Proof:
        """A test that an anonymous request cannot pass."""
        found = comparison(test, truth=truth)
        if found is None:
            passed = truth and self.provenances.is_presented(test)
            return Proof.FULL if passed and not isinstance(test, Unknown) else Proof.NONE
        for left, right in found.sides():
            if self.provenances.is_presented(left):
                if is_none(right) or _is_empty(right):
                    return Proof.NONE if found.equal else Proof.FULL
                return Proof.FULL if found.equal or found.operator in {">", ">=", "<", "<="} else Proof.NONE
        return Proof.NONE

    def asks_twice(self, run: RequestRun) -> bool:
        """Whether a second dependency, beside the one that authenticates, also refuses by who is asking.

        Such a one decides by permissions; whether they cover the rows in question is not known.
        """
        asking = [
            s.dependant for s in run.steps[:-1] if self.level(s) is Level.REQUIRED and not s.dependant.scheme
        ]
        below = {d.name for dependant in asking for d in dependant.flat()}
        return len({d.name for d in asking} - below) > 1

    def is_shared_secret(self, run: RequestRun) -> bool:
        """Whether the credential is compared with a constant or setting: one key for every caller."""
        found = self._shared.get(id(run))
        if found is None:
            tests = run.log.tests
            found = (run, any(self._is_secret_compared(leaf) for t in tests for leaf in leaves(t)))
            self._shared[id(run)] = found
        return found[1]

    def _is_secret_compared(self, test: Value) -> bool:
        found = comparison(test, truth=True)
        return found is not None and any(
            _is_setting(right) and not isinstance(left, Member) and self.provenances.is_presented(left)
            for left, right in found.sides()
        )

    def is_privileged(self, step: Step) -> bool:
        """Whether the step refuses ordinary users."""
        if step.dependant.name in self.options.admin:
            return True
        if any(PRIVILEGE.search(s) for s in step.dependant.scopes if "admin" in s.lower()):
            return True
        found = self._privileged.get(id(step))
        if found is None:
            found = self._privileged[id(step)] = self._refuses_ordinary(Log(step.effects), step.value)
        return found

    def _is_privileged_request(self, run: RequestRun) -> bool:
        return any(self.is_privileged(s) for s in run.steps[:-1]) or self._refuses_ordinary(
            run.log, run.handler.value
        )

    def _refuses_ordinary(self, log: Log, value: Value | None) -> bool:
        if isinstance(value, Symbol) and isinstance(value.role, Principal):
            return value.role.privileged
        if value is None:
            return False

        def leaf(test: Value, /, *, truth: bool) -> Proof:
            return Proof.FULL if privileged(test, self.provenances, truth=truth) else Proof.NONE

        found = [moment.proves(leaf) is Proof.FULL for moment, _ in answers(log)]
        return bool(found) and all(found)


def answers(log: Log) -> list[tuple[Moment, Value]]:
    """The moments at which a callable gives its result; its end where it returns nothing."""
    found = [
        (log.moment(position), effect.value)
        for position, effect in enumerate(log.effects)
        if effect.kind in {"return", "yield"} and position >= log.handler and len(effect.stack) == log.depth
    ]
    # Who gives nothing early on some path gives nothing at the end of the others.
    early = all(moment.conditions and isinstance(v, Const) and v.value is None for moment, v in found)
    return [*found, (log.end(), Const(None))] if early else found


def _changes_signature(call: Value) -> bool:
    """Whether a decorator that cannot be looked into may give the function other parameters."""
    if not isinstance(call, FunctionValue) or not call.decorations:
        return False
    return any(parameter.kind == "**" for parameter in call.node.parameters)


def _is_setting(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, str | bytes) and bool(value.value) and value.configurable
    name = value.name if isinstance(value, Member | External) else ""
    return CREDENTIAL_NAME.search(name) is not None


def _is_empty(value: Value) -> bool:
    return isinstance(value, Const) and value.value in {"", 0}


_REFUSAL_STATUS = frozenset({401, 403})


def _refuses(value: Value) -> bool:
    """Whether an answer is itself the refusal: `JSONResponse(status_code=401)`."""
    if not isinstance(value, Application):
        return False
    status = value.arguments.keywords.get("status_code")
    if status is None and len(value.arguments.positional) > 1:
        status = value.arguments.positional[1]
    if isinstance(status, Const):
        return status.value in _REFUSAL_STATUS
    name = status.name if isinstance(status, Member) else getattr(status, "name", "")
    return isinstance(name, str) and ("_401_" in name or "_403_" in name)
