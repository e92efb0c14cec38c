from alembic import op

revision = "merge"
down_revision = ("left", "right")


def upgrade():
    _upgrade_tables()


def _upgrade_tables():
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    op.alter_column("a", "z", new_column_name="zz")
    op.create_foreign_key("fk_x", "a", "d", ["x"], ["id"])
