from fastapi import APIRouter, Depends

from . import deps

router = APIRouter(prefix="/users", tags=["users"], dependencies=[Depends(deps.router_wide)])
nested = APIRouter(prefix="/{user_id}/posts", tags=["posts"])


@router.get("", dependencies=[Depends(deps.decorator_wide)])
def list_users(token: str = Depends(deps.inner)) -> list[str]:
    return []


@nested.get("/{post_id}")
def read_post(user_id: int, post_id: int) -> int:
    return post_id


router.include_router(nested, dependencies=[Depends(deps.include_wide)])
