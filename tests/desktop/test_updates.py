"""Updates by USB stick: what is believed, what is refused, what is kept, and the way back."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from db import catalogue
from db.errors import Refused, StoreTrouble
from db.store import backup, backup_files
from db.store.files import path_of
from db.store.places import BACKUPS
from db.store.restore import restore
from db.store.store import Store
from desktop import __version__, cli, paths
from desktop.updates import container, installation, preparing
from desktop.updates.installation import Installation
from tests.db.office import Clock
from tests.desktop.clerk import REGISTERS, sample
from tests.desktop.updating import KEYS, PACKAGE, manifest, write_update

ROOT = Path(__file__).parents[2]
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes an update file on a stick."""
    return partial(write_update, tmp_path)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder of an installed program."""
    place = tmp_path / "installed"
    place.mkdir()
    return place


@pytest.fixture
def here(place: Path) -> Installation:
    """A program of 0.1.0 that is installed; nothing of it is in the system's list of packages."""
    return Installation("linux", "amd64", "0.1.0", place)


def taken(path: Path, folder: Path) -> Path:
    return container.unpack(container.read(path, KEYS), folder)


def test_a_signed_package_comes_out_as_it_went_in(make: Make, tmp_path: Path) -> None:
    update = container.read(make(), KEYS)
    assert update.manifest == manifest()
    package = container.unpack(update, tmp_path / "out")
    assert package == tmp_path / "out" / "fazhi-ledger_0.2.0_amd64.deb"
    assert package.read_bytes() == PACKAGE


def test_any_flipped_byte_is_refused_in_words_and_leaves_nothing(make: Make, tmp_path: Path) -> None:
    whole = make().read_bytes()
    head = len(whole) - len(PACKAGE)
    chosen = [*range(head), *random.Random(5).sample(range(head, len(whole)), 60), len(whole) - 1]
    tampered, out = tmp_path / "tampered.fzup", tmp_path / "out"
    for at in chosen:
        tampered.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        with pytest.raises(Refused, match=r"没有升级|没有改动"):
            taken(tampered, out)
        assert not out.exists() or not any(out.iterdir()), at


@pytest.mark.parametrize("cut", [0, 5, 60, 76, 200, -1, -20_000])
def test_a_file_that_is_cut_short_or_longer_is_refused(make: Make, tmp_path: Path, cut: int) -> None:
    whole = make().read_bytes()
    (tmp_path / "cut.fzup").write_bytes(whole[:cut])
    (tmp_path / "longer.fzup").write_bytes(whole + b"\0")
    for name in ("cut.fzup", "longer.fzup"):
        with pytest.raises(Refused, match=r"没有升级|没有改动"):
            container.read(tmp_path / name, KEYS)


