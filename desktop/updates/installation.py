"""How the program is installed on this machine, what an update needs for that, and who installs it.

The program never changes its own files: it hands a package to the system's installer, which asks for the right to do so
and leaves the old version whole when it cannot go on.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from db.errors import Refused
from desktop import __version__, paths
from desktop.updates.container import Manifest, number

PACKAGE = "fazhi-ledger"
BACK = "FAZHI_LEDGER_BACK_TO"  # read by packaging/linux/deb/preinst: the older version that may take the place
_PLACE = Path("/usr/lib/fazhi-ledger")  # packaging/linux/build_deb
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_NAMES = {
    "linux": "统信、麒麟等Linux",
    "windows": "Windows",
    "amd64": "x86（amd64）",
    "arm64": "ARM（飞腾、鲲鹏，arm64）",
}


@dataclass(frozen=True)
class Installation:
    """One installed program. `place`: its folder; None when it runs from its source or from a stick."""

    platform: str
    arch: str
    version: str
    place: Path | None

    def require_fit(self, manifest: Manifest) -> None:
        """Refuse an update that is not for here.

        Raises:
            Refused: when it is for another system, not newer, or too new a step.
        """
        if self.place is None:
            raise Refused(
                "这个程序是便携的或从源码运行的，不经过安装，不能用升级文件。没有改动；请把新版的程序文件夹整个换上，数据不动"
            )
        for theirs, ours in ((manifest.platform, self.platform), (manifest.arch, self.arch)):
            if theirs != ours:
                raise Refused(
                    f"这个升级文件是给{_NAMES.get(theirs, theirs)}电脑的，这台是{_NAMES.get(ours, ours)}。"
                    "没有改动；请要这种电脑的升级文件"
                )
        if number(manifest.version) < number(self.version):
            raise Refused(
                f"这个升级文件是{manifest.version}，比已装的{self.version}旧，没有改动。"
                "新版写过的台账旧版打不开；要退回上一版，请用“退回上一版”，台账会一起退回升级前的备份"
            )
        if manifest.version == self.version:
            raise Refused(f"已经是{self.version}，不用升级；没有改动")
        if number(self.version) < number(manifest.minimum):
            raise Refused(
                f"要先升级到{manifest.minimum}，才能再升到{manifest.version}（现在是{self.version}）；没有改动"
            )

    def require_room(self, manifest: Manifest, folder: Path, kept: int) -> None:
        """Refuse when the disks cannot take it: `folder` the package and `kept` bytes, the program's the rest.

        Raises:
            Refused: naming how much is lacking and where.
        """
        wanted = {folder: manifest.size + kept}
        if self.place is not None and self.place.exists():
            wanted[self.place] = manifest.room
        for where, size in wanted.items():
            free = shutil.disk_usage(where).free
            if free < size:
                raise Refused(
                    f"磁盘空间不够：{where}所在的盘还剩{_mb(free)}，升级要{_mb(size)}。没有升级，台账没有动；"
                    "请先删去不用的文件"
                )

    def command(self, package: Path, back: str = "") -> list[str] | None:
        """What installs a package; `back`: it is the older version of this number. None: nobody here may do it."""
        if self.platform == "windows":
            return [str(package), *(["/BACK"] if back else [])]
        install = [*([f"{BACK}={back}"] if back else []), "dpkg", "--install", str(package)]
        install = ["env", *install] if back else install
        if os.geteuid() == 0:
            return install
        return [found, *install] if (found := shutil.which("pkexec")) else None

    def by_hand(self, package: Path, back: str = "") -> str:
        """The command that an administrator types when `command` gives none."""
        return f"sudo {f'{BACK}={back} ' if back else ''}dpkg --install '{package}'"

    def keep_own(self, folder: Path) -> Path | None:
        """The package of the installed program, put into `folder` so that it can come back; None without one."""
        if self.platform == "windows":
            setup = self.place.parent / "setup.exe" if self.place else None
            if setup is None or not setup.is_file():
                return None
            return Path(shutil.copyfile(setup, folder / f"{PACKAGE}-{self.version}-setup.exe"))
        target = folder / f"{PACKAGE}_{self.version}_{self.arch}.deb"
        return target if repack(PACKAGE, target) else None


def here(data: Path) -> Installation:
    """The program that runs over the ledger in the folder `data`; one that keeps it beside itself is not installed."""
    system = sys.platform.replace("win32", "windows")
    machine = platform.machine().lower()
    place = Path(sys.executable).resolve().parent.parent
    is_installed = not (paths.portable_folder() or paths.is_portable(data)) and (
        (place.parent / "uninstall.exe").is_file() if system == "windows" else place.is_relative_to(_PLACE)
    )
    return Installation(system, _MACHINES.get(machine, machine), __version__, place if is_installed else None)


def starter(folder: Path) -> list[str]:
    """The command that opens the installed program over a data folder again."""
    return ["/usr/bin/fazhi-ledger", "--data", str(folder.resolve())]


def repack(package: str, target: Path) -> bool:
    """Make a .deb again of what is installed; False when dpkg does not know it or cannot.

    The files of the system's package are readable to everybody, its scripts as well; nothing is changed.
    """
    query, build = shutil.which("dpkg-query"), shutil.which("dpkg-deb")
    if query is None or build is None:
        return False
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            root = Path(scratch) / "root"
            (root / "DEBIAN").mkdir(parents=True)
            for folder in (root, root / "DEBIAN"):
                folder.chmod(0o755)  # dpkg wants it, whatever this user's mask is
            _copy_files(_told(query, "--listfiles", package).splitlines(), root)
            for script in _told(query, "--control-path", package).splitlines():
                kind = script.rpartition(".")[2]
                if kind in ("preinst", "postinst", "prerm", "postrm", "conffiles"):
                    shutil.copy(script, root / "DEBIAN" / kind)
            known = _told(query, "--status", package).splitlines()
            told = [line for line in known if not line.startswith(("Status:", "Conffiles:", " /"))]
            (root / "DEBIAN" / "control").write_text("\n".join(told) + "\n", encoding="utf-8")
            made = Path(scratch) / target.name
            subprocess.run(  # noqa: S603  dpkg's own program on files of our making
                [build, "--root-owner-group", "-Zgzip", "-z1", "--build", str(root), str(made)],
                check=True, capture_output=True,
            )  # fmt: skip
            made.replace(target)
    except (subprocess.CalledProcessError, OSError):
        return False
    return True


def _told(*command: str) -> str:
    plain = os.environ | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(  # noqa: S603  dpkg's own program, with a name of ours
        command, check=True, capture_output=True, text=True, encoding="utf-8", env=plain
    ).stdout


def _copy_files(listed: list[str], root: Path) -> None:
    """Copy what a package put into the system; folders first, as dpkg lists them."""
    above = {name.rpartition("/")[0] for name in listed}
    for name in listed:
        found, copy = Path(name), root / name.lstrip("/")
        if name in above or (found.is_dir() and not found.is_symlink()):  # /bin is a link, and a folder to dpkg
            copy.mkdir(parents=True, exist_ok=True)
            copy.chmod(0o755)
        elif found.is_symlink():
            copy.symlink_to(found.readlink())
        elif found.is_file():
            shutil.copy2(found, copy)


def hand_over(command: list[str], then: list[str], only_when_done: bool = False) -> None:
    """Let the installer take this process's place, and start `then` afterwards: whatever came of it, or not.

    Call it when everything is closed: the installer refuses to change a program that runs. On Windows setup.exe starts
    the program itself, and this process goes on to its end.
    """
    if sys.platform == "win32":
        subprocess.Popen(command)  # noqa: S603  the package whose hash the publisher has signed
        return
    sys.stdout.flush()
    words = shlex.join(command)
    if then:
        words += f" {'&&' if only_when_done else ';'} exec {shlex.join(then)}"
    os.execv("/bin/sh", ["sh", "-c", words])  # noqa: S606  quoted by shlex


def _mb(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MB"
