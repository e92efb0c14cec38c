from typing import Annotated

from fastapi import Depends


def paging(limit: int = 20, offset: int = 0) -> tuple[int, int]:
    return limit, offset


Paging = Annotated[tuple[int, int], Depends(paging)]
