import enum
from datetime import date

from sqlalchemy import BigInteger, Enum, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Base(DeclarativeBase):
    pass


class Numbered:
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Team(Numbered, Base):
    __tablename__ = "teams"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    city: Mapped[str | None] = mapped_column(String(60))
    founded: Mapped[date]
    size: Mapped[int] = mapped_column(SmallInteger)
    level: Mapped[Level] = mapped_column(Enum(Level, name="level"))
    members: Mapped[list["Member"]] = relationship(back_populates="team")


class Member(Numbered, Base):
    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("team_id", "shirt"),
        Index("ix_members_name_shirt", "name", "shirt"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    shirt: Mapped[int | None]
    email: Mapped[str] = mapped_column(String(255), index=True)
    team: Mapped[Team] = relationship(back_populates="members")
    badges: Mapped[list["Badge"]] = relationship(back_populates="member")


class Badge(Numbered, Base):
    __tablename__ = "badges"

    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12), unique=True, index=True)
    member: Mapped[Member] = relationship(back_populates="badges")
