import sqlalchemy as sa
from alembic import op

revision = "d2"
down_revision = "d1"


def upgrade():
    op.rename_table("book", "books")
    op.alter_column("books", "isbn", new_column_name="isbn13")
    op.add_column("loan", sa.Column("book_id", sa.Integer(), sa.ForeignKey("books.id"), nullable=False))
