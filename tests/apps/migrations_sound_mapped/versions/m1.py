import sqlalchemy as sa
from alembic import op

revision = "m1"
down_revision = None


def upgrade():
    op.create_table(
        "teams",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=True),
        sa.Column("founded", sa.Date(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.Enum("LOW", "HIGH", name="level"), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "members",
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("shirt", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "shirt"),
    )
    op.create_index(op.f("ix_members_team_id"), "members", ["team_id"], unique=False)
    op.create_index(op.f("ix_members_email"), "members", ["email"], unique=False)
    op.create_index("ix_members_name_shirt", "members", ["name", "shirt"], unique=False)
    op.create_table(
        "badges",
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_badges_member_id"), "badges", ["member_id"], unique=False)
    op.create_index(op.f("ix_badges_code"), "badges", ["code"], unique=True)
