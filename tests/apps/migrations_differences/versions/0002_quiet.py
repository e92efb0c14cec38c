import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "quiet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.DECIMAL(10, 2), nullable=False),
        sa.Column("flag", sa.Boolean(), nullable=False),
        sa.Column("day", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="quiet_team"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quiet_label", "quiet", ["label"])
    op.rename_table("quiet", "calm")
    op.alter_column("calm", "label", new_column_name="name", nullable=False, type_=sa.String(length=40))
    op.drop_constraint("quiet_team", "calm", type_="foreignkey")
    op.create_foreign_key(None, "calm", "team", ["team_id"], ["id"], ondelete="CASCADE")
    op.create_index("ix_calm_team_id", "calm", ["team_id"])
