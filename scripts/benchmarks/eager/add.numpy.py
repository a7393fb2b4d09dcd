"""`a + b` on sixteen floats, `n` times."""
import sys
import numpy


def main(n):
    a = numpy.ones(16, dtype=numpy.float32)
    b = a * 2
    c = a
    for _ in range(n):
        c = a + b
    print(c.sum())


main(int(sys.argv[2]))
