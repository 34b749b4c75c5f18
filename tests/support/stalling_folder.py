"""Shows a folder read-only under a mount point, and stalls on demand as a share does whose server is gone.

python stalling_folder.py FOLDER MOUNTPOINT SWITCH

While the file SWITCH holds the word `read`, reading a file with `stall` in its name waits; while it holds `readdir`,
listing a folder below the mount point waits. What waits goes on when the file is gone.
"""

import os
import sys
import time

from fuse import FUSE, FuseOSError, Operations

LOOK_AGAIN_SECONDS = 0.1
ATTRIBUTES = ["atime", "ctime", "gid", "mode", "mtime", "nlink", "size", "uid"]


class StallingFolder(Operations):
    def __init__(self, root: str, switch: str) -> None:
        self.root = root
        self.switch = switch

    def _wait(self, operation: str) -> None:
        while self._mode() == operation:
            time.sleep(LOOK_AGAIN_SECONDS)

    def _mode(self) -> str | None:
        try:
            with open(self.switch) as switch:
                return switch.read().strip()
        except OSError:
            return None

    def getattr(self, path, fh=None):
        try:
            found = os.lstat(self.root + path)
        except OSError as error:
            raise FuseOSError(error.errno) from error
        return {f"st_{name}": getattr(found, f"st_{name}") for name in ATTRIBUTES}

    def readdir(self, path, fh):
        if path != "/":
            self._wait("readdir")
        return [".", "..", *os.listdir(self.root + path)]

    def open(self, path, flags):
        return os.open(self.root + path, os.O_RDONLY)

    def read(self, path, size, offset, fh):
        if "stall" in path:
            self._wait("read")
        return os.pread(fh, size, offset)

    def release(self, path, fh):
        return os.close(fh)


if __name__ == "__main__":
    FUSE(StallingFolder(sys.argv[1], sys.argv[3]), sys.argv[2], foreground=True, ro=True)
