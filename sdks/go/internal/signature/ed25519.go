package signature

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
)

// isPublicKey tells whether every library takes it: 32 bytes that encode a point in its one form, which is not of small
// order.
func isPublicKey(key []byte) bool { return len(key) == ed25519.PublicKeySize && isStrongPoint(key) }

// verifyEd25519 refuses points of small order before the library is asked, since libraries differ in what they make of
// them. Nothing here is secret, so that nothing has to take the same time.
func verifyEd25519(key, content []byte, text string) bool {
	signature, err := base64.StdEncoding.Strict().DecodeString(text)
	// The decoder passes over line breaks, which no signature has.
	if err != nil || len(signature) != ed25519.SignatureSize || len(text) != base64.StdEncoding.EncodedLen(len(signature)) {
		return false
	}
	return isStrongPoint(signature[:32]) && ed25519.Verify(key, content, signature)
}

// isStrongPoint reads y, which is all but the highest bit, the least significant byte first.
func isStrongPoint(encoded []byte) bool {
	y := make([]byte, len(encoded))
	for index, value := range encoded {
		y[len(y)-1-index] = value
	}
	y[0] &= 0x7f
	for _, weak := range smallOrder {
		if bytes.Equal(y, weak) {
			return false
		}
	}
	return bytes.Compare(y, fieldPrime) < 0
}

// fieldPrime is 2^255 - 19.
var fieldPrime = number("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")

// smallOrder has y of the eight points whose order divides 8: 0, 1, -1, and of order 8 two.
var smallOrder = [][]byte{
	number("0000000000000000000000000000000000000000000000000000000000000000"),
	number("0000000000000000000000000000000000000000000000000000000000000001"),
	number("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
	number("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
	number("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
}

func number(digits string) []byte {
	number, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return number
}
