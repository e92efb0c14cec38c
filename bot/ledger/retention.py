"""How long Redis keeps what it holds.

GitHub can redeliver for 3 days (github.com) or 7 days (Enterprise Server): a delivery is known for longer.
Source: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
"""

from __future__ import annotations

DAY_MILLISECONDS = 86_400_000
DELIVERY_MILLISECONDS = 8 * DAY_MILLISECONDS
ITEM_MILLISECONDS = 60 * DAY_MILLISECONDS
DEAD_LETTERS = 1_000
