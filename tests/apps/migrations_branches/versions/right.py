import sqlalchemy as sa
from alembic import op

from stamped_tables import add_missing, has_column

revision = "right"
down_revision = "start"
depends_on = "left"


def upgrade():
    add_missing("a", sa.Column("x", sa.Integer()))
    add_missing("a", sa.Column("z", sa.Integer()))
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("d"):
        op.create_table("d", sa.Column("id", sa.Integer, primary_key=True))
    if "a" not in inspector.get_table_names():
        op.create_table("a", sa.Column("wrong", sa.Integer))
    if has_column("b", "updated_at"):
        op.drop_column("b", "updated_at")
    try:
        op.add_column("c", sa.Column("tried", sa.Integer))
    except Exception:
        op.add_column("c", sa.Column("rescued", sa.Integer))
