"""Writes a small PDF by hand: text at places, in Helvetica or its bold, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """`x` and `y` in points from the lower left corner of an A4 page (595 x 842)."""

    x: float
    y: float
    text: str
    size: float = 10
    bold: bool = False


def write_pdf(
    pages: list[list[Piece]], *, title: str = "", language: str = "", encrypted: bool = False
) -> bytes:
    objects: list[bytes] = []

    def add(body: str | bytes) -> int:
        objects.append(body.encode("latin-1") if isinstance(body, str) else body)
        return len(objects)

    fonts = " ".join(
        f"/F{n} {add(f'<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>')} 0 R"
        for n, name in enumerate(("Helvetica", "Helvetica-Bold"), start=1)
    )
    parent = len(objects) + 2 * len(pages) + 1
    kids = []
    for pieces in pages:
        stream = b"\n".join(_drawn(piece) for piece in pieces)
        contents = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {contents} 0 R "
                f"/Resources << /Font << {fonts} >> >> >>"
            )
        )
    add(f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>")
    root = add(f"<< /Type /Catalog /Pages {parent} 0 R {f'/Lang ({language})' if language else ''} >>")
    info = add(f"<< /Title ({title}) >>")
    trailer = f"/Root {root} 0 R /Info {info} 0 R"
    if encrypted:
        lock = add(f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>")
        trailer += f" /Encrypt {lock} 0 R /ID [<00> <00>]"
    return _assembled(objects, trailer)


def _drawn(piece: Piece) -> bytes:
    text = piece.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    font = 2 if piece.bold else 1
    return b"BT /F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (font, piece.size, piece.x, piece.y, text)


def _assembled(objects: list[bytes], trailer: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    start = len(out)
    return (
        out
        + f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
