"""The command line, for administrators, tests and scheduled jobs; without a command it opens the window.

Exit status: 0 done, 1 refused, 2 wrong usage, 3 the store or the machine cannot. Errors go to stderr in Chinese.
"""

from __future__ import annotations

import argparse
import getpass
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from desktop import __version__, paths

DONE, REFUSED, USAGE, TROUBLE = 0, 1, 2, 3


class _Parser(argparse.ArgumentParser):
    """argparse with its own words in Chinese."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sys.stderr.write(f"命令写法不对：{message}\n")
        sys.exit(USAGE)


def _common() -> argparse.ArgumentParser:
    """What every command takes, and the window, which waits neither for their parsers nor for their imports."""
    parser = _Parser(prog="fazhi-ledger", add_help=False)
    parser.add_argument("--data", type=Path, default=None, help="数据文件夹")
    parser.add_argument("--portable", action="store_true", help="数据放在程序旁边（U盘上）")
    parser.add_argument("--as", dest="clerk", metavar="姓名", help="以谁的账号做（设了账号的台账）")
    return parser


def _parser(with_store: Callable[[Path, Callable[[Any], int]], int]) -> argparse.ArgumentParser:
    from desktop import bin_command, diagnosis, sealing_commands, text_command
    from desktop.annual_commands import AnnualCommands
    from desktop.export_commands import ExportCommands
    from desktop.import_commands import ImportCommands
    from desktop.paper_commands import PaperCommands
    from desktop.search_command import SearchCommand
    from desktop.trail_commands import TrailCommands
    from desktop.update_commands import UpdateCommands

    parser = _Parser(prog="fazhi-ledger", description="法治台账。不写命令即打开窗口。", parents=[_common()])
    parser.add_argument("--version", action="version", version=f"法治台账 {__version__}", help="版本")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="命令")
    demo = commands.add_parser("demo", help="建一个示例年度")
    demo.add_argument("--year", type=int, default=2022)
    demo.set_defaults(run=_demo)
    figures = commands.add_parser("figures", help="列出一个期间的统计数字")
    figures.add_argument("--period", required=True, help="2022或2022-12")
    figures.add_argument("--json", action="store_true")
    figures.set_defaults(run=_figures)
    SearchCommand(with_store, _named, _say, _as_json).add(commands)
    text_command.add(commands)
    bin_command.add(commands, with_store, _say)
    diagnosis.add(commands, now)
    annual = AnnualCommands(with_store, _say, _write, _rendered)
    PaperCommands(with_store, _say, _rendered, _named, now).add(commands, _Parser, annual)
    annual.add(commands, _Parser)
    ExportCommands(with_store, _say).add(commands)
    ImportCommands(with_store, _say).add(commands)
    TrailCommands(_with_store, _say).add(commands)
    UpdateCommands(_say, now, partial(_ask_for, permission="restore_backup")).add(commands)
    back = commands.add_parser("backup", help="备份")
    back.add_argument("-o", "--output", type=Path)
    back.add_argument("--second", type=Path, metavar="文件夹", help="先选定、启用这个第二备份位置，再备份")
    back.set_defaults(run=_backup)
    again = commands.add_parser("restore", help="用备份恢复台账；先把现在的台账备份好")
    again.add_argument("source", type=Path, metavar="备份文件")
    again.add_argument("--yes", action="store_true", help="备份比现有台账少时也恢复")
    again.set_defaults(run=_restore)
    saved = commands.add_parser("recover", help="台账文件受损时，把读得出来的救进一本新台账；原来的文件不动")
    saved.set_defaults(run=_recover)
    sealing_commands.add(commands, _ask_for, now, _say)
    picture = commands.add_parser("picture", help="把窗口存成图片")
    picture.add_argument("-o", "--output", type=Path, required=True)
    picture.set_defaults(run=_picture)
    test = commands.add_parser("selftest", help="检查程序自身是否完好")
    test.set_defaults(run=_selftest)
    return parser


def now() -> datetime:
    """The clock of the command line: local time."""
    return datetime.now()


def run(arguments: Sequence[str]) -> int:
    """Run one command; give back the exit status."""
    options, rest = _common().parse_known_args(arguments)
    folder: Path = options.data or paths.data_folder(options.portable)
    backup = _double_clicked(rest)
    if not rest or backup:
        from desktop.start import run as open_window

        return open_window(folder, ["fazhi-ledger"], backup)
    options = _parser(partial(_signed_in, options.clerk)).parse_args(arguments)
    from db.errors import Refused, StoreTrouble, named_troubles

    logging.lastResort = logging.NullHandler()  # a command tells in Chinese; the log is the window's
    try:
        with named_troubles():
            for written in (getattr(options, name, None) for name in ("output", "rejects")):
                _require_other(folder, written)
            return options.run(folder, options)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return REFUSED
    except StoreTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return TROUBLE


def _require_other(folder: Path, written: Path | None) -> None:
    """Refuse to write over what the ledger is made of, whatever the command is."""
    from db.errors import Refused
    from db.store.places import ATTACHMENTS, BACKUPS, LEDGER

    if written is None or not written.exists():
        return
    real, own = written.resolve(), folder.resolve()
    is_beside = real.parent == own and real.name.startswith(f"{Path(LEDGER).stem}.")
    if is_beside or any(real.is_relative_to(own / name) for name in (BACKUPS, ATTACHMENTS)):
        raise Refused(f"不能写在台账自己的文件上（{written}）；请换一个文件名")


def _double_clicked(rest: Sequence[str]) -> Path | None:
    """The backup or update that the desktop hands over when its icon is double-clicked: no command, one file."""
    return Path(rest[0]) if len(rest) == 1 and rest[0].lower().endswith((".db", ".fzup")) else None


def _with_store(folder: Path, work: Callable[[Any], int]) -> int:
    from db.errors import StoreTrouble, Trouble
    from db.store.places import LEDGER
    from db.store.store import Store
    from desktop.progress_line import told_on_stderr
    from desktop.signing_in import unlock

    if not (folder / LEDGER).exists():
        raise StoreTrouble(Trouble.UNREACHABLE, f"{folder}里没有台账", "", "请用--data指明数据文件夹。")
    unlock(folder / LEDGER, now)
    store = Store.open(folder, getpass.getuser(), now, told_on_stderr())
    try:
        if store.lost:
            from db.store.head_file import loss_in_words

            sys.stderr.write("。".join(loss_in_words(store.lost, store.head()[0])) + "\n")
        return work(store)
    finally:
        store.close()


def _signed_in(clerk: str | None, folder: Path, work: Callable[[Any], int]) -> int:
    """Work on the ledger as somebody who may read it."""

    def signed(store: Any) -> int:
        if store.has_accounts:
            from desktop.signing_in import sign_in
            from desktop.uptime import watches

            store.watches = watches(now)
            sign_in(store, clerk)
        return work(store)

    return _with_store(folder, signed)


def _as_json(rows: Sequence[dict[str, Any]]) -> str:
    import json

    return json.dumps(rows, ensure_ascii=False, indent=1)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _demo(folder: Path, options: argparse.Namespace) -> int:
    from db.demo import build

    build(folder, options.year)
    _say(f"示例年度{options.year}已建在{folder}")
    return DONE


def _figures(folder: Path, options: argparse.Namespace) -> int:
    from db.figures import Figures, Period

    try:
        period = Period.parse(options.period)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE

    def work(store: Any) -> int:
        figures = Figures(store.connection, store.catalogue, store.rules.days)
        values = figures.values((figure.key for figure in figures), [period])
        found = [row for figure in figures for row in _figure_rows(figure, period, values[figure.key, period])]
        if options.json:
            _say(_as_json(found))
        else:
            for row in found:
                value = (
                    row["nil"] if row["nil"] and row["value"] == 0 else "—" if row["value"] is None else row["value"]
                )
                _say(f"{row['label']}\t{value}{'' if value == row['nil'] else row['unit']}\t{row['key']}")
        return DONE

    return _signed_in(options.clerk, folder, work)


def _figure_rows(figure: Any, period: Any, value: Any) -> Iterator[dict[str, Any]]:
    """A figure as JSON: key, label, period, value, base, unit, definition, nil, parts; each share has a row as well."""
    from decimal import Decimal

    from db.figures import part_key, rounded
    from db.record import Shares

    def plain(number: Any) -> Any:
        return float(rounded(number)) if isinstance(number, Decimal) else number

    row = {"key": figure.key, "label": figure.label, "period": str(period), "value": plain(value.value),
           "base": plain(value.base), "unit": figure.unit, "definition": figure.definition,
           "nil": getattr(figure, "nil", "")}  # fmt: skip
    parts = {label: plain(number) for label, number in value.parts}
    listed = [{"key": part_key(figure, label), "label": label, "value": number} for label, number in parts.items()]
    yield row | ({"parts": listed} if parts else {})
    if isinstance(figure, Shares):
        for label in dict.fromkeys((*figure.values, *parts)):
            share = {"key": part_key(figure, label), "label": f"{figure.label}：{label}", "value": parts.get(label)}
            yield row | share


def _named(key: str) -> Any:
    from db import catalogue

    return catalogue.load().named(key)


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as error:
        from db.errors import StoreTrouble, Trouble, reason_of

        raise StoreTrouble(
            Trouble.UNREACHABLE, "没能写出文件", f"{path}写不进去（{reason_of(error)}）；台账没有动。",
            "请换一个能写入的文件夹，或检查磁盘空间。",
        ) from error  # fmt: skip


def _rendered(path: Path, made: Any) -> int:
    from desktop.printing.faces import Faces
    from desktop.printing.pdf import render

    printed = render(made, Faces(), printed_at=now())
    _write(path, printed.pdf)
    if printed.missing:
        sys.stderr.write(f"这些字没有字形，印成〓：{'、'.join(sorted(printed.missing))}\n")
    _say(f"{path}，{printed.pages}页")
    return DONE


def _backup(folder: Path, options: argparse.Namespace) -> int:
    def work(store: Any) -> int:
        from db.errors import Refused
        from db.store import backup, backup_files, second_place
        from db.store.backup_places import Backups
        from db.store.places import LEDGER
        from desktop.volumes import mounted

        if options.output:
            _say(f"已备份并检查：{backup.back_up(folder / LEDGER, options.output)}")
            lacking = backup_files.beside(folder, options.output).lacking
            if lacking:
                sys.stderr.write(f"有{len(lacking)}个附件的文件不见了或被改动过，没有备到；请运行check\n")
            return DONE
        if options.second:
            if not options.second.is_dir():
                raise Refused(f"没有{options.second}这个文件夹；没有改动")
            second_place.choose(store, options.second, mounted)
        keep = partial(second_place.keep, store)
        backups = Backups(folder, store.catalogue, store.rules.settings, mounted, keep)
        made = backups.make(now(), only_changed=False)
        for written in made.written:
            _say(f"已备份并检查：{written.path}")
        for trouble in made.troubles:
            sys.stderr.write(f"{trouble}\n")
        question = backups.state(now()).question
        if question:
            sys.stderr.write(f"{question}命令行用backup --second启用。\n")
        return TROUBLE if made.troubles else REFUSED if question else DONE

    if options.second:  # a setting of the office; a backup alone needs nobody
        return _signed_in(options.clerk, folder, work)
    return _with_store(folder, work)


def _restore(folder: Path, options: argparse.Namespace) -> int:
    from db import catalogue
    from db.store.places import LEDGER
    from db.store.restore import restore
    from desktop.signing_in import unlock

    unlock(folder / LEDGER, now)
    unlock(options.source, now)
    _ask_for(folder, options.clerk, "restore_backup")
    done = restore(folder, options.source, catalogue.load(), now(), sure=options.yes)
    _say(done.words())
    return DONE


def _recover(folder: Path, _options: argparse.Namespace) -> int:
    from db import catalogue
    from db.store.places import LEDGER
    from db.store.recovering import recover
    from desktop.progress_line import told_on_stderr
    from desktop.signing_in import unlock
    from desktop.volumes import mounted

    unlock(folder / LEDGER, now)
    found = recover(folder, catalogue.load(), getpass.getuser(), now, told_on_stderr().progress, mounted)
    _say(found.words())
    _say(f"救回的台账在{found.ledger}，受损的文件原样放在旁边。核对数字以后，要用它就执行：restore {found.ledger}")
    return DONE


def _ask_for(folder: Path, clerk: str | None, permission: str) -> None:
    """A ledger with accounts is replaced by those who may; one that cannot be opened has nobody to ask."""
    from db.errors import StoreTrouble, Trouble
    from db.store.accounts import are_in
    from db.store.places import LEDGER

    def asked(store: Any) -> int:
        store.require(permission)
        return DONE

    if not are_in(folder / LEDGER):
        return
    try:
        _signed_in(clerk, folder, asked)
    except StoreTrouble as trouble:
        if trouble.trouble is not Trouble.DAMAGED:
            raise


def _picture(folder: Path, options: argparse.Namespace) -> int:
    from db.store.places import LEDGER
    from desktop.picture import save_picture
    from desktop.signing_in import unlock

    unlock(folder / LEDGER, now)
    save_picture(folder, options.output, now)
    _say(str(options.output))
    return DONE


def _selftest(folder: Path, _options: argparse.Namespace) -> int:
    from desktop.selftest import run as run_selftest

    return DONE if run_selftest(_say, folder) else TROUBLE
