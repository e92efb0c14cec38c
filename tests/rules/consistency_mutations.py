"""Faults put into a sound application that does everything in one way: one edit each.

The operators were written after the rules, and before the rules were measured with them.
"""

from __future__ import annotations

from tests.rules.architecture_mutations import Edit

_ROUTERS = "routers.py"
_CREATE = '@wares.post("", tags=["wares"], status_code=status.HTTP_201_CREATED, responses=TAKEN)'
_DELETE = (
    '@wares.delete("/{ware_id}", tags=["wares"], status_code=status.HTTP_204_NO_CONTENT, responses=MISSING)'
)


def _router(operator: str, old: str, new: str, rule: str, marker: str) -> Edit:
    return Edit(operator, _ROUTERS, old, new, rule, _ROUTERS, marker)


def _detail(operator: str, detail: str) -> Edit:
    new = f"raise HTTPException(409, detail={detail})"
    return _router(operator, 'raise HTTPException(409, detail="too many")', new, "BA213", new)


EDITS = (
    _detail("detail becomes an object", '{"reason": "too many"}'),
    _detail("detail becomes another object", '{"code": 7, "text": "too many"}'),
    _detail("detail becomes a list", '["too many"]'),
    _router("declared status removed", _CREATE, _CREATE.replace(", responses=TAKEN", ""), "BA214",
            "@wares.post("),
    _router("declared status removed", _DELETE, _DELETE.replace(", responses=MISSING", ""), "BA214",
            "@wares.delete("),
    _router("declared status changed", '@wares.patch("/{ware_id}", tags=["wares"], responses=MISSING)',
            '@wares.patch("/{ware_id}", tags=["wares"], responses=TAKEN)', "BA214",
            '@wares.patch("/{ware_id}",'),
    _router("raised status changed", 'HTTPException(404, detail="no such seller")',
            'HTTPException(410, detail="no such seller")', "BA214", "top-sellers"),
    _router("limit removed", ".offset(offset).limit(limit)).all())", ".offset(offset)).all())",
            "BA215", "order_by(Ware.id).offset"),
    _router("limit removed", "(Ware.left == 0).limit(limit)", "(Ware.left == 0)", "BA215", "Ware.left == 0"),
    _router("exclude_unset removed", "sqlmodel_update(data.model_dump(exclude_unset=True))",
            "sqlmodel_update(data.model_dump())", "BA216", "sqlmodel_update"),
    _router("exclude_unset removed", "in data.model_dump(exclude_unset=True).items()",
            "in data.model_dump().items()", "BA216", "data.model_dump().items()"),
    _router("exclude_unset becomes exclude_none", "sqlmodel_update(data.model_dump(exclude_unset=True))",
            "sqlmodel_update(data.model_dump(exclude_none=True))", "BA216", "sqlmodel_update"),
    _router("exclude_unset becomes a mode", "in data.model_dump(exclude_unset=True).items()",
            'in data.model_dump(mode="json").items()', "BA216", 'mode="json"'),
    _router("PATCH becomes PUT", '@wares.patch("/{ware_id}",', '@wares.put("/{ware_id}",', "BA216",
            "sqlmodel_update"),
    _router("tags removed", _DELETE, _DELETE.replace('tags=["wares"], ', ""), "BA217", "@wares.delete("),
    _router("tags removed", '@wares.get("/sold-out", tags=["wares"])', '@wares.get("/sold-out")', "BA217",
            '@wares.get("/sold-out")'),
    Edit("handler removed", "main.py", "app.add_exception_handler(OutOfStock, answer)\n", "",
         "BA218", "routers.py", "raise OutOfStock"),
    Edit("handler of another", "main.py", "handler(OutOfStock, answer)", "handler(KeyError, answer)",
         "BA218", "routers.py", "raise OutOfStock"),
    _router("except of another", "except Unsold:", "except KeyError:", "BA218", "raise Unsold"),
    _router("another exception", "raise OutOfStock(ware.name)", "raise Unsold(ware.name)", "BA218",
            "raise Unsold(ware"),
    _router("slash at the end", "/delivery-notes", "/delivery-notes/", "BA219", "delivery-notes"),
    _router("slash at the end", "/customers/{customer_id}", "/customers/{customer_id}/", "BA219",
            "customers/"),
    _router("snake case", "/credit-notes", "/credit_notes", "BA219", "credit_notes"),
    _router("camel case", "/opening-hours", "/openingHours", "BA219", "openingHours"),
    _router("collection in the singular", "/customers/{customer_id}", "/customer/{customer_id}", "BA219",
            "customer/{"),
    Edit("parameter first", _ROUTERS, 'orders = APIRouter(prefix="/orders")', "orders = APIRouter()",
         "BA219", _ROUTERS, "/{order_id}/credit-notes"),
)  # fmt: skip
