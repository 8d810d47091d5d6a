"""What makes a PDF one that is kept (PDF/A-3, ISO 19005-3, level B): what it says of itself, how its
colours are meant, and the file that it carries."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageCms

# When the description of sRGB was made, ICC.1, 7.2.10: the library writes the time of day.
_ICC_DATE, _ALWAYS = slice(24, 36), bytes.fromhex("07d000010001000000000000")

_PROPERTY = """<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>{name} of the e-invoice</pdfaProperty:description></rdf:li>"""
_FACTUR_X = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_NAMES = ("DocumentFileName", "DocumentType", "Version", "ConformanceLevel")
_EXTENSION = f"""<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_FACTUR_X}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{"".join(_PROPERTY.format(name=name) for name in _NAMES)}</rdf:Seq>
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{_FACTUR_X}"><fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName>{{name}}</fx:DocumentFileName><fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>{{level}}</fx:ConformanceLevel></rdf:Description>"""
_METADATA = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>{made_at:%Y-%m-%dT%H:%M:%SZ}</xmp:CreateDate></rdf:Description>
{extension}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An e-invoice inside the PDF: its file, and which profile of Factur-X it keeps to."""

    name: str
    content: bytes
    level: str


@dataclass(frozen=True, slots=True)
class Archive:
    """When a PDF that is kept was made, and what it carries."""

    made_at: datetime
    attachment: Attachment | None = None

    @property
    def date(self) -> str:
        """When it was made, as a PDF says it."""
        return f"(D:{self.made_at.astimezone(UTC):%Y%m%d%H%M%S}Z)"

    def metadata(self, *, title: str, author: str) -> bytes:
        """What the file says of itself (XMP)."""
        file = self.attachment
        extension = _EXTENSION.format(name=file.name, level=file.level) if file else ""
        return _METADATA.format(
            title=escape(title),
            author=escape(author),
            made_at=self.made_at.astimezone(UTC),
            extension=extension,
        ).encode()


@cache
def describe_colours() -> bytes:
    """What red, green and blue mean: sRGB, as an ICC profile, always the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE] = _ALWAYS
    return bytes(profile)


def digest(content: bytes) -> str:
    """A name for a file that follows from what is in it, as a PDF writes it."""
    return f"<{hashlib.md5(content, usedforsecurity=False).hexdigest()}>"
