"""Tables, columns and schemas, as SQLAlchemy, SQLModel and Pydantic would make them."""
