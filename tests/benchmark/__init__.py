"""The benchmark behind ``docs/performance.md``: run by ``make bench``, never by the tests.

Each measured thing runs in a process of its own, so that its peak memory is its own. Compare ratios within
one run; the seconds of another machine, or of another hour, mean little.
"""
