"""Route, service, generic repository: the query is three files away from the handler."""

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from models import Account, Base, Order
from services import OrderService
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
make_session = sessionmaker(engine)
router = APIRouter(prefix="/orders")


def get_db():
    session = make_session()
    try:
        yield session
    finally:
        session.close()


def get_account(authorization: str = Header(), db: Session = Depends(get_db)) -> Account:
    account = db.query(Account).filter(Account.name == authorization.removeprefix("Bearer ")).first()
    if not account:
        raise HTTPException(401)
    return account


def get_service(db: Session = Depends(get_db)) -> OrderService:
    return OrderService(db)


def own_order(
    order_id: int, service: OrderService = Depends(get_service), account: Account = Depends(get_account)
) -> Order:
    return service.find_own(order_id, account)


def shown(order: Order) -> dict[str, object]:
    return {"id": order.id, "text": order.text}


def seed() -> None:
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with make_session() as session:
        for name in ("ada", "bob"):
            account = Account(name=name)
            session.add(account)
            session.flush()
            session.add(Order(text=f"order of {name}", account_id=account.id))
        session.commit()


@router.get("/open/{order_id}")
def read_open(
    order_id: int, service: OrderService = Depends(get_service), account: Account = Depends(get_account)
):
    return shown(service.find(order_id))


@router.get("/own/{order_id}")
def read_own(
    order_id: int, service: OrderService = Depends(get_service), account: Account = Depends(get_account)
):
    return shown(service.find_own(order_id, account))


@router.get("/dependency/{order_id}")
def read_dependency(order: Order = Depends(own_order)):
    return shown(order)


@router.delete("/open/{order_id}")
def delete_open(
    order_id: int, service: OrderService = Depends(get_service), account: Account = Depends(get_account)
):
    service.orders.remove(service.find(order_id))


@router.delete("/own/{order_id}")
def delete_own(order: Order = Depends(own_order), service: OrderService = Depends(get_service)):
    service.orders.remove(service.find(order.id))


@router.get("/open")
def list_open(service: OrderService = Depends(get_service), account: Account = Depends(get_account)):
    return [shown(order) for order in service.orders.all()]


@router.get("/own")
def list_own(service: OrderService = Depends(get_service), account: Account = Depends(get_account)):
    return [shown(order) for order in service.orders.of(account)]


app = FastAPI()
app.include_router(router)
