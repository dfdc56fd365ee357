"""What a register declares is checked by name; a register of one new file appears everywhere by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import peewee as pw
import pypdfium2
import pytest

from db import catalogue as catalogue_module
from db.catalogue import BadRegister, Catalogue
from db.record import (
    Count,
    DateField,
    Line,
    LineField,
    Mean,
    MonthList,
    Move,
    Numbering,
    Rate,
    Record,
    Section,
    Stage,
    Step,
    Sum,
)  # fmt: skip

HOUSE = Path(__file__).parents[2]


class Guest(Line):
    """Somebody who came along."""

    COLUMNS = ("name",)

    owner = pw.DeferredForeignKey("Call", on_delete="CASCADE")
    name = LineField("姓名")


class Call(Record):
    """A register for these tests alone."""

    BUSINESS_DATE = "called_on"
    STAGES = (Stage("open", "待办"), Stage("done", "办结", closed=True))
    MOVES = (Move("open", "done", ("answered_on",)),)
    LINES = (Guest,)
    COLUMNS = ("number", "called_on", "title")

    called_on = DateField("来访日期")
    answered_on = DateField("答复日期")
    title = LineField("事由")

    @property
    def headline(self) -> str:
        """标题行：the title once more."""
        return self.title


def declared(**parts: Any) -> type[Record]:
    """The register with other declarations."""
    return type("Call", (Call,), {"__module__": __name__, **parts})


class Orphan(Line):
    """A kind of lines that belongs to nobody."""


SOUND = Count("calls", "来访", "来访的件数。")

UNKNOWN: list[tuple[dict[str, Any], str]] = [
    ({"COLUMNS": ("number", "nobody")}, "COLUMNS names unknown fields ['nobody']"),
    ({"BOOK": ("headline",)}, "BOOK names unknown fields ['headline']"),
    ({"ENTRY": ("called_on", "cald_on")}, "ENTRY names unknown fields ['cald_on']"),
    ({"MUSTS": ("titel",)}, "MUSTS names unknown fields ['titel']"),
    ({"EXPECTED": ("guests",)}, "EXPECTED names unknown fields ['guests']"),
    ({"PINNED": ("unit",)}, "PINNED names unknown fields ['unit']"),
    ({"DERIVED": ("unit",)}, "DERIVED names unknown fields ['unit']"),
    ({"BUSINESS_DATE": "came_on"}, "BUSINESS_DATE names unknown fields ['came_on']"),
    ({"SUBJECT": "subject"}, "SUBJECT names unknown fields ['subject']"),
    ({"FINISHED": "closed_on"}, "FINISHED, HOLDER, COPY_FIELD names unknown fields ['closed_on']"),
    ({"FORM": (Section("基本", ("title", "guest", "nobody")),)}, "FORM 基本 names unknown fields ['nobody']"),
    ({"FORM": (Section("基本", ("title",), when=("medium", ("电话",))),)}, "FORM 基本 names unknown fields ['medium']"),
    ({"STEPS": (Step("听证", ("heard_on",), ("title",)),)}, "STEPS 听证 names unknown fields ['heard_on']"),
    (
        {"STEPS": (Step("听证", ("title",), ("title",), "may", "why"),)},
        "STEPS 听证 names unknown fields ['may', 'why']",
    ),
    ({"MOVES": (Move("open", "done", ("answer",)),)}, "MOVES open→done names unknown fields ['answer']"),
    ({"MOVES": (Move("open", "done", clears=("answer",)),)}, "MOVES open→done names unknown fields ['answer']"),
    ({"MOVES": (Move("open", "gone"),)}, "MOVES names unknown stages ['gone']"),
    ({"NUMBERING": Numbering("{sequence}", at="numbered")}, "NUMBERING names unknown stages ['numbered']"),
    ({"FIGURES": (Count("calls", "", "", on="came_on"),)}, "FIGURES calls names unknown fields ['came_on']"),
    ({"FIGURES": (Count("calls", "", "", until="gone_on"),)}, "FIGURES calls names unknown fields ['gone_on']"),
    ({"FIGURES": (Count("calls", "", "", by="kind"),)}, "FIGURES calls names unknown fields ['kind']"),
    ({"FIGURES": (Count("calls", "", "", stages=("gone",)),)}, "FIGURES calls names unknown stages ['gone']"),
    ({"FIGURES": (Count("calls", "", "", of=Guest, distinct="nam"),)}, "FIGURES calls names unknown fields ['nam']"),
    ({"FIGURES": (Sum("calls", "", "", field="people"),)}, "FIGURES calls names unknown fields ['people']"),
    (
        {"FIGURES": (Rate("share", "", "", SOUND, Count("all", "", "", on="x_on")),)},
        "FIGURES all names unknown fields ['x_on']",
    ),
    ({"FIGURES": (Mean("days", "", "", SOUND, "called_on", "y_on"),)}, "FIGURES days names unknown fields ['y_on']"),
    ({"MONTH_LIST": MonthList("来访", (("nobody", 0),))}, "MONTH_LIST names unknown fields ['nobody']"),
    ({"MONTH_LIST": MonthList("来访", (("title", 0),), until="z_on")}, "MONTH_LIST names unknown fields ['z_on']"),
    ({"LINES": (Orphan,)}, "Orphan lacks ['owner']"),
    ({"LINES": (type("Pet", (Guest,), {"COLUMNS": ("species",)}),)}, "Pet.COLUMNS names unknown fields ['species']"),
    ({"LINES": (type("Pet", (Guest,), {"MUSTS": ("species",)}),)}, "Pet.MUSTS names unknown fields ['species']"),
]


@pytest.mark.parametrize(("parts", "words"), UNKNOWN, ids=[words for _parts, words in UNKNOWN])
def test_a_name_that_does_not_exist_is_refused_naming_it(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRegister) as refusal:
        catalogue_module.check(declared(**parts))
    assert str(refusal.value) == f"{__name__}.Call: {words}"


def test_a_sound_declaration_passes() -> None:
    catalogue_module.check(
        declared(
            FIGURES=(Rate("share", "", "", SOUND, SOUND), Mean("days", "", "", SOUND, "called_on", "answered_on")),
            FORM=(Section("基本", ("title", "guest"), when=("title", ("甲",))),),
            MONTH_LIST=MonthList("来访", (("title", 0), ("guest", 0), ("headline", 0)), until="answered_on"),
            MUSTS=("title", "guest"),
        )
    )


def test_two_figures_under_one_key_are_refused() -> None:
    twice = declared(FIGURES=(SOUND, Count("calls", "", "", on="answered_on")))
    with pytest.raises(BadRegister, match="FIGURES names calls twice"):
        catalogue_module.check_figures(Catalogue((twice,)).figures())
    catalogue_module.check_figures(
        Catalogue((declared(FIGURES=(SOUND, Rate("share", "", "", SOUND, SOUND))),)).figures()
    )


def test_the_registers_stand_in_their_order(catalogue: Catalogue) -> None:
    wanted = [
        "incoming", "outgoing", "study_session", "supervision_matter", "supervision_notice", "proposal",
        "major_decision", "normative_document", "rectification_plan", "legal_case", "publicity_event",
    ]  # fmt: skip
    assert catalogue.keys() == [key for key in wanted if key in catalogue.keys()]  # noqa: SIM118
    assert [register.ORDER for register in catalogue] == sorted({register.ORDER for register in catalogue})
    assert catalogue["outgoing"].TITLE == "发文"
    with pytest.raises(KeyError):
        catalogue["nothing"]


VISIT = '''"""来访: visitors, for this test."""
from __future__ import annotations
import peewee as pw
from db.record import Count, DateField, Line, LineField, Move, Numbering, ParagraphField, Record, Section, Stage
from db.record import UnitField

class Companion(Line):
    """Somebody who came along."""
    TITLE, COLUMNS, MUSTS = "同行人", ("name",), ("name",)
    owner = pw.DeferredForeignKey("Visit", on_delete="CASCADE")
    name = LineField("姓名")

class Visit(Record):
    """One visit."""
    TITLE, VERB, ORDER, BUSINESS_DATE = "来访", "登记来访", 15, "visited_on"
    NUMBERING = Numbering("访{year}-{sequence:03}")
    STAGES = (Stage("open", "待办"), Stage("done", "办结", closed=True))
    MOVES = (Move("open", "done", ("answer",), "办结"),)
    visited_on = DateField("来访日期")
    title = LineField("事由")
    from_unit = UnitField("来自")
    answer = ParagraphField("答复")
    LINES, MUSTS, EXPECTED = (Companion,), ("visited_on", "title"), ("from_unit",)
    COLUMNS = ("number", "visited_on", "title", "stage")
    FORM = (Section("来访", ("visited_on", "title", "from_unit", "companion")), Section("办理", ("answer",)))
    FIGURES = (Count("visits", "接待来访", "来访日期在期内的来访。", monthly=95),)
'''

USE = """
import sys
from datetime import date, datetime
from pathlib import Path
from db.registers.visit import Companion, Visit
from db.errors import Refused
from db.figures import Figures, Period
from db.store import health
from db.store.search import Filter, Listing
from db.store.store import Store
from db.summaries.month import Month

