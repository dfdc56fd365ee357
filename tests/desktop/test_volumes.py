"""The disks and sticks that are plugged in, as the system lists them."""

from __future__ import annotations

from pathlib import Path

from desktop.volumes import mounted


def test_the_local_disks_that_can_be_written_are_listed_and_nothing_else() -> None:
    lines = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    local = {
        Path(point.replace("\\040", " "))
        for device, point, _kind, options, *_rest in lines
        if device.startswith("/dev/") and "rw" in options.split(",")
    }
    found = mounted()
    assert {volume.root for volume in found} <= local
    assert (Path("/") in {volume.root for volume in found}) == (Path("/") in local)
