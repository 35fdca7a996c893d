"""Zipped formats (DOCX, PPTX, ODT, EPUB) opened within a budget."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from ingest.formats.draft import UnreadableError
from ingest.formats.xml import parse_xml

LARGEST_PART = 64 << 20  # bytes unpacked
LARGEST_SUM = 256 << 20
MOST_PARTS = 20_000
DAMAGED = "Open it in the program that wrote it and save it again."


class Package:
    """The parts of a zipped file. No part larger than the budget is unpacked, whatever the directory claims."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableError(f"is a damaged zipped file ({error})", DAMAGED) from error
        self.names = self._zip.namelist()
        self._unpacked = 0
        if len(self.names) > MOST_PARTS:
            raise UnreadableError(f"holds {len(self.names)} parts", "A document has fewer; unpack it and look.")

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableError when it is missing, damaged, encrypted or too large."""
        try:
            with self._zip.open(name) as part:
                content = part.read(LARGEST_PART + 1)
        except KeyError as error:
            raise UnreadableError(f"lacks its part {name}", DAMAGED) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise UnreadableError(f"has a damaged part {name} ({error})", DAMAGED) from error
        except RuntimeError as error:  # zipfile's way to say "encrypted"
            raise UnreadableError("is protected by a password", "Save a copy without the password.") from error
        self._unpacked += len(content)
        if len(content) > LARGEST_PART or self._unpacked > LARGEST_SUM:
            raise UnreadableError(
                f"unpacks to more than {LARGEST_PART >> 20} MB in one part or {LARGEST_SUM >> 20} MB in all",
                "That is no ordinary document; if it is one, split it.",
            )
        return content

    def xml(self, name: str) -> Any:
        """The root element of a part."""
        return parse_xml(self.read(name), what=f"XML in {name}")

    def optional(self, name: str) -> Any | None:
        """The root element of a part, None where there is none."""
        return self.xml(name) if name in self.names else None
