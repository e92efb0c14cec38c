from sqlmodel import Session, select

from app.crud.base import CRUDBase
from app.models import Contact, Deal, Setting, User


class CRUDUser(CRUDBase[User]):
    def get_by_email(self, session: Session, email: str) -> User | None:
        return session.exec(select(User).where(User.email == email)).first()


class CRUDDeal(CRUDBase[Deal]):
    def get_for_contact(self, session: Session, contact: Contact, id: int) -> Deal | None:
        return session.exec(select(Deal).where(Deal.id == id).where(Deal.contact_id == contact.id)).first()


user = CRUDUser(User)
contact = CRUDBase(Contact)
deal = CRUDDeal(Deal)
setting = CRUDBase(Setting)
