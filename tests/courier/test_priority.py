from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = "import sys; sys.path.insert(0, {folder!r}); from shadowtap.courier.__main__ import main; main()"
STAND_IN = "import os\nprint(os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0))\nraise SystemExit"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has an idle priority")
@pytest.mark.parametrize("priority", ["idle", "low", "normal"])
def test_the_priority_holds_before_anything_that_takes_time_is_imported(
    tmp_path: Path, bare_environment: dict[str, str], priority: str
) -> None:
    (tmp_path / "aiohttp.py").write_text(STAND_IN)
    command = [sys.executable, "-c", START.format(folder=str(tmp_path)), "--fd", "0", "--priority", priority]
    done = subprocess.run(command, env=bare_environment, capture_output=True, text=True, check=True)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    nice = own if priority == "normal" else 19
    assert done.stdout.split() == [str(nice), str(os.SCHED_IDLE if priority == "idle" else os.SCHED_OTHER)]
