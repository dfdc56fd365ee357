import os, random, collections
from tests.desktop.test_cli import run  # noqa
from db.store.places import LEDGER
def test_fuzz(run, folder):
    path = folder / LEDGER
    good = path.read_bytes()
    out = collections.Counter()
    for page in range(1, len(good)//4096):
        for off in (0, 2000):
            b = bytearray(good); b[page*4096+off:page*4096+off+200] = os.urandom(200); path.write_bytes(bytes(b))
            for f in folder.glob("ledger.db-*"): f.unlink()
            try: s = run("check")
            except Exception as e: s = repr(e)[:80],
            out[s[0], s[-1].split("\n")[0][:50] if len(s)>1 else ""] += 1
    for k,v in out.most_common(): print(v,k)
    assert 0
