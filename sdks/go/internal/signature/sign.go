package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Sign gives the headers of a signed request; the time is rounded down to the scheme's unit.
func Sign(scheme *Scheme, key, body []byte, as webhook.Signing) http.Header {
	timestamp := strconv.FormatInt(as.Time.UnixMilli()/scheme.unit().Milliseconds(), 10)
	value := scheme.Prefix + signatureOf(scheme, key, signed{id: as.ID, timestamp: timestamp}, body)
	header := make(http.Header)
	if scheme.IDHeader != "" {
		header.Set(scheme.IDHeader, as.ID)
	}
	if scheme.TimestampHeader != "" {
		header.Set(scheme.TimestampHeader, timestamp)
	} else {
		value = scheme.TimestampPrefix + timestamp + scheme.Separator + value
	}
	header.Set(scheme.SignatureHeader, value)
	return header
}

func signatureOf(scheme *Scheme, key []byte, sent signed, body []byte) string {
	mac := hmac.New(sha256.New, key)
	for index, part := range scheme.Content {
		if index > 0 {
			mac.Write([]byte("."))
		}
		switch part {
		case ID:
			mac.Write([]byte(sent.id))
		case Timestamp:
			mac.Write([]byte(sent.timestamp))
		case Body:
			mac.Write(body)
		}
	}
	digest := mac.Sum(nil)
	switch scheme.Encoding {
	case Base64:
		return base64.StdEncoding.EncodeToString(digest)
	case Base64Unpadded:
		return base64.RawStdEncoding.EncodeToString(digest)
	}
	return hex.EncodeToString(digest)
}
