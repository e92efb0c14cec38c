import sqlalchemy as sa
from alembic import op

revision = "left"
down_revision = "start"

COLUMNS = {"x": sa.Integer(), "y": sa.Float()}


def upgrade():
    for name, kind in COLUMNS.items():
        op.add_column("a", sa.Column(name, kind, nullable=False))
    if op.get_context().dialect.name == "postgresql":
        op.add_column("a", sa.Column("pg", sa.Integer))
    elif op.get_bind().dialect.name == "sqlite":
        op.add_column("a", sa.Column("lite", sa.Integer))
    else:
        raise NotImplementedError


def downgrade():
    for name in COLUMNS:
        op.drop_column("a", name)
