import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import registry

metadata = MetaData()
warehouse = MetaData(schema="warehouse")
mapper = registry(metadata=metadata)


def stamps() -> list[Column[object]]:
    return [Column("created_at", sa.DateTime(timezone=True), nullable=False), Column("updated_at", sa.DateTime)]


def identified(name: str, *columns: Column[object]) -> Table:
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns, *stamps())


users = identified("users", Column("email", String(100), unique=True, nullable=False))
posts = Table(
    "posts",
    metadata,
    Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    Column("author_id", None, ForeignKey(users.c.id), nullable=False, index=True),
    Column("title", String(length=80), key="headline"),
    Column("body", sa.Text(), server_default=""),
    Column("score", sa.Numeric(precision=6, scale=2)),
    sa.UniqueConstraint("author_id", "headline", name="uq_post"),
)
stock = Table("stock", warehouse, Column("sku", sa.CHAR(8), primary_key=True), Column("amount", sa.SmallInteger))
for letter in ("a", "b"):
    Table(f"part_{letter}", metadata, Column("id", Integer, primary_key=True), Column("of", ForeignKey("users.id")))


class User:
    pass


mapper.map_imperatively(User, users)
