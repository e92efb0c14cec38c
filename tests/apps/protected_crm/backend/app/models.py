from sqlmodel import Field, SQLModel


class UserBase(SQLModel):
    email: str = Field(unique=True, index=True, max_length=255)
    full_name: str | None = Field(default=None, max_length=255)


class User(UserBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    hashed_password: str
    is_active: bool = True
    is_superuser: bool = False


class UserRegister(SQLModel):
    email: str = Field(max_length=255)
    password: str = Field(min_length=8, max_length=40)


class UserUpdateMe(SQLModel):
    full_name: str | None = Field(default=None, max_length=255)


class UserPublic(UserBase):
    id: int


class UsersPublic(SQLModel):
    data: list[UserPublic]
    count: int


class ContactBase(SQLModel):
    name: str = Field(max_length=255)
    phone: str | None = Field(default=None, max_length=50)


class Contact(ContactBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id", index=True)
    portal_token: str = ""


class ContactCreate(ContactBase):
    pass


class ContactUpdate(SQLModel):
    name: str | None = Field(default=None, max_length=255)
    phone: str | None = None


class ContactPublic(ContactBase):
    id: int
    owner_id: int


class ContactsPublic(SQLModel):
    data: list[ContactPublic]
    count: int


class DealBase(SQLModel):
    title: str = Field(max_length=255)
    amount: int = 0


class Deal(DealBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)


class DealCreate(DealBase):
    pass


class DealUpdate(SQLModel):
    title: str | None = None
    amount: int | None = None


class DealPublic(DealBase):
    id: int
    contact_id: int


class Setting(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    value: str


class Message(SQLModel):
    message: str


class Token(SQLModel):
    access_token: str
    token_type: str = "bearer"
