"""Speed as a ratio against the floor of the same work, both measured in one run.

`make bench` prints the ratios; no test asserts a time, because machines are
noisy. The floor is what the standard library needs for the least that the work
asks for.
"""
