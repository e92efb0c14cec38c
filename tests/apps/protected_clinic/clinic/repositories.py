from typing import Generic, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from clinic.orm import Appointment, Base, Patient, Record

Row = TypeVar("Row", bound=Base)


class Repository(Generic[Row]):
    model: type[Row]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, key: int) -> Row | None:
        return await self.session.get(self.model, key)

    async def add(self, row: Row) -> Row:
        self.session.add(row)
        await self.session.commit()
        return row

    async def remove(self, row: Row) -> None:
        await self.session.delete(row)
        await self.session.commit()


class PatientRepository(Repository[Patient]):
    model = Patient

    async def of_practitioner(self, practitioner_id: int) -> list[Patient]:
        result = await self.session.execute(
            select(Patient).where(Patient.practitioner_id == practitioner_id).order_by(Patient.id).limit(100)
        )
        return list(result.scalars().all())

    async def count(self, practitioner_id: int) -> int:
        query = select(func.count()).select_from(Patient).where(Patient.practitioner_id == practitioner_id)
        return (await self.session.execute(query)).scalar_one()


class RecordRepository(Repository[Record]):
    model = Record

    async def of_patient(self, patient: Patient, record_id: int) -> Record | None:
        result = await self.session.execute(
            select(Record).where(Record.id == record_id, Record.patient_id == patient.id)
        )
        return result.scalar_one_or_none()

    async def visible(self, record_id: int, practitioner_id: int) -> Record | None:
        result = await self.session.execute(
            select(Record)
            .join(Record.patient)
            .where(Record.id == record_id, Patient.practitioner_id == practitioner_id)
        )
        return result.scalar_one_or_none()

    async def clear(self, patient: Patient) -> None:
        await self.session.execute(delete(Record).where(Record.patient_id == patient.id))
        await self.session.commit()


class AppointmentRepository(Repository[Appointment]):
    model = Appointment

    async def of_practitioner(self, practitioner_id: int) -> list[Appointment]:
        result = await self.session.execute(
            select(Appointment).filter_by(practitioner_id=practitioner_id).limit(100)
        )
        return list(result.scalars().all())
