"""A file system of the tests: passes everything through to a folder, and fails where its control file says.

Usage: file-system.py FOLDER MOUNT CONTROL

CONTROL is JSON: {"free": bytes or null, "faults": [...]}, read again whenever it is replaced. A fault:
  call    the call that it is about: write, read, fsync, fsyncdir, flush, create, open, rename, readdir, ...
  name    a regular expression that the file's name matches; of a rename the old name
  skip    so many such calls pass first
  from    of read and write: only where the call reaches beyond this place in the file
  times   how often it happens; without it, always
  act     error (with errno), gone, readonly, forget, flip, slow (with ms), short, lose, replace (with by)
Each time one happens a byte is added to CONTROL.met.
"""

import errno
import json
import os
import re
import shutil
import sys
import time

from fusepy import FUSE, FuseOSError, Operations

CHANGING = {"write", "create", "rename", "mkdir", "unlink", "rmdir", "truncate", "chmod", "symlink"}


class Failing(Operations):
    def __init__(self, folder, control):
        self.folder = folder
        self.control = control
        self.seen = None
        self.state = None
        self.free = None
        self.faults = []

    def below(self, path):
        return os.path.join(self.folder, path.lstrip("/"))

    def look(self):
        found = os.stat(self.control)
        mark = (found.st_ino, found.st_mtime_ns)
        if mark == self.seen:
            return
        self.seen = mark
        self.state = None
        with open(self.control, encoding="utf-8") as file:
            asked = json.load(file)
        self.free = asked.get("free")
        self.faults = [dict(one, count=0, met=0) for one in asked["faults"]]

    def happens(self, fault, call, path, end):
        if fault["call"] != call or not re.search(fault.get("name", ""), os.path.basename(path)):
            return False
        if end is not None and end <= fault.get("from", 0):
            return False
        fault["count"] += 1
        if fault["count"] <= fault.get("skip", 0) or fault["met"] >= fault.get("times", 1 << 60):
            return False
        fault["met"] += 1
        with open(self.control + ".met", "ab") as file:
            file.write(b".")
        return True

    def meet(self, call, path, end=None):
        """Raises what the call must fail with; else gives the fault that its own code has to act out, or None."""
        self.look()
        own = None
        for fault in self.faults:
            if not self.happens(fault, call, path, end):
                continue
            act = fault["act"]
            if act == "error":
                raise FuseOSError(getattr(errno, fault["errno"]))
            if act in ("gone", "readonly"):
                self.state = act
            elif act == "slow":
                time.sleep(fault["ms"] / 1000)
            elif act == "replace":
                self.replace(fault["by"])
            else:
                own = fault
        if self.state == "gone":
            raise FuseOSError(errno.ENODEV)
        if self.state == "readonly" and call in CHANGING:
            raise FuseOSError(errno.EROFS)
        return own

    def replace(self, by):
        """Puts another thing in the place of the folder that is being written."""
        for name in os.listdir(self.folder):
            if not name.endswith(".part"):
                continue
            place = os.path.join(self.folder, name)
            os.rename(place, os.path.join(self.folder, "aside"))
            if by == "folder":
                os.mkdir(place)
            elif by == "link":
                os.symlink("aside", place)
            elif by == "file":
                open(place, "wb").close()
            elif by == "fifo":
                os.mkfifo(place)

    def getattr(self, path, fh=None):
        self.meet("getattr", path)
        found = os.lstat(self.below(path))
        names = ("st_ino", "st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_atime", "st_mtime", "st_ctime")
        return {name: getattr(found, name) for name in names}

    def access(self, path, mode):
        self.meet("access", path)

    def readdir(self, path, fh):
        self.meet("readdir", path)
        return [".", "..", *os.listdir(self.below(path))]

    def readlink(self, path):
        return os.readlink(self.below(path))

    def statfs(self, path):
        self.meet("statfs", path)
        found = os.statvfs(self.folder)
        names = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_frsize", "f_files", "f_ffree", "f_favail", "f_namemax")
        answer = {name: getattr(found, name) for name in names}
        if self.free is not None:
            answer["f_bavail"] = answer["f_bfree"] = self.free // found.f_frsize
        return answer

    def mkdir(self, path, mode):
        self.meet("mkdir", path)
        os.mkdir(self.below(path), mode)

    def rmdir(self, path):
        self.meet("rmdir", path)
        os.rmdir(self.below(path))

    def unlink(self, path):
        self.meet("unlink", path)
        os.unlink(self.below(path))

    def symlink(self, path, source):
        self.meet("symlink", path)
        os.symlink(source, self.below(path))

    def rename(self, old, new):
        fault = self.meet("rename", old)
        os.rename(self.below(old), self.below(new))
        if fault is not None and fault["act"] == "lose":
            for entry in os.scandir(self.below(new)):
                shutil.rmtree(entry) if entry.is_dir() else os.unlink(entry)

    def chmod(self, path, mode):
        self.meet("chmod", path)
        os.chmod(self.below(path), mode)

    def chown(self, path, uid, gid):
        os.chown(self.below(path), uid, gid)

    def utimens(self, path, times=None):
        os.utime(self.below(path), times)

    def truncate(self, path, length, fh=None):
        self.meet("truncate", path)
        os.truncate(self.below(path), length)

    def open(self, path, flags):
        self.meet("open", path)
        return os.open(self.below(path), flags & ~os.O_CREAT)

    def create(self, path, mode, fi=None):
        self.meet("create", path)
        return os.open(self.below(path), os.O_RDWR | os.O_CREAT, mode)

    def read(self, path, size, offset, fh):
        fault = self.meet("read", path, offset + size)
        found = os.pread(fh, size, offset)
        if fault is None or found == b"":
            return found
        if fault["act"] == "flip":
            return bytes([found[0] ^ 1]) + found[1:]
        if fault["act"] == "short":
            return found[: max(1, len(found) // 2)]
        return found

    def write(self, path, content, offset, fh):
        fault = self.meet("write", path, offset + len(content))
        act = None if fault is None else fault["act"]
        if act == "forget":
            return len(content)
        if act == "flip":
            os.pwrite(fh, bytes([content[0] ^ 1]) + content[1:], offset)
            return len(content)
        if act == "short":
            content = content[: max(1, len(content) // 2)]
        return os.pwrite(fh, content, offset)

    def flush(self, path, fh):
        self.meet("flush", path)

    def fsync(self, path, datasync, fh):
        self.meet("fdatasync" if datasync else "fsync", path)

    def fsyncdir(self, path, datasync, fh):
        self.meet("fsyncdir", path)

    def release(self, path, fh):
        os.close(fh)


if __name__ == "__main__":
    folder, mount, control = sys.argv[1:]
    FUSE(
        Failing(folder, control),
        mount,
        foreground=True,
        nothreads=True,
        direct_io=True,
        big_writes=True,
        use_ino=True,
        hard_remove=True,
        attr_timeout=0,
        entry_timeout=0,
        negative_timeout=0,
        fsname="failing",
    )
