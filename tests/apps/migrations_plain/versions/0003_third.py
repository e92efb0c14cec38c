from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = ("0002",)


def upgrade():
    op.drop_constraint("pair_pkey", "pair", type_="primary")
    op.create_primary_key("pair_pkey", "pair", ["a"])
    op.create_table("gone", sa.Column("id", sa.Integer, primary_key=True), sa.Column("u", sa.Integer, sa.ForeignKey("user.id")))
    op.drop_table("gone")
    table = op.create_table("country", sa.Column("code", sa.CHAR(2), primary_key=True), sa.Column("rate", sa.Float), schema="public")
    op.bulk_insert(table, [{"code": "de", "rate": 1.5}])
    op.drop_column("user", "balance")
    op.alter_column("user", column_name="id", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.create_table(
        "a_table_with_a_name_of_more_than_forty_characters",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a_column_with_a_name_of_forty_characters", sa.Integer, sa.ForeignKey("user.id"), unique=True),
        sa.Column("twice", sa.Integer, sa.ForeignKey("user.id"), sa.ForeignKey("pair.a")),
        sa.UniqueConstraint("a_column_with_a_name_of_forty_characters", "twice"),
    )
