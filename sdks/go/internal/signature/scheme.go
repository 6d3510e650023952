// Package signature makes and checks the signatures of deliveries.
package signature

import "time"

// Scheme says how deliveries of a contract are signed.
type Scheme struct {
	// Algorithms: a receiver has a secret of one of them at least.
	Algorithms []Algorithm
	// Content has the signed parts, which are joined by Joint.
	Content []Part
	// Joint is a full stop where it is empty; Unjoined: nothing stands between the parts.
	Joint    string
	Unjoined bool
	// Message stands in place of Content, of which there is none then.
	Message         *Message
	SignatureHeader string
	Separator       string
	// Untimed: no time is sent, and none is checked.
	Untimed bool
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

// Algorithm signs with a secret that is shared, HMAC-SHA256, or with a key pair.
type Algorithm struct {
	// Ed25519: the receiver has the public key.
	Ed25519 bool
	// Base64Key: the key is the bytes that the secret's base64 gives once SecretPrefix is taken off, and not the secret
	// as text.
	Base64Key bool
	// SecretPrefix is what a secret of this algorithm starts with; of Ed25519 a public key.
	SecretPrefix string
	// Prefix stands before each signature in the header. A signature with another prefix is passed over.
	Prefix   string
	Encoding Encoding
	// SecretBytesMin is the fewest bytes that a key of Base64Key may have.
	SecretBytesMin int
}

// Part is one of the signed parts.
type Part struct{ name, text string }

var (
	// ID is the value of Scheme.IDHeader.
	ID = Part{name: "id"}
	// Timestamp is the signed time as it stands in the header.
	Timestamp = Part{name: "timestamp"}
	// Body is the body as bytes.
	Body = Part{name: "body"}
)

// Text is signed as it is.
func Text(text string) Part { return Part{text: text} }

// Encoding is how a signature is written.
type Encoding string

const (
	// Hex is lower case.
	Hex Encoding = "hex"
	// Base64 has the standard alphabet and padding.
	Base64 Encoding = "base64"
	// Base64Unpadded is Base64 without padding.
	Base64Unpadded Encoding = "base64-unpadded"
)

func (s *Scheme) joint() string {
	if s.Joint == "" && !s.Unjoined {
		return "."
	}
	return s.Joint
}

// isTimeInSignature says whether the signature header carries the time too.
func (s *Scheme) isTimeInSignature() bool {
	return !s.Untimed && s.TimestampHeader == "" && s.Message == nil
}

func (s *Scheme) unit() time.Duration {
	if s.Milliseconds {
		return time.Millisecond
	}
	return time.Second
}