now = datetime(2022, 12, 30, 10)
store = Store.open(Path(sys.argv[1]), "李喆", lambda: now)
visit = Visit(visited_on=date(2022, 12, 29), title="反映灌溉水渠淤塞")
visit.rows["companion"] = [Companion(name="盘𬀩")]
store.save(visit)
assert (visit.number, visit.stage, visit.missing) == ("访2022-001", "open", 1), visit.number

def found(text):
    wanted = Filter(text=text)
    return Listing(store.connection, Visit, store.register_numbers["visit"], wanted, now.date(), store.rules.days).ids()

assert found("") == found("水渠") == found("盘𬀩") == found("fyggsq") == [visit.id]
visit.updated_at, now = visit.updated_at, datetime(2022, 12, 30, 11)
visit.answer = "已安排疏浚"
store.save(visit)
assert visit.stage == "done"
assert [entry.title for entry in store.history(Visit, visit.id)] == ["登记来访", "修改"]
store.undo()
assert store.load(Visit, visit.id).stage == "open"
assert Figures(store.connection, store.catalogue, store.rules.days).rows("visits", Period.year(2022)) == [visit.id]
rows = Month(store, 2022, 12, now).summary().parts[0].blocks[0].rows
assert [[cell.text for cell in row][:3] for row in rows] == [["来访"], ["接待来访", "件", "1"]], rows
try:
    store.save(Visit(title="无日期"))
