from pydantic import BaseModel


class Hit(BaseModel):
    score: float
