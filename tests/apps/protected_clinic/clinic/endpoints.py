from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Security
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from clinic.auth import Doctor, Manager, SessionDep, get_active_practitioner, get_practitioner
from clinic.contracts import (
    AppointmentRead,
    AppointmentWrite,
    PatientRead,
    PatientWrite,
    PractitionerEdit,
    PractitionerRead,
    RecordRead,
    RecordWrite,
)
from clinic.orm import Appointment, Letter, Patient, Practitioner, Record
from clinic.ownership import authorize_appointment, ensure_treats
from clinic.repositories import AppointmentRepository, PatientRepository, RecordRepository

router = APIRouter()


async def write_letter(session: AsyncSession, patient_id: int, text: str) -> None:
    session.add(Letter(text=text, patient_id=patient_id))
    await session.commit()


@router.get("/patients", response_model=list[PatientRead])
async def list_patients(session: SessionDep, doctor: Doctor) -> Any:
    return await PatientRepository(session).of_practitioner(doctor.id)


@router.get("/patients/count")
async def count_patients(session: SessionDep, doctor: Doctor) -> dict[str, int]:
    return {"patients": await PatientRepository(session).count(doctor.id)}


@router.post("/patients", response_model=PatientRead, status_code=201)
async def create_patient(session: SessionDep, doctor: Doctor, data: PatientWrite) -> Any:
    return await PatientRepository(session).add(Patient(**data.model_dump(), practitioner_id=doctor.id))


@router.get("/patients/{patient_id}", response_model=PatientRead)
async def get_patient(session: SessionDep, doctor: Doctor, patient_id: int) -> Any:
    patient = await PatientRepository(session).get(patient_id)
    return ensure_treats(patient, doctor)


@router.put("/patients/{patient_id}", response_model=PatientRead)
async def put_patient(session: SessionDep, doctor: Doctor, patient_id: int, data: PatientWrite) -> Any:
    patient = await PatientRepository(session).get(patient_id)
    if patient is None:
        raise HTTPException(404, "No such patient")
    if patient.practitioner_id != doctor.id:
        raise HTTPException(403, "Not your patient")
    for key, value in data.model_dump().items():
        setattr(patient, key, value)
    await session.commit()
    return patient


@router.post("/patients/{patient_id}/letters", status_code=202)
async def send_letter(
    session: SessionDep, doctor: Doctor, patient_id: int, data: RecordWrite, background: BackgroundTasks
) -> dict[str, str]:
    patient = ensure_treats(await PatientRepository(session).get(patient_id), doctor)
    background.add_task(write_letter, session, patient.id, data.text)
    return {"status": "queued"}


@router.get("/patients/{patient_id}/records", response_model=list[RecordRead])
async def list_records(session: SessionDep, doctor: Doctor, patient_id: int) -> Any:
    patient = ensure_treats(await PatientRepository(session).get(patient_id), doctor)
    return (await session.scalars(select(Record).where(Record.patient_id == patient.id).limit(100))).all()


@router.delete("/patients/{patient_id}/records", status_code=204)
async def clear_records(session: SessionDep, doctor: Doctor, patient_id: int) -> None:
    patient = ensure_treats(await PatientRepository(session).get(patient_id), doctor)
    await RecordRepository(session).clear(patient)


@router.post("/patients/{patient_id}/records", response_model=RecordRead, status_code=201)
async def create_record(session: SessionDep, doctor: Doctor, patient_id: int, data: RecordWrite) -> Any:
    patient = ensure_treats(await PatientRepository(session).get(patient_id), doctor)
    return await RecordRepository(session).add(Record(**data.model_dump(), patient_id=patient.id))


@router.get("/patients/{patient_id}/records/{record_id}", response_model=RecordRead)
async def get_record(session: SessionDep, doctor: Doctor, patient_id: int, record_id: int) -> Any:
    patient = ensure_treats(await PatientRepository(session).get(patient_id), doctor)
    record = await RecordRepository(session).of_patient(patient, record_id)
    if record is None:
        raise HTTPException(404, "No such record")
    return record


