import sqlalchemy as sa
from alembic import op

revision = "one"
down_revision = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("old", sa.Boolean),
        sa.Column("code", sa.String(5)),
    )
    op.create_table("team", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("rank", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_name"), ["name"], unique=True)
        batch_op.create_unique_constraint("uq_code", ["code"])
