import sqlalchemy as sa
from alembic import op


def stamps():
    return [sa.Column("created_at", sa.DateTime(timezone=True), nullable=False), sa.Column("updated_at", sa.DateTime())]


def create(name, *columns, **options):
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *columns, *stamps(), **options)


def has_column(table, column):
    return column in [c["name"] for c in sa.inspect(op.get_bind()).get_columns(table)]


def add_missing(table, column):
    if not has_column(table, column.name):
        op.add_column(table, column)
