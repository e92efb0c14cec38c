"""Webhooks: what happened as payloads, and their signed deliveries."""
