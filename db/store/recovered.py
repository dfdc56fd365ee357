"""What was got out of a damaged ledger, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Saved:
    """One register: records saved, of these made again from the journal and taken from the backup.

    `in_backup` is how many the newest backup holds (None: there is none).
    """

    title: str
    records: int
    mended: int
    from_backup: int
    in_backup: int | None


@dataclass(frozen=True)
class Recovered:
    """What was got out of a damaged ledger, and where it lies.

    `folder` holds the damaged files untouched and `ledger`, what was saved; `backup` is the newest good one. `entries`
    are those of the journal that were saved, `gaps` those that are missing among them, `newer` those that the backup
    lacks. `doubtful` records could not be held against the journal, `lost` are named by it and could not be made again,
    `orphans` are lines whose record is gone, `unread` tables of the office that could not be found. `noise` are pages
    of an encrypted ledger that were altered and could not be decrypted; it `is_unproved` when its head is gone,
    without which no page proves that it was not altered.
    """

    folder: Path
    ledger: Path
    registers: tuple[Saved, ...]
    backup: Path | None
    entries: int
    gaps: int
    newer: int
    doubtful: int
    lost: int
    orphans: int
    unread: int = 0
    noise: int = 0
    is_unproved: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether everything that the journal tells of was saved."""
        return not (self.gaps or self.doubtful or self.lost or self.orphans or self.unread or self.noise)

    def words(self) -> str:
        """What is safe, in sentences."""
        total = sum(one.records for one in self.registers)
        each = "、".join(_told(one) for one in self.registers if one.records or one.in_backup)
        whole = "日志里记的都在。" if self.is_whole else ""
        gaps = f"日志缺{self.gaps:,}条。" if self.gaps else ""
        doubtful = f"有{self.doubtful:,}条没法和日志核对，请照纸核对。" if self.doubtful else ""
        lost = f"日志里提到的有{self.lost:,}条没有救回来。" if self.lost else ""
        orphans = f"有{self.orphans:,}行明细找不到所属的记录，没有放进去。" if self.orphans else ""
        unread = "单位、人员、词汇、设置、关联和附件的目录读不出来，用了程序自带的，请补上。" if self.unread else ""
        noise = f"加密的文件有{self.noise:,}页坏了，解不出来，那几页上的只能靠日志和备份补。" if self.noise else ""
        if self.is_unproved:
            noise += "文件头坏了，各页是不是原样没法验，只和日志核对过，请照纸核对。"
        beside = "没有能用的备份。"
        if self.backup:
            held = sum(one.in_backup or 0 for one in self.registers)
            beside = f"最近的备份是{self.backup.name}，共{held:,}条；救回的比它多{self.newer:,}步改动。"
        lacking = f"{noise}{gaps}{lost}{doubtful}{orphans}{unread}"
        return f"救回{total:,}条（{each}），日志{self.entries:,}条。{whole}{lacking}{beside}"


def _told(one: Saved) -> str:
    parts = [f"照日志补{one.mended:,}"] if one.mended else []
    parts += [f"从备份补{one.from_backup:,}"] if one.from_backup else []
    return f"{one.title}{one.records:,}{f'（{chr(0xFF0C).join(parts)}）' if parts else ''}"