@router.get("/records/{record_id}", response_model=RecordRead)
async def get_any_record(session: SessionDep, doctor: Doctor, record_id: int) -> Any:
    record = await RecordRepository(session).visible(record_id, doctor.id)
    if not record:
        raise HTTPException(404, "No such record")
    return record


@router.delete("/records/{record_id}", status_code=204)
async def delete_record(session: SessionDep, doctor: Doctor, record_id: int) -> None:
    record = await RecordRepository(session).get(record_id)
    if record is None:
        raise HTTPException(404, "No such record")
    if record.patient.practitioner_id != doctor.id:
        raise HTTPException(404, "No such record")
    await RecordRepository(session).remove(record)


@router.get("/appointments", response_model=list[AppointmentRead])
async def list_appointments(session: SessionDep, doctor: Doctor) -> Any:
    return await AppointmentRepository(session).of_practitioner(doctor.id)


@router.post("/appointments", response_model=AppointmentRead, status_code=201)
async def create_appointment(session: SessionDep, doctor: Doctor, data: AppointmentWrite) -> Any:
    appointment = Appointment(**data.model_dump(), practitioner_id=doctor.id)
    return await AppointmentRepository(session).add(appointment)


@router.get("/appointments/{appointment_id}", response_model=AppointmentRead)
async def get_appointment(session: SessionDep, doctor: Doctor, appointment_id: int) -> Any:
    appointment = await AppointmentRepository(session).get(appointment_id)
    if appointment is None:
        raise HTTPException(404, "No such appointment")
    authorize_appointment(appointment, doctor)
    return appointment


@router.delete("/appointments/{appointment_id}", status_code=204)
async def cancel_appointment(session: SessionDep, doctor: Doctor, appointment_id: int) -> None:
    appointment = await AppointmentRepository(session).get(appointment_id)
    if appointment is None:
        raise HTTPException(404, "No such appointment")
    authorize_appointment(appointment, doctor)
    await AppointmentRepository(session).remove(appointment)


@router.get("/self", response_model=PractitionerRead)
async def get_self(doctor: Doctor) -> Any:
    return doctor


@router.patch("/self", response_model=PractitionerRead)
async def edit_self(session: SessionDep, doctor: Doctor, data: PractitionerEdit) -> Any:
    for key, value in data.model_dump(exclude_unset=True).items():
        setattr(doctor, key, value)
    await session.commit()
    return doctor


@router.get("/opening-hours", dependencies=[Depends(get_active_practitioner)])
async def opening_hours() -> dict[str, str]:
    return {"monday": "8-12"}


@router.get("/practitioners", response_model=list[PractitionerRead])
async def list_practitioners(session: SessionDep, manager: Manager) -> Any:
    return (await session.scalars(select(Practitioner).limit(100))).all()


@router.post("/practitioners/{practitioner_id}/disable", status_code=204)
async def disable_practitioner(session: SessionDep, manager: Manager, practitioner_id: int) -> None:
    practitioner = await session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise HTTPException(404, "No such practitioner")
    practitioner.disabled = True
    await session.commit()


@router.delete("/practitioners/{practitioner_id}", status_code=204)
async def delete_practitioner(
    session: SessionDep,
    manager: Annotated[Practitioner, Security(get_practitioner, scopes=["manage"])],
    practitioner_id: int,
) -> None:
    practitioner = await session.get(Practitioner, practitioner_id)
    if practitioner is None:
        raise HTTPException(404, "No such practitioner")
    await session.delete(practitioner)
    await session.commit()


@router.get(
    "/audit/records", response_model=list[RecordRead], dependencies=[Security(get_practitioner, scopes=["audit"])]
)
async def audit_records(session: SessionDep) -> Any:
    return (await session.scalars(select(Record).limit(100))).all()
