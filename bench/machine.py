"""The machine: its name, its limits, and who else uses it."""

import ctypes
import os
import platform
import time


def find_processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.processor()


def count_processors():
    return len(os.sched_getaffinity(0))


BUSY = 0.03  # of all processors: what other programs may use


class Limits:
    """Limits.h, loaded."""

    def __init__(self, build):
        library = ctypes.CDLL(str((build / "bench" / "libsylvite-limits.so").resolve()))
        library.limits_fma.argtypes = [ctypes.c_int, ctypes.c_double, ctypes.c_int]
        library.limits_read.argtypes = [ctypes.c_int, ctypes.c_double]
        for name in ("limits_bf16", "limits_int8"):
            getattr(library, name).argtypes = [ctypes.c_int, ctypes.c_double]
        for name in ("limits_fma", "limits_bf16", "limits_int8", "limits_read"):
            function = getattr(library, name)
            function.restype = ctypes.c_double
        self.library = library

    def fma(self, threads, seconds):
        """Floating-point operations a second."""
        return self._check(self.library.limits_fma(threads, seconds, 0))

    def peak(self, precision, threads, seconds):
        """Operations a second that a precision allows: those of its own dot
        products, or of f32 where the processor has none or slower ones."""
        dot = {"bf16": self.library.limits_bf16, "int8": self.library.limits_int8}
        if precision not in dot:
            return self.fma(threads, seconds)
        rate = dot[precision](threads, seconds / 2)
        return max(rate, self.fma(threads, seconds / 2))

    def read(self, threads, seconds):
        """Bytes a second from memory."""
        return self._check(self.library.limits_read(threads, seconds))

    def _check(self, rate):
        if rate < 0:
            raise RuntimeError("bench: the limits of this machine cannot be measured")
        return rate


class OtherWork:
    """How much of the processors other programs use from now on.

    The system's count of busy time less that of this process and of those that
    it has waited for. The load average would count the benchmark itself.
    """

    def __init__(self):
        self.begin = self._read()

    def share(self):
        """The part of all processors' time since the beginning, from 0 to 1."""
        now = self._read()
        busy, own, wall = (after - before for after, before in zip(now, self.begin))
        return max(0.0, (busy - own) / (wall * os.cpu_count()))

    @staticmethod
    def _read():
        with open("/proc/stat") as stat:
            ticks = [int(field) for field in stat.readline().split()[1:9]]
        user, nice, system, _idle, _iowait, irq, softirq, steal = ticks
        busy = user + nice + system + irq + softirq + steal
        return (
            busy / os.sysconf("SC_CLK_TCK"),
            sum(os.times()[:4]),
            time.monotonic(),
        )
