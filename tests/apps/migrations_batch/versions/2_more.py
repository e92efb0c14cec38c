import sqlalchemy as sa
from alembic import op

revision = "two"
down_revision = "one"


def upgrade():
    with op.batch_alter_table("account") as batch_op, op.batch_alter_table("team") as team:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_team", "team", ["team_id"], ["id"], ondelete="CASCADE")
        batch_op.alter_column("name", existing_type=sa.String(50), nullable=True, type_=sa.Text())
        batch_op.alter_column("code", new_column_name="short_code")
        batch_op.drop_column("old")
        batch_op.drop_index("ix_account_name")
        team.add_column(sa.Column("title", sa.String(9), nullable=False))
    batch = op.batch_alter_table("rank")
    with batch as rank:
        rank.add_column(sa.Column("title", sa.String(9), nullable=True))
        rank.drop_constraint("rank_pkey", type_="primary")
        rank.create_primary_key("rank_key", ["id", "title"])


def downgrade():
    pass
