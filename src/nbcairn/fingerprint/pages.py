"""Which pages of memory were written since we last asked: what Linux can prove, and whether it can here.

Linux 6.7 and newer mark a page as written when anything writes to it: the program itself, the kernel on its behalf
(``read`` into a buffer), another process through ``/proc``. ``userfaultfd`` in its asynchronous write-protect mode keeps
the marks, the ioctl ``PAGEMAP_SCAN`` reads them (Documentation/admin-guide/mm/pagemap.rst and userfaultfd.rst in the
kernel's source). A page counts as unwritten only if it is marked so *and* is present or swapped: a page that was given
back to the system loses its mark.

Memory that others can write through a mapping of their own (shared memory, mapped files) is refused. What this cannot
see is a device that writes into pages it holds pinned (``io_uring`` with registered buffers, GPU transfers in flight).
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import struct
import sys
from array import array
from functools import cache
from pathlib import Path

if sys.platform == "linux":
    import fcntl

__all__ = ["PAGE", "Pages", "Ranges", "unwritten_support"]

PAGE = mmap.PAGESIZE
Ranges = list[tuple[int, int]]
"""Half-open ranges of addresses, in order."""

_CALL = {"x86_64": 323, "aarch64": 282, "riscv64": 282}
_USER_MODE_ONLY = 1
_WP_UNPOPULATED, _WP_ASYNC = 1 << 13, 1 << 15
_UFFDIO_API, _UFFDIO_REGISTER, _UFFDIO_WRITEPROTECT = 0xC018AA3F, 0xC020AA00, 0xC018AA06
_PAGEMAP_SCAN, _PROCMAP_QUERY = 0xC0606610, 0xC0686611
_CHECK_WPASYNC = 2
_WRITTEN, _FILE, _PRESENT, _SWAPPED = 1 << 1, 1 << 2, 1 << 3, 1 << 4
_COVERING_OR_NEXT, _SHARED = 0x10, 8
_REGIONS = 1024


class Pages:
    """The marks of this process. Raises OSError where the system refuses; a forked child must not use its parent's."""

    def __init__(self) -> None:
        self._faults = _userfaultfd()
        self._pagemap = os.open("/proc/self/pagemap", os.O_RDONLY | os.O_CLOEXEC)
        self._maps = os.open("/proc/self/maps", os.O_RDONLY | os.O_CLOEXEC)
        self._regions = array("Q", bytes(24 * _REGIONS))
        self._queries = True

    def close(self) -> None:
        """Take all marks away."""
        for descriptor in (self._faults, self._pagemap, self._maps):
            os.close(descriptor)

    def watch(self, start: int, stop: int) -> bool:
        """Begin to mark the pages from ``start`` to ``stop`` (page bounds); False for memory that others share."""
        if not self._private(start, stop):
            return False
        fcntl.ioctl(self._faults, _UFFDIO_REGISTER, struct.pack("4Q", start, stop - start, 2, 0))
        return True

    def arm(self, ranges: Ranges) -> None:
        """Take the marks of these pages away, so that the next write is seen."""
        for start, stop in ranges:
            fcntl.ioctl(self._faults, _UFFDIO_WRITEPROTECT, struct.pack("3Q", start, stop - start, 1))

    def written(self, start: int, stop: int) -> Ranges:
        """The ranges of pages that are not proven unwritten since they were armed. Raises OSError if never watched."""
        found, at = [], start
        for clean_start, clean_stop in self._unwritten(start, stop):
            if clean_start > at:
                found.append((at, clean_start))
            at = clean_stop
        if at < stop:
            found.append((at, stop))
        return found

    def _unwritten(self, start: int, stop: int) -> Ranges:
        found: Ranges = []
        vector = self._regions.buffer_info()[0]
        while start < stop:
            question = bytearray(
                struct.pack(
                    "12Q", 96, _CHECK_WPASYNC, start, stop, 0, vector, _REGIONS, 0,
                    _WRITTEN | _FILE, _WRITTEN | _FILE, _PRESENT | _SWAPPED, _FILE,
                )
            )  # fmt: skip
            count = fcntl.ioctl(self._pagemap, _PAGEMAP_SCAN, question)
            numbers = self._regions[: 3 * count]
            found.extend(zip(numbers[0::3], numbers[1::3], strict=True))
            start = struct.unpack_from("Q", question, 32)[0]
        return found

    def _private(self, start: int, stop: int) -> bool:
        """True when all of it is anonymous memory of this process alone."""
        while start < stop:
            end, private = self._mapping(start)
            if not private or end <= start:
                return False
            start = end
        return True

    def _mapping(self, address: int) -> tuple[int, bool]:
        """Where the mapping that holds an address ends, and whether it is private and anonymous."""
        if self._queries:
            question = bytearray(104)
            struct.pack_into("3Q", question, 0, 104, _COVERING_OR_NEXT, address)
            try:
                fcntl.ioctl(self._maps, _PROCMAP_QUERY, question)
            except OSError as error:
                if error.errno == errno.ENOENT:
                    return 0, False
                self._queries = False  # older than Linux 6.11
            else:
                begin, end, flags, _, _, inode = struct.unpack_from("6Q", question, 24)
                return end, begin <= address and not flags & _SHARED and not inode
        return _listed(address)


def _listed(address: int) -> tuple[int, bool]:
    for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        bounds, rights, _, _, inode = line.split()[:5]
        begin, end = (int(bound, 16) for bound in bounds.split("-"))
        if begin <= address < end:
            return end, rights[3] == "p" and inode == "0"
    return 0, False


def _userfaultfd() -> int:
    number = _CALL.get(platform.machine()) if sys.platform == "linux" else None
    if number is None or not Path("/proc/self/pagemap").exists():
        raise OSError(errno.ENOSYS, "only Linux keeps such marks")
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = int(libc.syscall(number, os.O_CLOEXEC | os.O_NONBLOCK | _USER_MODE_ONLY))
    if descriptor < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    try:
        fcntl.ioctl(descriptor, _UFFDIO_API, struct.pack("3Q", 0xAA, _WP_ASYNC | _WP_UNPOPULATED, 0))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _works(pages: Pages) -> bool:
    """Try it on two pages of our own: one written, one not."""
    with mmap.mmap(-1, 3 * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as area:
        area[:] = b"x" * len(area)
        holder = ctypes.c_char.from_buffer(area)
        start = -(-ctypes.addressof(holder) // PAGE) * PAGE
        stop = start + 2 * PAGE
        if not pages.watch(start, stop):
            return False
        pages.arm([(start, stop)])
        before = pages.written(start, stop)
        ctypes.memset(start + PAGE, 1, 1)
        after = pages.written(start, stop)
        del holder
    return before == [] and after == [(start + PAGE, stop)]


@cache
def unwritten_support() -> tuple[bool, str]:
    """Whether this machine can prove memory unwritten, and in words why not. Tried once a process."""
    try:
        pages = Pages()
    except OSError as error:
        return False, _reason(error)
    try:
        works = _works(pages)
    except OSError as error:
        return False, _reason(error)
    finally:
        pages.close()
    return works, "" if works else "the system's marks of written pages cannot be relied on"


def _reason(error: OSError) -> str:
    if error.errno == errno.EPERM:
        return "the system forbids userfaultfd (containers often do)"
    if error.errno in {errno.ENOSYS, errno.EINVAL, errno.ENOTTY}:
        return "needs Linux 6.7 or newer"
    return f"{error.strerror or error}"
