"""Small files of other people's formats, made by hand."""

import zipfile
from io import BytesIO

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zipped(parts):
    """A ZIP file of (name, text) pairs."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def docx(body, **parts):
    """A DOCX with the given body and further parts of `word/`."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
    }
    return zipped(files | {f"word/{name}.xml": text for name, text in parts.items()})


def word(text, style=""):
    """A paragraph of a DOCX."""
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}<w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(*pages):
    """A PDF; each page is a list of (x, y, size, text), drawn in this order."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        drawn = "".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, text in page)
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
        content = len(objects)
        fonts = "<< /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {fonts} /Contents {content} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    written, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return f"{written}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


JATS = """<article article-type="research-article"><front>
<journal-meta><journal-id journal-id-type="iso-abbrev">J Ex</journal-id></journal-meta>
<article-meta><article-id pub-id-type="pmid">77</article-id><article-id pub-id-type="doi">10.1000/x</article-id>
<title-group><article-title>Alphamab in <italic>PPMS</italic></article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname><given-names>Jane A</given-names></name></contrib>
</contrib-group><pub-date><day>4</day><year>2021</year></pub-date><volume>3</volume><fpage>1</fpage><lpage>9</lpage>
<abstract><sec><title>Methods</title><p>We gave alphamab.</p></sec></abstract></article-meta></front>
<body><sec><title>Results</title><p>It slowed progression.<sup><xref ref-type="bibr">1</xref>,<xref ref-type="bibr">2</xref></sup>
Cells fell by 10<sup>9</sup> [<xref ref-type="bibr">3</xref>].</p>
<table-wrap><label>Table 1</label><caption><p>People</p></caption><table><thead><tr><th></th><th>Alphamab</th><th>Placebo</th></tr>
</thead><tbody><tr><td>Age</td><td>44</td><td>45</td></tr></tbody></table></table-wrap></sec></body>
<back><ref-list><title>References</title><ref><mixed-citation>Somebody 1999</mixed-citation></ref></ref-list></back></article>"""
