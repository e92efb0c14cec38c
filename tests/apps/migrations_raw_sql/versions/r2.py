import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN age integer NOT NULL DEFAULT 0, DROP COLUMN note")
    op.execute("ALTER TABLE users ALTER COLUMN amount TYPE numeric(12, 3), ALTER COLUMN key SET NOT NULL")
    op.execute("ALTER TABLE users ALTER COLUMN made DROP NOT NULL")
    op.execute("ALTER TABLE posts RENAME COLUMN body TO content")
    op.execute("ALTER TABLE posts DROP CONSTRAINT uq_posts")
    op.execute("ALTER TABLE posts ADD CONSTRAINT fk_self FOREIGN KEY (id) REFERENCES posts (id)")
    op.execute("ALTER TABLE posts RENAME TO articles")
    op.execute("ALTER TABLE users ENABLE ROW LEVEL SECURITY")
    op.execute("UPDATE users SET age = 3; DELETE FROM articles")
    op.execute("DROP INDEX ix_slug")
    bind = op.get_bind()
    bind.execute(sa.text("ALTER TABLE keep ADD COLUMN w integer"))
    bind.exec_driver_sql("COMMENT ON TABLE keep IS 'alter table keep'")
    op.execute("DO $$ BEGIN ALTER TABLE strange ADD COLUMN hidden text; END $$")
    op.execute(f"SELECT setval('users_id_seq', {1 + 1})")
    op.execute("CREATE VIEW seen AS SELECT id FROM users")
    op.execute("ALTER TYPE mood ADD VALUE 'new'")
