from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    id: int = Field(primary_key=True)
    email: str = Field(max_length=200, unique=True)


class Order(SQLModel, table=True):
    id: int = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
