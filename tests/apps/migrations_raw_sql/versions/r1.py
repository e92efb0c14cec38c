import sqlalchemy as sa
from alembic import op

revision = "r1"
down_revision = None


def upgrade():
    op.execute('CREATE EXTENSION IF NOT EXISTS "plpgsql"')
    op.execute("CREATE TYPE mood AS ENUM ('ok', 'bad')")
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS users (
            id SERIAL PRIMARY KEY,
            name varchar(30) NOT NULL UNIQUE,
            key uuid,
            made timestamptz NOT NULL DEFAULT now(),
            amount numeric(10, 2),
            note text,
            flag boolean DEFAULT false
        );
        CREATE TABLE posts (
            id bigint PRIMARY KEY,
            user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            slug varchar(40),
            body jsonb,
            CONSTRAINT uq_posts UNIQUE (user_id, slug)
        )
        """
    )
    op.execute("INSERT INTO users (name, key) VALUES ('a', gen_random_uuid())")
    op.execute(sa.text("CREATE UNIQUE INDEX ix_slug ON posts (slug)"))
    op.execute(
        """
        CREATE FUNCTION touch() RETURNS trigger AS $$
        BEGIN NEW.made = now(); RETURN NEW; END;
        $$ LANGUAGE plpgsql
        """
    )
    op.execute("CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE PROCEDURE touch()")
    op.create_table("keep", sa.Column("id", sa.Integer, primary_key=True), sa.Column("v", sa.Integer))
    op.create_table("strange", sa.Column("id", sa.Integer, primary_key=True))
