from sqlmodel import Session, select

from app.core.security import hash_password, verify_password
from app.models.user import User, UserCreate


def find_by_email(session: Session, email: str) -> User | None:
    return session.exec(select(User).where(User.email == email)).first()


def find_all(session: Session, limit: int) -> list[User]:
    return list(session.exec(select(User).order_by(User.email).limit(limit)).all())


def authenticate(session: Session, email: str, password: str) -> User | None:
    user = find_by_email(session, email)
    if user is None or not user.is_active or not verify_password(password, user.hashed_password):
        return None
    return user


def create(session: Session, given: UserCreate) -> User:
    user = User(
        email=given.email,
        full_name=given.full_name,
        hashed_password=hash_password(given.password),
    )
    session.add(user)
    session.commit()
    session.refresh(user)
    return user
