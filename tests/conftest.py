"""Collect garbage less often: rulebooks are many small objects that live as long as a test run.

What is kept between processes lies in a folder of the run, for all its processes.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile

from creditgate.base.own_files import FOLDER

gc.set_threshold(100_000, 20, 50)

if "PYTEST_XDIST_WORKER" not in os.environ:  # those have it from the process that began them
    os.environ[FOLDER] = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
