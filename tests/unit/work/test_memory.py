"""Memory of a process of many threads: they share the C library's places for it."""

import os
import platform
import subprocess
import sys

COUNT = """
import ctypes, sys, tempfile, threading
from agent.adapters.memory import share_memory
if sys.argv[1] == "shared":
    share_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
barrier = threading.Barrier(12)
def take():
    barrier.wait()
    libc.malloc(ctypes.c_size_t(5000))
    barrier.wait()
threads = [threading.Thread(target=take) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


def places(how: str) -> int:
    environment = {name: it for name, it in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    words = [sys.executable, "-c", COUNT, how]
    return int(subprocess.run(words, env=environment, capture_output=True, check=True).stdout)


def test_threads_share_two_places_for_memory_where_each_had_its_own() -> None:
    if platform.libc_ver()[0] == "glibc":
        assert places("each") > 2
        assert places("shared") == 2
    else:
        assert places("shared") == places("each")
