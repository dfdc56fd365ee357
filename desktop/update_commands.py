"""The commands `update` and `back`: the program from a stick, and the version before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

DONE, REFUSED = 0, 1


class UpdateCommands:
    """Declares and runs them. `require_back` asks whether the clerk may put a backup in the ledger's place."""

    def __init__(
        self, say: Callable[[str], None], now: Callable[[], datetime], require_back: Callable[[Path, str | None], None]
    ) -> None:
        self._say, self._now, self._require_back = say, now, require_back

    def add(self, commands: Any) -> None:
        """Declare them."""
        update = commands.add_parser("update", help="用升级文件升级程序；先核对签名，把台账备份好")
        update.add_argument("source", type=Path, metavar="升级文件")
        update.add_argument("--check", action="store_true", help="只核对签名和内容，列出变更，不升级")
        update.set_defaults(run=self._update)
        back = commands.add_parser("back", help="退回上一版，台账退回升级前的备份")
        back.add_argument("--package", type=Path, help="上一版的安装包（没有留下时）")
        back.add_argument("--yes", action="store_true", help="升级后有登记也退回")
        back.set_defaults(run=self._back)

    def _update(self, folder: Path, options: argparse.Namespace) -> int:
        from db.store.places import LEDGER
        from desktop.progress_line import told_on_stderr
        from desktop.signing_in import unlock
        from desktop.updates import container, installation, preparing

        here, watch = installation.here(folder), told_on_stderr("正在准备升级")
        update = container.read(options.source, container.publishers())
        told = update.manifest
        self._say(
            f"升级文件{options.source.name}：签名有效，版本{told.version}（{told.released_on}），现在是{here.version}"
        )
        self._say(told.changes)
        if options.check:
            container.verify(update, watch.progress)
            self._say("安装包完整。没有升级")
            return DONE
        unlock(folder / LEDGER, self._now)
        watch.part("取出安装包，备份台账")
        prepared = preparing.prepare(update, folder, here, self._now(), watch.progress)
        if prepared.kept.backup:
            self._say(f"台账已备份并检查：{prepared.kept.backup}")
        command = here.command(prepared.package)
        if command is None:
            self._say(f"安装包已核对，存为{prepared.package}。请管理员执行：\n{here.by_hand(prepared.package)}")
            return DONE
        preparing.note_upgrade(folder, here, prepared)
        installation.hand_over(command, [])
        return DONE

    def _back(self, folder: Path, options: argparse.Namespace) -> int:
        from db.store.places import LEDGER
        from desktop.progress_line import told_on_stderr
        from desktop.signing_in import unlock
        from desktop.updates import installation, preparing

        unlock(folder / LEDGER, self._now)
        self._require_back(folder, options.clerk)
        here = installation.here(folder)
        kept, package = preparing.go_back(folder, here, options.package, told_on_stderr("正在检查备份").progress)
        lost = preparing.lost_by(folder, kept)
        if lost and not options.yes:
            sys.stderr.write(
                f"没有退回：升级以后台账又有{lost:,}项改动，退回{kept.version}时台账要换成升级前的备份（{kept.at}），"
                "这些改动不在里面；现在的台账会另存。确实要退回，请加上 --yes\n"
            )
            return REFUSED
        preparing.note_going_back(folder, here, kept)
        self._say(f"上一版的安装包和备份都完好。装好{kept.version}后打开程序，台账就换成升级前的备份。")
        command = here.command(package, kept.version)
        if command is None:
            self._say(f"请管理员执行：\n{here.by_hand(package, kept.version)}")
            return DONE
        installation.hand_over(command, [])
        return DONE