def test_what_a_stranger_signed_or_nobody_can_check_is_refused(make: Make) -> None:
    with pytest.raises(Refused, match="签名不对"):
        container.read(make(seed=bytes(32)), KEYS)
    with pytest.raises(Refused, match="没有发布者的公钥"):
        container.read(make(), [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"package": "../../etc/fazhi-ledger_0.2.0_amd64.deb"}, {"package": "fazhi-ledger_0.3.0_amd64.deb"},
        {"package": "evil.sh"}, {"version": "latest"}, {"size": container.MOST_PACKAGE + 1}, {"size": True},
        {"sha256": "x"}, {"platform": "plan9"}, {"changes": 3}, {"version": "9" * 4000 + ".0.0"},
    ],
)  # fmt: skip
def test_even_a_publisher_names_no_path_no_other_system_and_no_endless_size(
    make: Make, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused, match="没有升级"):
        container.read(make(**wrong), KEYS)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"version": "0.0.9", "package": "fazhi-ledger_0.0.9_amd64.deb"}, "退回上一版"),
        ({"version": "0.1.0", "package": "fazhi-ledger_0.1.0_amd64.deb"}, "已经是0.1.0"),
        ({"minimum": "0.1.5"}, "先升级到0.1.5"),
        ({"arch": "arm64", "package": "fazhi-ledger_0.2.0_arm64.deb"}, "ARM"),
        ({"platform": "windows", "package": "fazhi-ledger-0.2.0-setup.exe"}, "Windows"),
        ({"room": 1 << 60}, "磁盘空间不够"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(
    make: Make, folder: Path, here: Installation, clock: Clock, others: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        preparing.prepare(container.read(make(**others), KEYS), folder, here, clock())
    assert not (folder / BACKUPS).exists()
    assert list((folder / preparing.UPDATES).glob("*")) == []


def test_a_program_that_was_not_installed_takes_no_update(make: Make, here: Installation, folder: Path) -> None:
    with pytest.raises(Refused, match="便携的或从源码"):
        replace(here, place=None).require_fit(manifest())
    assert installation.here(folder).place is None
    assert installation.here(folder).version == __version__


def test_an_upgrade_backs_up_first_and_the_next_start_tells_what_came_of_it(
    make: Make, folder: Path, here: Installation, clock: Clock
) -> None:
    prepared = preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    preparing.note_upgrade(folder, here, prepared)
    assert prepared.package.read_bytes() == PACKAGE
    kept = Path(prepared.kept.backup)
    assert kept == folder / BACKUPS / backup.name_at(clock(), backup.UPGRADE)
    backup.verify(kept)
    clock.tick(60 * 60 * 24 * 900)
    backup.thin(folder / BACKUPS, clock())
    assert kept.exists()
    assert "已从0.1.0升级到0.2.0" in preparing.settle(folder, "0.2.0")
    assert preparing.settle(folder, "0.2.0") == ""


def test_an_upgrade_that_failed_leaves_the_old_version_and_says_so(
    make: Make, folder: Path, here: Installation, clock: Clock
) -> None:
    preparing.note_upgrade(folder, here, preparing.prepare(container.read(make(), KEYS), folder, here, clock()))
    assert preparing.settle(folder, "0.1.0") == "没有升级到0.2.0，仍是0.1.0。台账没有动，可以照常使用。"
    assert preparing.way_back(folder, here) is None


def test_a_cancelled_upgrade_leaves_no_package(make: Make, folder: Path, here: Installation, clock: Clock) -> None:
    with pytest.raises(Refused, match="已取消"):
        preparing.prepare(container.read(make(), KEYS), folder, here, clock(), lambda _done, _total: False)
    assert list((folder / preparing.UPDATES).iterdir()) == []


def package_before(folder: Path) -> Path:
    """The package of the version that runs, as its own update left it."""
    old = folder / preparing.UPDATES / "fazhi-ledger_0.1.0_amd64.deb"
    old.parent.mkdir()
    old.write_bytes(b"the package of 0.1.0")
    return old


def test_the_way_back_brings_package_and_ledger_of_the_version_before(
    make: Make, folder: Path, here: Installation, clock: Clock
) -> None:
    old = package_before(folder)
    preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    newer = replace(here, version="0.2.0")
    clock.tick(60)
    store = Store.open(folder, "李喆", clock)
    store.save(sample(REGISTERS[0], store.rules, 9))
    store.close()
    kept, package = preparing.go_back(folder, newer)
    assert (kept.version, package) == ("0.1.0", old)
    assert preparing.lost_by(folder, kept) >= 1
    preparing.note_going_back(folder, newer, kept)
    assert preparing.coming_back(folder, "0.2.0") is None
    coming = preparing.coming_back(folder, "0.1.0")
    assert coming == Path(kept.backup)
    done = restore(folder, coming, catalogue.load(), clock(), sure=True)
    assert done.before is not None
    assert done.before.total == done.now.total + 1
    assert preparing.settle(folder, "0.1.0") == "已退回0.1.0。"
    assert preparing.coming_back(folder, "0.1.0") is None


def test_the_way_back_is_refused_when_its_package_or_backup_is_not_what_was_kept(
    make: Make, folder: Path, here: Installation, clock: Clock, tmp_path: Path
) -> None:
    newer = replace(here, version="0.2.0")
    with pytest.raises(Refused, match="没有可以退回的上一版"):
        preparing.go_back(folder, newer)
    prepared = preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    with pytest.raises(Refused, match=r"没有0\.1\.0的安装包"):
        preparing.go_back(folder, newer)
    given = tmp_path / "fazhi-ledger_0.1.0_amd64.deb"
    given.write_bytes(b"from the stick")
    assert preparing.go_back(folder, newer, given)[1] == given
    with pytest.raises(Refused, match=r"不是0\.1\.0的安装包"):
        preparing.go_back(folder, newer, shutil.copy(given, tmp_path / "fazhi-ledger_0.0.8_amd64.deb"))
    Path(prepared.kept.backup).write_bytes(b"SQLite format 3\0 and no more")
    with pytest.raises(StoreTrouble, match="没有通过检查"):
        preparing.go_back(folder, newer, given)


def test_the_way_back_is_found_when_the_folder_has_moved(
    make: Make, folder: Path, here: Installation, clock: Clock, tmp_path: Path
) -> None:
    package_before(folder)
    newer = replace(here, version="0.2.0")
    prepared = preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    preparing.note_upgrade(folder, here, prepared)
    moved = folder.rename(tmp_path / "另一台电脑上的U盘")
    kept, package = preparing.go_back(moved, newer)
    assert package.read_bytes() == b"the package of 0.1.0"
    preparing.note_going_back(moved, newer, kept)
    assert (preparing.coming_back(moved, "0.1.0") or tmp_path).parent == moved / BACKUPS
    assert str(folder) not in "".join(path.read_text() for path in (moved / preparing.UPDATES).glob("*.json"))


def test_a_program_that_keeps_the_ledger_beside_itself_takes_no_update(
    here: Installation, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "python" / "bin").mkdir(parents=True)
    monkeypatch.setattr(installation, "_PLACE", place)
    monkeypatch.setattr(sys, "executable", str(place / "python" / "bin" / "python3.11"))
    monkeypatch.setattr(paths, "_TREE", place / "app")
    assert installation.here(Path.home()).place == place / "python"
    assert installation.here(paths.data_folder(portable=True)).place is None


def test_a_kept_package_that_was_changed_is_not_installed(
    make: Make, folder: Path, here: Installation, clock: Clock
) -> None:
    old = package_before(folder)
    preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    old.write_bytes(b"another package")
    with pytest.raises(Refused, match="和升级时留下的不一样"):
        preparing.go_back(folder, replace(here, version="0.2.0"))


def test_attachments_of_the_backup_before_an_upgrade_lie_beside_it(
    make: Make, folder: Path, here: Installation, clock: Clock
) -> None:
    content = b"scan"
    held = path_of(folder, hashlib.sha256(content).hexdigest())
    held.parent.mkdir(parents=True)
    held.write_bytes(content)
    preparing.prepare(container.read(make(), KEYS), folder, here, clock())
    assert [path.read_bytes() for path in backup_files.files_in(folder / BACKUPS)] == [content]


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="a system without dpkg")
def test_the_package_of_what_is_installed_can_be_made_again(tmp_path: Path) -> None:
    made = tmp_path / "again.deb"
    assert installation.repack("hostname", made)
    listed = subprocess.run(["dpkg-deb", "--contents", made], check=True, capture_output=True, text=True).stdout
    assert "./bin/hostname" in listed
    told = subprocess.run(["dpkg-deb", "-f", made, "Package"], check=True, capture_output=True, text=True).stdout
    assert told == "hostname\n"
    assert not installation.repack("no-such-package", tmp_path / "none.deb")
    assert not (tmp_path / "none.deb").exists()


def test_the_installer_takes_the_place_of_the_program_and_the_program_comes_back(tmp_path: Path) -> None:
    code = (
        "from desktop.updates.installation import hand_over; import sys; "
        "hand_over([sys.executable, '-c', 'print(\"installs it\"); raise SystemExit(1)'], ['echo', '又 打开 $HOME'])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "installs it\n又 打开 $HOME\n"


def test_the_command_of_each_system_names_the_package_and_the_older_version_only_on_the_way_back() -> None:
    linux, windows = Installation("linux", "amd64", "0.1.0", None), Installation("windows", "amd64", "0.1.0", None)
    package = Path("/一个/包.deb")
    command = linux.command(package, "0.0.9") or []
    assert command[-4:] == ["FAZHI_LEDGER_BACK_TO=0.0.9", "dpkg", "--install", str(package)]
    assert not any("BACK" in word for word in linux.command(package) or [])
    assert windows.command(package, "0.0.9") == [str(package), "/BACK"]
    assert windows.command(package) == [str(package)]
    preinst = (ROOT / "packaging" / "linux" / "deb" / "preinst").read_text(encoding="utf-8")
    assert f"${{{installation.BACK}:-}}" in preinst


def test_the_command_checks_an_update_and_refuses_what_does_not_fit(
    run: Callable[..., tuple[int, str, str]], make: Make, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    update = make()
    assert run("update", update)[0] == cli.REFUSED  # no key is built in
    monkeypatch.setattr(container, "publishers", lambda: KEYS)
    status, said, _complained = run("update", "--check", update)
    assert (status, "签名有效，版本0.2.0" in said, "从U盘升级" in said) == (cli.DONE, True, True)
    status, _said, complained = run("update", update)
    assert status == cli.REFUSED
    assert "没有改动" in complained
    assert run("update", folder / "nothing.fzup")[0] == cli.TROUBLE
    assert run("back")[0] == cli.REFUSED


def test_the_command_hands_over_to_the_installer_when_everything_is_ready(
    run: Callable[..., tuple[int, str, str]], make: Make, monkeypatch: pytest.MonkeyPatch, here: Installation,
    folder: Path,
) -> None:  # fmt: skip
    handed: list[list[str]] = []
    monkeypatch.setattr(container, "publishers", lambda: KEYS)
    monkeypatch.setattr(installation, "here", lambda _folder: here)
    monkeypatch.setattr(installation, "hand_over", lambda command, then: handed.append(command))
    monkeypatch.setattr(Installation, "command", lambda self, package, back="": ["dpkg", "--install", str(package)])
    assert run("update", make())[0] == cli.DONE
    assert handed == [["dpkg", "--install", str(folder / preparing.UPDATES / "fazhi-ledger_0.2.0_amd64.deb")]]
    assert json.loads((folder / preparing.UPDATES / preparing.PENDING).read_text(encoding="utf-8"))["goal"] == "0.2.0"
    monkeypatch.setattr(Installation, "command", lambda self, package, back="": None)
    status, said, _complained = run("update", make())
    assert (status, "请管理员执行：\nsudo dpkg --install" in said) == (cli.DONE, True)


def test_the_publisher_makes_a_key_and_signs_a_package_twice_alike(tmp_path: Path) -> None:
    script = [sys.executable, ROOT / "packaging" / "sign_update.py"]
    subprocess.run([*script, "key", tmp_path / "keys"], check=True, capture_output=True)
    again = subprocess.run([*script, "key", tmp_path / "keys"], check=False, capture_output=True)
    assert again.returncode != 0
    private = tmp_path / "keys" / "fazhi-update.key"
    assert private.stat().st_mode & 0o077 == 0
    package = tmp_path / f"fazhi-ledger-{__version__}-setup.exe"
    package.write_bytes(PACKAGE)
    made = [tmp_path / name for name in ("one", "two")]
    for out in made:
        subprocess.run([*script, "sign", private, package, "--out", out], check=True, capture_output=True)
    one, two = (next(out.glob("*.fzup")) for out in made)
    assert one.read_bytes() == two.read_bytes()
    update = container.read(one, container.publishers(tmp_path / "keys"))
    assert (update.manifest.version, update.manifest.platform) == (__version__, "windows")
    assert "新增" in update.manifest.changes
