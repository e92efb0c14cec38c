import sqlalchemy as sa

from stamped_tables import create

revision = "start"
down_revision = None
branch_labels = ("main",)


def upgrade():
    create("a", sa.Column("name", sa.String(8)))
    for letter in ("b", "c"):
        create(letter, sa.Column(f"{letter}_id", sa.Integer, sa.ForeignKey("a.id")))
