"""The binder process: takes printed papers from standard input, one after the other, and answers with one file of all.

Started as `python -m web.documents.binder pdf|zip duplex|simplex NICENESS` by `binding`. A paper is a length and its name,
a length and its bytes; an empty name ends the row. The answer is a kind letter, a length and bytes: N the number of pages,
then P the file; or E what went wrong. Merging hundreds of papers takes seconds and memory that the web process has not.
"""

import io
import os
import sys
import zipfile
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, PdfObject, read_object

from web.documents.shared_faces import Faces
from web.documents.worker import LENGTH, answer, limit_memory, read_exactly

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: papers carry their own."""


class Paper(PdfReader):
    """A printed paper, of which only what the pages need is read: most of the file tells screen readers what is what."""

    def _get_object_from_stream(self, indirect_reference: IndirectObject) -> PdfObject:
        number, place = self.xref_objStm[indirect_reference.idnum]
        body, places = self._unpacked(number)
        found = io.BytesIO(body)
        found.seek(places[place])
        one: PdfObject = read_object(found, self)  # type: ignore[assignment]
        self.cache_indirect_object(0, indirect_reference.idnum, one)
        return one

    def _unpacked(self, number: int) -> tuple[bytes, list[int]]:
        """An object stream and where its objects begin, read once."""
        kept: dict[int, tuple[bytes, list[int]]] = self.__dict__.setdefault("unpacked", {})
        if number not in kept:
            stream: Any = IndirectObject(number, 0, self).get_object()
            body = stream.get_data()
            numbers = [int(each) for each in body[: int(stream["/First"])].split()]
            kept[number] = (body, [int(stream["/First"]) + each for each in numbers[1::2]])
        return kept[number]


class Zip:
    """Each paper a file of its own."""

    def __init__(self) -> None:
        self.out, self.pages = io.BytesIO(), 0
        self.file = zipfile.ZipFile(self.out, "w", zipfile.ZIP_STORED)  # papers are compressed already

    def add(self, name: str, body: bytes) -> None:
        """One more paper."""
        self.pages += len(Paper(io.BytesIO(body)).pages)
        self.file.writestr(zipfile.ZipInfo(f"{name}.pdf", EARLIEST), body)

    def finish(self) -> bytes:
        """The file."""
        self.file.close()
        return self.out.getvalue()


class Book:
    """All papers one behind the other; with `duplex` each begins on a new sheet, and each is a bookmark."""

    def __init__(self, duplex: bool) -> None:
        self.duplex, self.pages = duplex, 0
        self.writer = PdfWriter()
        self.faces = Faces(self.writer)

    def add(self, name: str, body: bytes) -> None:
        """One more paper."""
        paper = Paper(io.BytesIO(body))
        shared: dict[int, DictionaryObject] = {}
        begins = self.pages
        for page in paper.pages:
            for entry in ("/StructParents", "/Tabs", "/Annots", "/AF"):  # of the paper's own reading order and fields
                page.pop(entry, None)
            resources: Any = page.get("/Resources", DictionaryObject()).get_object()
            fonts: Any = resources.get("/Font", DictionaryObject()).get_object()
            if id(fonts) not in shared:
                shared[id(fonts)] = self.faces.share(fonts)
            resources[NameObject("/Font")] = shared[id(fonts)]
            self.writer.add_page(page)
            self.pages += 1
        self.writer.add_outline_item(title=name, page_number=begins)
        if self.duplex and (self.pages - begins) % 2:
            self.writer.add_blank_page()
            self.pages += 1

    def finish(self) -> bytes:
        """The file."""
        self.faces.finish()
        out = io.BytesIO()
        self.writer.write(out)
        return out.getvalue()


def main() -> None:
    """Take papers until the row ends, then answer."""
    os.nice(int(sys.argv[3]))
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory()
    file: Zip | Book = Zip() if sys.argv[1] == "zip" else Book(sys.argv[2] == "duplex")
    source = sys.stdin.buffer
    try:
        while name := _frame(source).decode():
            file.add(name, _frame(source))
        body = file.finish()
    except EOFError:
        return
    except BaseException as error:
        answer(channel, b"E", f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace"))
        return
    answer(channel, b"N", LENGTH.pack(file.pages))
    answer(channel, b"P", body)


def _frame(source: Any) -> bytes:
    (size,) = LENGTH.unpack(read_exactly(source, LENGTH.size))
    return read_exactly(source, size) if size else b""


if __name__ == "__main__":
    main()
