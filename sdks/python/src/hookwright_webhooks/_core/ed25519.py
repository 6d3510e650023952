"""Verification of Ed25519 signatures (RFC 8032 §5.1.7), which Python's own library does not have.

Only public data goes in, so nothing has to take the same time. Signing is left out for the same reason.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
"""The field's prime."""
L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""
D = -121665 * pow(121666, P - 2, P) % P
"""Of the curve -x² + y² = 1 + Dx²y²."""
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""X, Y, Z and T in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z."""

NEUTRAL: Point = (0, 1, 1, 0)
BASE_ENCODED = bytes([0x58] + [0x66] * 31)


def is_public_key(key: bytes) -> bool:
    """Whether every library takes it: 32 bytes that encode a point in its one form, which is not of small order."""
    return len(key) == 32 and _is_strong(key)


def verify(key: bytes, content: bytes, signature: bytes) -> bool:
    """Whether this is the signature of the content. Points of small order and forms that are not the one are refused."""
    if len(signature) != 64 or not _is_strong(key) or not _is_strong(signature[:32]):
        return False
    s = int.from_bytes(signature[32:], "little")
    point = _decode(key)
    if s >= L or point is None:
        return False
    digest = hashlib.sha512(signature[:32] + key + content).digest()
    # R = sB - kA: compared in its encoded form, as libraries do, so that R itself need not be read.
    return _encode(_sum_of_multiples(s, int.from_bytes(digest, "little") % L, point)) == signature[:32]


# y of the points whose order divides 8.
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        P - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    }
)


def _is_strong(encoded: bytes) -> bool:
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    return y < P and y not in _SMALL_ORDER


def _decode(encoded: bytes) -> Point | None:
    """The point of 32 bytes (§5.1.3); None when they encode none. Its y is less than P."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (v * x * x - u) % P != 0:
        return None
    if x % 2 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _encode(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _add(one: Point, other: Point) -> Point:
    """RFC 8032 §5.1.4; it holds for all points, equal ones among them."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _double(point: Point) -> Point:
    a, b = point[0] * point[0] % P, point[1] * point[1] % P
    c = 2 * point[2] * point[2] % P
    h = a + b
    e = h - (point[0] + point[1]) ** 2
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _sum_of_multiples(s: int, k: int, key: Point) -> Point:
    """sB - kA, two bits of both factors at a time."""
    minus = (P - key[0], key[1], key[2], P - key[3])
    base = _decode(BASE_ENCODED) or NEUTRAL
    rows = _multiples(base)
    table = [[_add(row, column) for column in _multiples(minus)] for row in rows]
    total = NEUTRAL
    for shift in range(252, -2, -2):
        total = _double(_double(total))
        total = _add(total, table[s >> shift & 3][k >> shift & 3])
    return total


def _multiples(point: Point) -> list[Point]:
    double = _double(point)
    return [NEUTRAL, point, double, _add(double, point)]
