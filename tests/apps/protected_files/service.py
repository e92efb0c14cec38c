from fastapi import HTTPException
from sqlalchemy.orm import Session

from models import Bookmark, File, Folder, User


class FileService:
    """What a user does with files."""

    def __init__(self, session: Session, user: User) -> None:
        self.session = session
        self.user = user

    def folders(self) -> list[Folder]:
        query = self.session.query(Folder).filter_by(created_by=self.user.id, is_deleted=False)
        return query.order_by(Folder.id).limit(100).all()

    def files(self, folder: Folder) -> list[File]:
        query = self.session.query(File).filter(File.folder_id == folder.id, File.is_deleted.is_(False))
        return query.limit(500).all()

    def usage(self) -> int:
        query = self.session.query(File).join(Folder).filter(Folder.created_by == self.user.id)
        return query.filter(File.is_deleted.is_(False)).count()

    def file_in(self, folder: Folder, file_id: int) -> File:
        file = self.session.query(File).filter_by(id=file_id, folder_id=folder.id, is_deleted=False).first()
        if file is None:
            raise HTTPException(404, detail="No such file")
        return file

    def may_read(self, file: File) -> bool:
        return file.folder.created_by == self.user.id

    def bookmark(self, bookmark_id: int) -> Bookmark:
        found = self.session.query(Bookmark).filter_by(id=bookmark_id, user_id=self.user.id).one_or_none()
        if found is None:
            raise HTTPException(404, detail="No such bookmark")
        return found

    def delete_many(self, ids: list[int]) -> int:
        mine = self.session.query(Folder.id).filter(Folder.created_by == self.user.id)
        query = self.session.query(File).filter(File.id.in_(ids), File.folder_id.in_(mine))
        return query.update({File.is_deleted: True}, synchronize_session=False)
