"""The tables that the reviewer extracts, against `metadata.tables` of the running application."""

from __future__ import annotations

from rules.inventory import ColumnRecord, SchemaInventory
from tools.accuracy.tally import Comparison, Counting
from tools.accuracy.truth import TrueColumn, Truth


def compare_tables(truth: Truth, inventory: SchemaInventory) -> Comparison:
    """Compare tables, the columns of those that both know, and every fact of the columns that both know."""
    counting = Counting()
    said = {table.name: table for table in inventory.tables}
    counting.sets("tables", "tables", truth.tables, said)
    for name in sorted(truth.tables.keys() & said.keys()):
        true_columns = {column.name: column for column in truth.tables[name].columns}
        said_columns = {column.name: column for column in said[name].columns}
        counting.sets("columns", name, true_columns, said_columns)
        for column in sorted(true_columns.keys() & said_columns.keys()):
            _compare(counting, f"{name}.{column}", true_columns[column], said_columns[column])
    return counting.result()


def _compare(counting: Counting, subject: str, true: TrueColumn, said: ColumnRecord) -> None:
    kind = said.type.partition("(")[0].rpartition(".")[2]
    counting.pair("types", subject, true.type_class, kind, same=true.type_class.lower() == kind.lower())
    counting.pair("nullable", subject, true.nullable, said.nullable, same=true.nullable == said.nullable)
    key = true.primary_key, said.primary_key
    counting.pair("primary key", subject, *key, same=key[0] == key[1])
    unique = bool(true.unique), said.unique
    counting.pair("unique", subject, *unique, same=unique[0] == unique[1])
    index = bool(true.index), said.index
    counting.pair("index", subject, *index, same=index[0] == index[1])
    targets = [key.target for key in true.foreign_keys]
    known = said.foreign_key in targets if targets else not said.foreign_key
    counting.pair("foreign key", subject, targets, said.foreign_key, same=known)
