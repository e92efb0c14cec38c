from fastapi import APIRouter, Body, Depends, HTTPException
from sqlalchemy.orm import Session

from dependencies import logged_in_user, owned_file, owned_folder, superuser, trashed_folder
from models import Bookmark, File, Folder, User, database_session
from schemas import (
    BookmarkInput,
    BookmarkOutput,
    FileInput,
    FileOutput,
    FolderInput,
    FolderOutput,
    UserInput,
    UserOutput,
)
from service import FileService

router = APIRouter()


def file_service(
    session: Session = Depends(database_session), user: User = Depends(logged_in_user)
) -> FileService:
    return FileService(session, user)


@router.get("/folders", response_model=list[FolderOutput])
def list_folders(service: FileService = Depends(file_service)):
    return service.folders()


@router.get("/usage")
def usage(service: FileService = Depends(file_service)) -> dict[str, int]:
    return {"files": service.usage()}


@router.post("/folders", response_model=FolderOutput, status_code=201)
def create_folder(
    body: FolderInput, user: User = Depends(logged_in_user), session: Session = Depends(database_session)
):
    folder = Folder(**body.model_dump(), created_by=user.id)
    session.add(folder)
    session.commit()
    return folder


@router.get("/folders/{folder_id}", response_model=FolderOutput)
def show_folder(folder: Folder = Depends(owned_folder)):
    return folder


@router.put("/folders/{folder_id}", response_model=FolderOutput)
def rename_folder(
    body: FolderInput, folder: Folder = Depends(owned_folder), session: Session = Depends(database_session)
):
    for name, value in body.model_dump().items():
        setattr(folder, name, value)
    session.commit()
    return folder


@router.delete("/folders/{folder_id}", status_code=204)
def delete_folder(folder: Folder = Depends(owned_folder)) -> None:
    folder.is_deleted = True


@router.post("/folders/{folder_id}/restore", status_code=204)
def restore_folder(folder: Folder = Depends(trashed_folder)) -> None:
    folder.is_deleted = False


@router.get("/folders/{folder_id}/files", response_model=list[FileOutput])
def list_files(folder: Folder = Depends(owned_folder), service: FileService = Depends(file_service)):
    return service.files(folder)


@router.post("/folders/{folder_id}/files", response_model=FileOutput, status_code=201)
def create_file(
    body: FileInput, folder: Folder = Depends(owned_folder), session: Session = Depends(database_session)
):
    file = File(name=body.name, size=body.size, folder_id=folder.id)
    session.add(file)
    session.commit()
    return file


@router.get("/folders/{folder_id}/files/{file_id}", response_model=FileOutput)
def show_file_in_folder(
    file_id: int, folder: Folder = Depends(owned_folder), service: FileService = Depends(file_service)
):
    return service.file_in(folder, file_id)


@router.get("/files/{file_id}", response_model=FileOutput)
def show_file(file: File = Depends(owned_file)):
    return file


@router.delete("/files/{file_id}", status_code=204)
def delete_file(file: File = Depends(owned_file)) -> None:
    file.is_deleted = True


@router.post("/files/delete")
def delete_files(ids: list[int] = Body(), service: FileService = Depends(file_service)) -> dict[str, int]:
    return {"deleted": service.delete_many(ids)}


@router.get("/files/{file_id}/link")
def link(
    file_id: int,
    service: FileService = Depends(file_service),
    session: Session = Depends(database_session),
) -> dict[str, str]:
    file = session.query(File).filter(File.id == file_id, File.is_deleted.is_(False)).first()
    if file is None:
        raise HTTPException(404, detail="No such file")
    if not service.may_read(file):
        raise HTTPException(404, detail="No such file")
    return {"link": f"/download/{file.name}"}


@router.get("/bookmarks", response_model=list[BookmarkOutput])
def bookmarks(user: User = Depends(logged_in_user), session: Session = Depends(database_session)):
    return session.query(Bookmark).filter(Bookmark.user_id == user.id).limit(100).all()


@router.put("/bookmarks/{bookmark_id}", response_model=BookmarkOutput)
def change_bookmark(
    bookmark_id: int,
    body: BookmarkInput,
    service: FileService = Depends(file_service),
    session: Session = Depends(database_session),
):
    bookmark = service.bookmark(bookmark_id)
    for name, value in body.model_dump().items():
        setattr(bookmark, name, value)
    session.commit()
    return bookmark


@router.delete("/bookmarks/{bookmark_id}", status_code=204)
def delete_bookmark(
    bookmark_id: int, user: User = Depends(logged_in_user), session: Session = Depends(database_session)
) -> None:
    session.query(Bookmark).filter(Bookmark.id == bookmark_id, Bookmark.user_id == user.id).delete()


@router.get("/me", response_model=UserOutput)
def me(user: User = Depends(logged_in_user)):
    return user


@router.patch("/me", response_model=UserOutput)
def change_me(
    body: UserInput, user: User = Depends(logged_in_user), session: Session = Depends(database_session)
):
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    session.commit()
    return user


@router.get("/formats", dependencies=[Depends(logged_in_user)])
def formats() -> list[str]:
    return ["pdf", "odt"]


administration = APIRouter(prefix="/administration", dependencies=[Depends(superuser)])


@administration.get("/users", response_model=list[UserOutput])
def users(session: Session = Depends(database_session)):
    return session.query(User).limit(100).all()


@administration.put("/users/{user_id}/superuser", status_code=204)
def make_superuser(user_id: int, session: Session = Depends(database_session)) -> None:
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(404, detail="No such user")
    user.is_superuser = True


@administration.delete("/users/{user_id}", status_code=204)
def delete_user(user_id: int, session: Session = Depends(database_session)) -> None:
    session.query(User).filter(User.id == user_id).delete()
