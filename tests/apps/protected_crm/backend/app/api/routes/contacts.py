from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from sqlmodel import Session, col, delete, func, select

from app import crud
from app.api.deps import get_current_active_user, get_db, valid_contact
from app.models import (
    Contact,
    ContactCreate,
    ContactPublic,
    ContactsPublic,
    ContactUpdate,
    Deal,
    DealCreate,
    DealPublic,
    DealUpdate,
    Message,
    User,
)

router = APIRouter(prefix="/contacts", tags=["contacts"])


@router.get("/", response_model=ContactsPublic)
def read_contacts(
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
    skip: int = 0,
    limit: int = 100,
) -> Any:
    if current_user.is_superuser:
        count = session.exec(select(func.count()).select_from(Contact)).one()
        contacts = crud.contact.get_multi(session, skip=skip, limit=limit)
    else:
        count = crud.contact.count_by_owner(session, owner_id=current_user.id)
        contacts = crud.contact.get_multi_by_owner(session, owner_id=current_user.id, skip=skip, limit=limit)
    return ContactsPublic(data=contacts, count=count)


@router.get("/search", response_model=list[ContactPublic])
def search_contacts(
    q: str | None = None,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    statement = select(Contact).where(Contact.owner_id == current_user.id)
    if q:
        statement = statement.where(col(Contact.name).contains(q))
    return session.exec(statement.limit(50)).all()


@router.post("/", response_model=ContactPublic)
def create_contact(
    contact_in: ContactCreate,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    return crud.contact.create_with_owner(session, obj_in=contact_in, owner_id=current_user.id)


@router.post("/bulk-delete", response_model=Message)
def delete_contacts(
    ids: list[int],
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    session.exec(
        delete(Contact).where(col(Contact.id).in_(ids), col(Contact.owner_id) == current_user.id)
    )
    session.commit()
    return Message(message="Contacts deleted")


@router.get("/{contact_id}", response_model=ContactPublic)
def read_contact(contact: Contact = Depends(valid_contact)) -> Any:
    return contact


@router.put("/{contact_id}", response_model=ContactPublic)
def update_contact(
    contact_in: ContactUpdate, contact: Contact = Depends(valid_contact), session: Session = Depends(get_db)
) -> Any:
    return crud.contact.update(session, db_obj=contact, obj_in=contact_in)


@router.delete("/{contact_id}", response_model=Message)
def delete_contact(
    contact_id: int,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    contact = crud.contact.get(session, id=contact_id)
    if not contact:
        raise HTTPException(status_code=404, detail="Contact not found")
    if contact.owner_id != current_user.id:
        raise HTTPException(status_code=403, detail="Not enough permissions")
    crud.contact.remove(session, db_obj=contact)
    return Message(message="Contact deleted")


@router.post("/{contact_id}/deals", response_model=DealPublic)
def create_deal(
    deal_in: DealCreate,
    contact: Contact = Depends(valid_contact),
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    return crud.deal.create_with_owner(
        session, obj_in=deal_in, owner_id=current_user.id, contact_id=contact.id
    )


@router.get("/{contact_id}/deals/{deal_id}", response_model=DealPublic)
def read_deal(
    deal_id: int, contact: Contact = Depends(valid_contact), session: Session = Depends(get_db)
) -> Any:
    deal = crud.deal.get_for_contact(session, contact, deal_id)
    if not deal:
        raise HTTPException(status_code=404, detail="Deal not found")
    return deal


@router.patch("/{contact_id}/deals/{deal_id}", response_model=DealPublic)
def update_deal(
    deal_id: int,
    deal_in: DealUpdate,
    contact: Contact = Depends(valid_contact),
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> Any:
    deal = crud.deal.get(session, id=deal_id)
    if not deal or deal.contact_id != contact.id:
        raise HTTPException(status_code=404, detail="Deal not found")
    return crud.deal.update(session, db_obj=deal, obj_in=deal_in)


@router.get("/{contact_id}/export")
def export_contact(
    contact_id: int,
    session: Session = Depends(get_db),
    current_user: User = Depends(get_current_active_user),
) -> dict[str, Any]:
    contact = crud.contact.get(session, id=contact_id)
    if contact is None or contact.owner_id != current_user.id:
        raise HTTPException(status_code=404, detail="Contact not found")
    deals = session.exec(select(Deal).where(Deal.contact_id == contact.id).limit(500)).all()
    return {"name": contact.name, "deals": [deal.title for deal in deals]}
