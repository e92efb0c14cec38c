import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "owner",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=50), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("age", sa.String(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Numeric(10, 2), nullable=False),
        sa.Column("price", sa.Numeric(8, 2), nullable=False),
        sa.Column("ratio", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Enum("OPEN", "DONE", name="state"), nullable=False),
        sa.Column("bio", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("extras", postgresql.JSONB(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("unlimited", sa.String(length=255), nullable=False),
        sa.Column("stale", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_owner_email", "owner", ["email"], unique=True)
    op.create_index("ix_owner_login", "owner", ["login"], unique=True)
    op.create_index("ix_owner_title", "owner", ["title"])
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("lead_id", sa.UUID(), nullable=True),
        sa.Column("aide_id", sa.UUID(), nullable=False),
        sa.Column("guest_id", sa.UUID(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"]),
        sa.ForeignKeyConstraint(["lead_id"], ["owner.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["guest_id"], ["owner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "size"),
    )
    op.create_index("other_name", "team", ["size"])
    op.create_index("slugs", "team", ["slug"], unique=True)
    op.create_table("leftover", sa.Column("id", sa.Integer(), primary_key=True))
