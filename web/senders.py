"""Short messages to phones: a sender that can be plugged in; none by default, a file in development (STATION_SENDER)."""

import os
from datetime import datetime
from pathlib import Path
from typing import Protocol

from db.clock import now


class SendingFailed(Exception):
    """The message was not taken; the person is told to come to the station instead."""


class Sender(Protocol):
    """What a gateway must be able to do."""

    works: bool

    async def send(self, phone: str, text: str) -> None:
        """Send `text` to a phone in the form of `rules.identity.parse_phone`. SendingFailed when it was not taken."""


class NoSender:
    """The default: nothing is sent, and pages do not offer what would need it."""

    works = False

    async def send(self, phone: str, text: str) -> None:
        """Refuses."""
        raise SendingFailed("no sender is configured")


class FileSender:
    """Appends each message to a file of mode 0600: for development and tests only, since it keeps phones in plain text."""

    works = True

    def __init__(self, path: Path) -> None:
        self.path = path

    async def send(self, phone: str, text: str) -> None:
        """Append one line: moment, phone, text."""
        moment: datetime = now()
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{moment.isoformat(timespec='seconds')}\t{phone}\t{text}\n")


def sender_named(name: str, folder: Path) -> Sender:
    """The sender of STATION_SENDER: "" or "none", or "file" (messages.txt in the data folder). ValueError: unknown."""
    match name:
        case "" | "none":
            return NoSender()
        case "file":
            return FileSender(folder / "messages.txt")
    raise ValueError(name)
