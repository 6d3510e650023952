"""Ed25519 by the examples of RFC 8032 §7.1; what hostile keys and signatures are made of is in the vectors."""

from __future__ import annotations

import hashlib
import unittest

from hookwright_webhooks._core import ed25519

EXAMPLES = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
        "be24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        bytes.fromhex("72"),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        bytes.fromhex("af82"),
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
        "d28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138a"
        "c17ad9bef1177331a704",
    ),
]


class Ed25519(unittest.TestCase):
    def test_takes_what_the_standard_gives(self) -> None:
        for key, message, signature in EXAMPLES:
            self.assertTrue(ed25519.verify(bytes.fromhex(key), message, bytes.fromhex(signature)))

    def test_refuses_it_with_any_bit_changed(self) -> None:
        key, message, signature = (bytes.fromhex(EXAMPLES[2][0]), EXAMPLES[2][1], bytes.fromhex(EXAMPLES[2][2]))
        for bit in range(0, 512, 7):
            changed = (int.from_bytes(signature, "little") ^ 1 << bit).to_bytes(64, "little")
            self.assertFalse(ed25519.verify(key, message, changed), bit)
        self.assertFalse(ed25519.verify(key, message + b"\0", signature))

    def test_points_of_small_order_are_those_that_eight_times_make_neutral(self) -> None:
        found: set[int] = set()
        start = 1
        while len(found) < 5:
            start += 1
            point = ed25519._decode(start.to_bytes(32, "little"))
            if point is not None:
                encoded = ed25519._encode(multiple(ed25519.L, point))
                found.add(int.from_bytes(encoded, "little") & (2**255 - 1))
        self.assertEqual(found, ed25519._SMALL_ORDER)


def multiple(count: int, point: ed25519.Point) -> ed25519.Point:
    """The point, so many times."""
    total = ed25519.NEUTRAL
    for bit in reversed(range(count.bit_length())):
        total = ed25519._double(total)
        if count >> bit & 1:
            total = ed25519._add(total, point)
    return total


if __name__ == "__main__":
    unittest.main()
