"""Drops of constraints by the names PostgreSQL gave them, renames, alterations."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.add_column("user", sa.Column("name", sa.String(length=10), nullable=False, server_default="x"))
    op.add_column("user", sa.Column("referrer_id", sa.Integer(), sa.ForeignKey("user.id"), index=True))
    op.alter_column("user", "name", existing_type=sa.String(10), type_=sa.String(30), nullable=True)
    op.alter_column("user", "name", server_default=None, new_column_name="full_name")
    op.drop_constraint("user_email_key", "user", type_="unique")
    op.drop_constraint("item_title_owner_id_key", "item")
    op.create_unique_constraint("uq_email", "user", ["email", "full_name"])
    op.drop_index("ix_user_age", table_name="user")
    op.drop_column("user", "age")
    op.rename_table("item", "product")
    op.add_column("product", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(None, "product", "product", ["parent_id"], ["id"], ondelete="SET NULL")
    op.drop_constraint("pair_item_id_fkey", "pair", type_="foreignkey")
    op.alter_column("product", "seen", nullable=False)
    op.create_index("ix_lower", "product", [sa.text("lower(title)")])
    op.create_index("ix_two", "product", ["status", "owner_id"], unique=True)


def downgrade() -> None:
    op.drop_table("product")
