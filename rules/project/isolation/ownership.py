"""Which tables hold users, which rows belong to one, and by which columns that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rules.configuration.options import Options
from rules.evaluation.values import ClassValue, Value
from rules.project.schema.columns import Column
from rules.project.schema.tables import Table, Tables

_USER_NAME = re.compile(
    r"^((app|auth|core|sys|tbl|t|my|db|sql|site|base)_?)?(users?|accounts?)(_?(accounts?|table|model|tbl))?$"
)
_TENANT_NAME = re.compile(
    r"org(ani[sz]ation)?s?$|tenants?$|compan(y|ies)$|workspaces?$|teams?$|households?$", re.IGNORECASE
)
_PERSON = re.compile(
    r"user|account|member|customer|person|people|profile|employee|student|patient|player", re.IGNORECASE
)
_OWNER_NAME = re.compile(
    r"^(owner|user|author|creator|customer|account_owner)(_?(id|uuid|pk))?$|^owned_by(_id)?$", re.IGNORECASE
)
_AUDIT_NAME = re.compile(
    r"creat|updat|modif|edit|chang|approv|review|assign|delet|verif|upload|invit|last_|sender|receiver|recipient|"
    r"reporter|moderat|performed|actor|acted|granted|added_by|closed|resolved|handled|processed|follow|parent",
    re.IGNORECASE,
)
_KEY_NAME = re.compile(r"(id|uuid|pk)$", re.IGNORECASE)
_TEXTS = frozenset({"String", "AutoString", "Text", "VARCHAR", "CHAR", "Unicode", "TEXT"})
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Owned:
    """How rows of a table belong to a user: by `column`, direct or through the table `parent`.

    `audit` where the column rather says who did something; it counts once a query compares it with the
    principal. `shared` where a link table names the members of the team that rows belong to.
    """

    column: Column
    parent: Table | None = None
    audit: bool = False
    certain: bool = True
    shared: bool = False


@dataclass(slots=True)
class Ownership:
    """Owned tables of a project. `principals` are the tables that authentication looks users up in.

    `tenants_apart` where each tenant has a database schema of its own, so that none reaches another's rows.
    """

    tables: Tables
    options: Options
    principals: tuple[Table, ...] = ()
    tenants_apart: bool = False
    _models: dict[int, Table] = field(init=False)
    _users: set[int] = field(init=False)
    _paths: dict[int, tuple[Owned, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._models = {}
        for table in self.tables:
            self._models[id(table.model)] = table
            for cls in table.classes:
                self._models[id(cls.node)] = table
        self._users = {id(table) for table in self._find_users()}

    def table(self, value: Value) -> Table | None:
        """The table that a mapped class or `Table(…)` stands for."""
        return self._models.get(id(value.node) if isinstance(value, ClassValue) else id(value))

    def is_table(self, value: Value) -> bool:
        """Whether a value is a mapped class or a `Table(…)`."""
        return self.table(value) is not None

    def primary_keys(self) -> dict[int, tuple[str, ...]]:
        """The key columns of each model, by the identity of the value that stands for it."""
        found: dict[int, tuple[str, ...]] = {}
        for table in self.tables:
            names = tuple(c.attribute or c.name for c in table.columns.values() if c.primary_key)
            for value in (table.model, *table.classes):
                found[id(value)] = names
        return found

    def is_user(self, table: Table) -> bool:
        """Whether the table's rows are users."""
        return id(table) in self._users

    def _find_users(self) -> Iterable[Table]:
        configured = self.options.user_tables
        if configured:
            return [
                t
                for t in self.tables
                if t.name in configured or t.key in configured or t.model_name in configured
            ]
        found = (t for t in self.tables if t in self.principals or _from_library(t))
        computed = [t for t in found if not is_association(t)]
        named = [t for t in self.tables if _is_named_user(t)]
        people = [t for t in computed if _is_named_user(t) or _PERSON.search(t.name)]
        return people + [t for t in named if t not in people] if people or named else computed

    def paths(self, table: Table) -> tuple[Owned, ...]:
        """Every way in which rows of the table belong to a user; empty for what nobody owns."""
        return self._search(table, 0)

    def is_shared(self, table: Table) -> bool:
        """Whether rows belong to nobody alone, but to the members of a team whom a link table names."""
        paths = self.paths(table)
        return bool(paths) and all(owned.shared for owned in paths)

    def direct(self, table: Table) -> tuple[Owned, ...]:
        """The columns of the table itself that name its owner."""
        return tuple(owned for owned in self.paths(table) if owned.parent is None)

    def leads_to_user(self, table: Table) -> bool:
        """Whether a row names a user, as a session or a personal token does."""
        columns = table.columns.values()
        return any((found := self.target(table, c)) is not None and self.is_user(found) for c in columns)

    def is_roster(self, table: Table, keys: Sequence[str]) -> bool:
        """Whether the keys pick the members of a team, whom its members may well see."""
        named = [c for c in table.columns.values() if (c.attribute or c.name) in keys]
        targets = [self.target(table, column) for column in named]
        return any(t is not None and _TENANT_NAME.search(t.name) for t in targets)

    def tenant_column(self, table: Table) -> Column | None:
        """The column by which rows, or users, belong to a tenant."""
        columns = table.columns.values()
        return next(
            (c for c in columns if (t := self.target(table, c)) is not None and self.is_tenant(t)), None
        )

    def may_be_tenant(self, table: Table) -> bool:
        """Whether the table by its name holds organisations, teams or the like."""
        return not self.tenants_apart and _TENANT_NAME.search(table.name) is not None

    def is_team(self, table: Table) -> bool:
        """Whether rows are teams, whose members a link table names."""
        return not is_association(table) and any(o.shared and o.column.primary_key for o in self.paths(table))

    def is_membership(self, value: Value) -> bool:
        """Whether a value is a mapped class whose rows say what a user may do in one team."""
        table = self.table(value)
        if table is None or self.tenants_apart or not is_association(table):
            return False
        targets = [t for column in table.columns.values() if (t := self.target(table, column)) is not None]
        return any(self.is_user(t) for t in targets) and any(_TENANT_NAME.search(t.name) for t in targets)

    def owner_phrase(self, table: Table) -> str:
        """A sentence that names the column by which the rows belong to a user."""
        if self.is_user(table):
            return "Compare the key with the authenticated user's own."
        paths = self.paths(table)
        best = min(paths, key=lambda owned: (owned.audit, owned.parent is not None), default=None)
        if best is None:
            return ""
        column = f"`{table.model_name}.{best.column.attribute or best.column.name}`"
        if best.parent is None:
            return f"Constrain {column} to the authenticated user."
        return (
            f"It belongs to a user through {column}: join `{best.parent.model_name}` and constrain its owner."
        )

    def _search(self, table: Table, depth: int) -> tuple[Owned, ...]:
        found = self._paths.get(id(table))
        if found is not None:
            return found
        self._paths[id(table)] = ()
        result: tuple[Owned, ...] = ()
        if not self.is_user(table):
            result = (*self._direct(table), *self._inherited(table, depth))
            result = result or tuple(self._by_membership(table))
        self._paths[id(table)] = result
        return result

    def _direct(self, table: Table) -> Iterable[Owned]:
        configured = self.options.owner_columns
        for column in table.columns.values():
            names = {column.name, column.attribute, f"{table.name}.{column.name}"}
            if configured:
                if names & set(configured):
                    yield Owned(column)
                continue
            target = self.target(table, column)
            if target is not None and self.is_user(target):
                yield Owned(column, audit=_AUDIT_NAME.search(column.name) is not None)
            elif not column.foreign_keys and _OWNER_NAME.match(column.attribute or column.name):
                yield Owned(column, audit=_is_free_text(column), certain=False)

    def _inherited(self, table: Table, depth: int) -> Iterable[Owned]:
        if depth >= _DEPTH:
            return
        for column in table.columns.values():
            target = self.target(table, column)
            if target is None or target is table or self.is_user(target):
                continue
            upward = self._search(target, depth + 1)
            strong = [o for o in upward if not o.audit]
            if strong:
                certain, shared = all(o.certain for o in strong), all(o.shared for o in strong)
                yield Owned(column, parent=target, certain=certain, shared=shared)
            elif upward:
                yield Owned(column, parent=target, audit=True)
            elif self.is_tenant(target):
                yield Owned(column, parent=target, certain=False)

    def _by_membership(self, table: Table) -> Iterable[Owned]:
        """A team or organisation belongs to those whom a link table names as its members."""
        keys = [column for column in table.columns.values() if column.primary_key]
        if self.tenants_apart or len(keys) != 1 or not _TENANT_NAME.search(table.name):
            return
        for link in self.tables:
            targets = [self.target(link, column) for column in link.columns.values()]
            if table in targets and any(t is not None and self.is_user(t) for t in targets):
                yield Owned(keys[0], parent=link, certain=False, shared=True)

    def is_tenant(self, table: Table) -> bool:
        """Whether users belong to rows of the table, as to an organisation."""
        if self.tenants_apart or not _TENANT_NAME.search(table.name):
            return False
        return any(
            self.target(user, column) is table
            for user in self.tables
            if self.is_user(user)
            for column in user.columns.values()
        )

    def target(self, table: Table, column: Column) -> Table | None:
        """The table that a column's first foreign key names."""
        if not column.foreign_keys or not column.foreign_keys[0].target:
            return None
        return self.tables.find(column.foreign_keys[0].table, table.place.path)

    def names_owner(self, table: Table, name: str, depth: int = 2) -> bool:
        """Whether an attribute of the table, or of one above it, holds its owner or their tenant."""
        column = table.of_attribute(name)
        several = sum(bool(c.primary_key) for c in table.columns.values()) > 1
        for owned in self.paths(table):
            direct = owned.parent is None or (owned.parent is not table and self.is_tenant(owned.parent))
            if direct and owned.column is column and (several or not owned.column.primary_key):
                return True
            if depth and owned.parent is not None and self.names_owner(owned.parent, name, depth - 1):
                return True
        return False

    def is_key(self, table: Table, name: str) -> bool:
        """Whether a column selects rows by identity: a primary, foreign or unique key, or an id by name."""
        column = table.of_attribute(name)
        if column is None:
            return name in {"id", "uuid", "pk"} or name.endswith("_id")
        if column.foreign_keys or column.unique:
            return True
        alone = sum(bool(c.primary_key) for c in table.columns.values()) == 1
        if column.primary_key and alone:
            return True
        return column.name in {"id", "uuid", "pk", "slug"} or column.name.endswith(("_id", "_uuid"))


_CAPABILITY = re.compile(
    r"token|secret|hash|digest|signature|otp|nonce|invit.*code|share_(id|key)|public_id|verification",
    re.IGNORECASE,
)


def is_capability(name: str) -> bool:
    """Whether knowing a value of the column is itself the permission, as with an invitation's token."""
    return _CAPABILITY.search(name) is not None


def _is_free_text(column: Column) -> bool:
    """Whether a column such as `owner` or `author` holds a name rather than somebody's key."""
    name = column.attribute or column.name
    return column.type is not None and column.type.name in _TEXTS and not _KEY_NAME.search(name)


def is_association(table: Table) -> bool:
    """Whether rows only tie others together, as a membership does a user and a team."""
    keys = [column for column in table.columns.values() if column.primary_key]
    return len(keys) > 1 and all(column.foreign_keys for column in keys)


def _is_named_user(table: Table) -> bool:
    return _USER_NAME.match(table.name.lower()) is not None or table.model_name == "User"


def _from_library(table: Table) -> bool:
    return any("BaseUserTable" in external for cls in table.classes for external in cls.externals())
