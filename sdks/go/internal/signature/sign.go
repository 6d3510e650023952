package signature

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Sign gives the headers of a signed request; the time is rounded down to the scheme's unit. It panics for a public
// key, which signs nothing: only tests sign.
func Sign(scheme *Scheme, key Key, body []byte, as webhook.Signing) http.Header {
	if key.algorithm.Ed25519 {
		panic("hookwright: a public key signs nothing; sign with the private key, by crypto/ed25519")
	}
	timestamp := strconv.FormatInt(as.Time.UnixMilli()/scheme.unit().Milliseconds(), 10)
	if scheme.Message != nil {
		header, base := scheme.Message.unsigned(body, as.ID, timestamp)
		header.Set(scheme.SignatureHeader, scheme.Message.Label+"=:"+hmacOf(key, []byte(base))+":")
		return header
	}
	content := contentOf(scheme, signed{id: as.ID, timestamp: timestamp}, body)
	value := key.algorithm.Prefix + hmacOf(key, content)
	header := make(http.Header)
	if scheme.IDHeader != "" {
		header.Set(scheme.IDHeader, as.ID)
	}
	if scheme.TimestampHeader != "" {
		header.Set(scheme.TimestampHeader, timestamp)
	} else if !scheme.Untimed {
		value = scheme.TimestampPrefix + timestamp + scheme.Separator + value
	}
	header.Set(scheme.SignatureHeader, value)
	return header
}

// contentOf joins the signed parts as the scheme says.
func contentOf(scheme *Scheme, sent signed, body []byte) []byte {
	if scheme.Message != nil {
		return []byte(sent.base)
	}
	values := map[Part][]byte{ID: []byte(sent.id), Timestamp: []byte(sent.timestamp), Body: body}
	parts := make([][]byte, 0, len(scheme.Content))
	for _, part := range scheme.Content {
		if part.name == "" {
			parts = append(parts, []byte(part.text))
			continue
		}
		parts = append(parts, values[part])
	}
	return bytes.Join(parts, []byte(scheme.joint()))
}

func hmacOf(key Key, content []byte) string {
	mac := hmac.New(sha256.New, key.bytes)
	mac.Write(content)
	digest := mac.Sum(nil)
	switch key.algorithm.Encoding {
	case Base64:
		return base64.StdEncoding.EncodeToString(digest)
	case Base64Unpadded:
		return base64.RawStdEncoding.EncodeToString(digest)
	}
	return hex.EncodeToString(digest)
}
