from sqlalchemy import Column, Integer, Numeric, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Account(Base):
    __tablename__ = "billing_account"

    id = Column(Integer, primary_key=True)
    iban = Column(String(34), nullable=False)


class Invoice(Base):
    __tablename__ = "invoice"

    id = Column(Integer, primary_key=True)
    amount = Column(Numeric(10, 2))
