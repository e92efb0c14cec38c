import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

STATUS = sa.Enum("draft", "live", name="status")


def upgrade() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False, unique=True),
        sa.Column("token", sa.Uuid(), index=True),
        sa.Column("nick", sa.String(20), unique=True, index=True),
        sa.Column("balance", sa.Numeric(10, 2), server_default="0", nullable=False),
        sa.Column("age", sa.SmallInteger(), sa.CheckConstraint("age > 0")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_user_age"), "user", ["age"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=True),
        sa.Column("seen", sa.DateTime(timezone=True)),
        sa.Column("made", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("labels", postgresql.ARRAY(sa.String())),
        sa.UniqueConstraint("title", "owner_id"),
        sa.Index("ix_item_made", "made"),
    )
    op.create_table(
        "pair",
        sa.Column("a", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("b", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("item_id", postgresql.UUID(as_uuid=True)),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
    )