except Refused as refused:
    assert str(refused) == "请填写来访日期"
assert list(health.findings(store)) == []
store.close()
print("used")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program with one more register, in one file."""
    tree = tmp_path / "house"
    for package in ("db", "desktop"):
        shutil.copytree(HOUSE / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "resources").symlink_to(HOUSE / "resources", target_is_directory=True)
    (tree / "db" / "registers" / "visit.py").write_text(VISIT, encoding="utf-8")
    (tree / "use.py").write_text(USE, encoding="utf-8")
    return tree


def test_a_register_of_one_file_appears_everywhere(tree: Path, tmp_path: Path) -> None:
    def run(*command: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    folder, pdf = str(tmp_path / "数据"), tmp_path / "来访.pdf"
    assert run("use.py", folder) == "used\n"
    figures = json.loads(run("-m", "desktop", "--data", folder, "figures", "--period", "2022-12", "--json"))
    assert {row["key"]: row["value"] for row in figures}["visits"] == 1
    hits = json.loads(run("-m", "desktop", "--data", folder, "search", "水渠", "--json"))
    assert [(hit["register"], hit["number"]) for hit in hits] == [("visit", "访2022-001")]
    run("-m", "desktop", "--data", folder, "print", "register", "visit", "--year", "2022", "-o", str(pdf))
    assert "反映灌溉水渠淤塞" in "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert "台账完好" in run("-m", "desktop", "--data", folder, "check")
