from app.models.label import Label
from app.models.note import Note
from app.models.project import Project
from app.models.user import User

__all__ = ["Label", "Note", "Project", "User"]
