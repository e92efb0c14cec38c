import sqlalchemy as sa
from alembic import op

revision = "n1"
down_revision = None


def upgrade():
    op.create_table(
        "team",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(5), unique=True),
        sa.Column("boss_id", sa.Integer, sa.ForeignKey("team.id")),
        sa.Column("code", sa.Integer, index=True),
    )
    op.create_unique_constraint(None, "team", ["code", "name"])
    op.drop_constraint("uq_team_name", "team")
    op.drop_constraint(op.f("fk_team_boss_id_team"), "team", type_="foreignkey")
