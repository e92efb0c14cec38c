from fastapi import HTTPException

from clinic.orm import Appointment, Patient, Practitioner


def ensure_treats(patient: Patient | None, practitioner: Practitioner) -> Patient:
    """The patient, if the practitioner treats them."""
    if patient is None or patient.practitioner_id != practitioner.id:
        raise HTTPException(404, "No such patient")
    return patient


def authorize_appointment(appointment: Appointment, practitioner: Practitioner) -> None:
    if appointment.practitioner_id != practitioner.id:
        raise HTTPException(403, "Not your appointment")
