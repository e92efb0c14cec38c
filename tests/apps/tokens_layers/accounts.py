import hashlib
import secrets

from sqlmodel import Field, Session, SQLModel, select


class NewAccount(SQLModel):
    email: str
    password: str


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    password: str


def hash_password(password: str) -> str:
    return hashlib.scrypt(password.encode(), salt=b"per user", n=2**15, r=8, p=1).hex()  # guards cost


def verify_password(password: str, hashed: str) -> bool:
    return secrets.compare_digest(hash_password(password), hashed)  # guards verified


class Accounts:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_email(self, email: str) -> Account | None:
        return self.session.exec(select(Account).where(Account.email == email)).first()

    def by_id(self, key: int) -> Account | None:
        return self.session.get(Account, key)

    def add(self, new: NewAccount) -> Account:
        hashed = {"password": hash_password(new.password)}  # guards added
        account = Account.model_validate(new, update=hashed)  # sink cost added
        self.session.add(account)
        self.session.commit()
        return account

    def authenticate(self, email: str, password: str) -> Account | None:
        account = self.by_email(email)
        if account is None or not verify_password(password, account.password):
            return None
        return account
