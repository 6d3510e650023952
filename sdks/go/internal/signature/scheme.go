// Package signature makes and checks the signatures of deliveries.
package signature

import "time"

// Scheme says how deliveries of a contract are signed.
type Scheme struct {
	// Base64Key: the key is the bytes that the secret's base64 gives once SecretPrefix is taken off, and not the secret
	// as text.
	Base64Key    bool
	SecretPrefix string
	// Content has the signed parts, which are joined by a full stop.
	Content         []Part
	Encoding        Encoding
	SignatureHeader string
	// Prefix stands before each signature in the header. A signature with another prefix is passed over.
	Prefix    string
	Separator string
	// Milliseconds: the signed time counts these, and not seconds.
	Milliseconds bool
	// TimestampHeader carries the signed time. Empty: it stands in the signature header, behind TimestampPrefix.
	TimestampHeader string
	TimestampPrefix string
	// IDHeader is empty when no identifier is signed.
	IDHeader  string
	Tolerance time.Duration
	// PastOnly: a time in the future is never refused.
	PastOnly bool
}

// Part is one of the signed parts.
type Part string

const (
	// ID is the value of Scheme.IDHeader.
	ID Part = "id"
	// Timestamp is the signed time as it stands in the header.
	Timestamp Part = "timestamp"
	// Body is the body as bytes.
	Body Part = "body"
)

// Encoding is how the HMAC is written.
type Encoding string

const (
	// Hex is lower case.
	Hex Encoding = "hex"
	// Base64 has the standard alphabet and padding.
	Base64 Encoding = "base64"
	// Base64Unpadded is Base64 without padding.
	Base64Unpadded Encoding = "base64-unpadded"
)

func (s *Scheme) unit() time.Duration {
	if s.Milliseconds {
		return time.Millisecond
	}
	return time.Second
}
