"""What makes a PDF fit for the archive and for a screen reader: PDF/A-3a and PDF/UA-1 in one file.

WeasyPrint writes one of the two marks at a time, so the second is put into the metadata afterwards. Both say how the file
is made; whether it is well made is proved by the tests (docs/decisions/0017-papers-that-last.md).
"""

from typing import Any

VARIANT = "pdf/a-3a"
RECORD = "paper.json"
"""The name of the attachment that holds the paper's values."""

END_OF_RDF = b"</rdf:RDF>"
ACCESSIBLE = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
"""PDF/UA's mark, and the description of its vocabulary that PDF/A asks for because it does not know it."""


def finish(_document: Any, pdf: Any) -> None:
    """Put PDF/UA's mark beside PDF/A's, and each attachment once into the list that PDF/A asks for (WeasyPrint: twice)."""
    for each in pdf.objects:
        if getattr(each, "extra", {}).get("Type") == "/Metadata":
            each.stream = [bytes(part).replace(END_OF_RDF, ACCESSIBLE + END_OF_RDF) for part in each.stream]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))
