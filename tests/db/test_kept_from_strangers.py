"""What strangers send runs nothing here, and what is sent to strangers tells nothing of the records."""

from __future__ import annotations

import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from db.errors import Refused
from db.exchange.reading import read
from db.record import PersonField, PersonsField, UnitField, UnitsField
from db.store import keys
from db.store.connecting import connect
from db.store.places import LEDGER
from db.store.store import Store
from desktop import diagnosis

LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body>'
    '<office:spreadsheet><table:table table:name="台账"><table:table-row><table:table-cell '
    'office:value-type="string"><text:p>{cell}</text:p></table:table-cell></table:table-row></table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


@pytest.mark.parametrize("kind", ["plain", "encrypted"])
def test_every_connection_trusts_no_schema(tmp_path: Path, kind: str) -> None:
    key = keys.new_key() if kind == "encrypted" else None
    with closing(connect(tmp_path / "a.db", key=key)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert connection.execute("PRAGMA cell_size_check").fetchone() == (1,)


@pytest.mark.parametrize("entity", ["&b;", "&f;"], ids=["growing", "a file"])
def test_entities_of_an_ods_are_never_expanded(tmp_path: Path, entity: str) -> None:
    path = tmp_path / "外来.ods"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{LAUGHS}{ODS.format(cell=entity)}')
    try:
        found = str([list(row) for sheet in read(path).sheets for row in sheet.rows])
    except Refused:
        return
    assert "哈哈" not in found
    assert "root" not in found


def test_a_diagnostic_package_of_a_whole_year_tells_no_subject_and_no_name(demo: Store, tmp_path: Path) -> None:
    told: set[str] = set()
    for register in demo.catalogue:
        names = [register.SUBJECT, "number"]
        kinds = (UnitField, UnitsField, PersonField, PersonsField)
        names += [name for name, field in register._meta.fields.items() if isinstance(field, kinds)]
        columns = ", ".join(f'"{register._meta.fields[name].column_name}"' for name in names)
        rows = demo.connection.execute(f'SELECT {columns} FROM "{register.key()}"')
        told |= {str(value) for row in rows for value in row if value and len(str(value)) > 3}
    assert len(told) > 200
    package = diagnosis.write_package(demo.folder, tmp_path / "诊断.zip", datetime(2023, 2, 1, 9, 0))
    with zipfile.ZipFile(package) as parts:
        whole = "\n".join([*parts.namelist(), *(parts.read(name).decode() for name in parts.namelist())])
    assert [one for one in told if one in whole] == []
    assert (demo.folder / LEDGER).is_file()
