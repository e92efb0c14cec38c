from sqlmodel import Field, Relationship, SQLModel


class Membership(SQLModel, table=True):
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    user_id: int = Field(foreign_key="account.id", primary_key=True)
    role: str = Field(default="member")


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True, unique=True)
    api_token: str
    staff: bool = False

    teams: list["Team"] = Relationship(back_populates="members", link_model=Membership)


class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str

    members: list[Account] = Relationship(back_populates="teams", link_model=Membership)
    projects: list["Project"] = Relationship(back_populates="team")


class Project(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    team_id: int = Field(foreign_key="team.id", index=True)

    team: Team = Relationship(back_populates="projects")
    tasks: list["Task"] = Relationship(back_populates="project")


class Task(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
    done: bool = False
    project_id: int = Field(foreign_key="project.id", index=True)
    assignee_id: int | None = Field(default=None, foreign_key="account.id", index=True)

    project: Project = Relationship(back_populates="tasks")


class Draft(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    body: str
    account_id: int = Field(foreign_key="account.id", index=True)
