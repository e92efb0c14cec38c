"""An import from an inner layer to an outer one.

## What
Layers import inwards: routes, then services (CRUD, repositories), then models and schemas, then core. A
module imports from a layer further out: a service from a router, a model from a service. Layers are found by
where modules stand and what they hold, or told by `layers` in the configuration. Imports for type checkers
and inside functions are not meant, and `core` may import models.

## Why
The service cannot be used from a script or a worker without dragging the web framework along; the model
cannot be imported without the services that import it, which is how import cycles begin; and what should be
decided in one place is decided in two.

## Bad
```python
# app/main.py
from fastapi import FastAPI

from app.routers import orders

app = FastAPI()
app.include_router(orders.router)
```
```python
# app/routers/orders.py
from fastapi import APIRouter

from app.services import pricing

router = APIRouter()
DISCOUNT = 5


@router.get("/price")
def read_price() -> int:
    return pricing.price(100)
```
```python
# app/services/pricing.py
import app.routers.orders as orders  # finding


def price(base: int) -> int:
    return base - orders.DISCOUNT
```

## Good
```python
# app/main.py
from fastapi import FastAPI

from app.routers import orders

app = FastAPI()
app.include_router(orders.router)
```
```python
# app/routers/orders.py
from fastapi import APIRouter

from app.services import pricing

router = APIRouter()


@router.get("/price")
def read_price() -> int:
    return pricing.price(100)
```
```python
# app/services/pricing.py
DISCOUNT = 5


def price(base: int) -> int:
    return base - DISCOUNT
```

## Fix
Move what is needed inwards, next to what needs it, or pass it as an argument.

## References
- https://martinfowler.com/bliki/PresentationDomainDataLayering.html
- https://fastapi.tiangolo.com/tutorial/bigger-applications/
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Hit, TrailStep
from rules.project.layering.outward_imports import outward_imports
from rules.project.project import Project
from rules.rule import Confidence, Rule, Severity

RULE = Rule(code="BA102", severity=Severity.MEDIUM)


def check(project: Project) -> Iterator[Hit]:
    """One hit for each import statement that goes outwards."""
    for found in outward_imports(project):
        place = found.module.source.place(found.node)
        order = ", ".join(project.layers.names)
        yield Hit(
            place=place,
            message=(
                f"`{found.module.dotted}` ({found.inner.name}) imports `{found.target.dotted}` "
                f"({found.outer.name}), which lies further out; move what it needs inwards."
            ),
            subject=f"{found.module.dotted} imports {found.target.dotted}",
            confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
            trail=(
                TrailStep(place.path, place.line, f"this module is of the layer {found.inner.name}"),
                TrailStep(found.target.path, 1, f"this one is of {found.outer.name} (order: {order})"),
            ),
            guards_searched=("type checking alone", "import inside a function"),
        )
