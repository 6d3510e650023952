package signature

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Request is what is verified.
type Request struct {
	Body      []byte
	Header    http.Header
	Now       time.Time
	Tolerance time.Duration
}

// signed has the values of the signature's headers; id is empty when none is signed.
type signed struct {
	id        string
	timestamp string
	parts     []part
	// Of a signed message: what was signed, and the digest of its body.
	base, digest string
}

// behind gives the parts with this prefix.
func (s signed) behind(prefix string) []string {
	var values []string
	for _, part := range s.parts {
		if part.prefix == prefix {
			values = append(values, part.value)
		}
	}
	return values
}

// Verify checks headers, age and signature, in this order.
func Verify(scheme *Scheme, keys []Key, request Request) error {
	sent, err := readSigned(scheme, request.Header)
	if err != nil {
		return err
	}
	if !scheme.Untimed {
		if err := checkAge(scheme, sent.timestamp, request); err != nil {
			return err
		}
	}
	if sent.digest != "" && sent.digest != contentDigest(request.Body) {
		return otherBody()
	}
	content := contentOf(scheme, sent, request.Body)
	matches := 0
	// Every secret against every signature, with no early end: the time taken does not tell which one matched.
	for _, key := range keys {
		matches += matchesOf(key, content, sent.behind(key.algorithm.Prefix))
	}
	if matches == 0 {
		return noMatch(scheme, keys, sent)
	}
	return nil
}

func matchesOf(key Key, content []byte, signatures []string) int {
	matches := 0
	if key.algorithm.Ed25519 {
		for _, signature := range signatures {
			if verifyEd25519(key.bytes, content, signature) {
				matches++
			}
		}
		return matches
	}
	expected := []byte(hmacOf(key, content))
	for _, signature := range signatures {
		matches += subtle.ConstantTimeCompare(expected, []byte(signature))
	}
	return matches
}

func readSigned(scheme *Scheme, header http.Header) (signed, error) {
	if scheme.Message != nil {
		return readMessage(scheme, header)
	}
	values, err := ReadHeaders(header, scheme.IDHeader, scheme.TimestampHeader, scheme.SignatureHeader)
	if err != nil {
		return signed{}, err
	}
	sent := signed{id: values[0], timestamp: values[1], parts: partsOf(scheme, values[2])}
	if !scheme.isTimeInSignature() {
		return sent, nil
	}
	timestamps := sent.behind(scheme.TimestampPrefix)
	if len(timestamps) != 1 {
		return signed{}, noTimestamp(scheme, len(timestamps))
	}
	sent.timestamp = timestamps[0]
	return sent, nil
}

// part of the signature header; the prefix is empty when it is not ours to read, "sha384=…".
type part struct{ prefix, value string }

// partsMax is more than any sender puts into the header. More signatures cost time to verify, and are not read.
const partsMax = 16

// A scan and not a split, because a prefix may contain the separator: "v1,AAA,v1,BBB".
func partsOf(scheme *Scheme, header string) []part {
	var parts []part
	for rest, more := header, header != ""; more; {
		prefix := prefixOf(scheme, rest)
		var value string
		value, rest, more = strings.Cut(rest[len(prefix):], scheme.Separator)
		parts = append(parts, part{prefix, value})
		more = more && rest != "" && len(parts) < partsMax
	}
	return parts
}

// prefixOf is empty for a part with a prefix that is not known.
func prefixOf(scheme *Scheme, text string) string {
	if scheme.isTimeInSignature() && strings.HasPrefix(text, scheme.TimestampPrefix) {
		return scheme.TimestampPrefix
	}
	for _, algorithm := range scheme.Algorithms {
		if strings.HasPrefix(text, algorithm.Prefix) {
			return algorithm.Prefix
		}
	}
	return ""
}

func checkAge(scheme *Scheme, timestamp string, request Request) error {
	at, err := instantOf(scheme, timestamp)
	if err != nil {
		return err
	}
	// Whole milliseconds, as in every language: a clock with nanoseconds would refuse what is just in time.
	age, toleranceMs := request.Now.UnixMilli()-at, request.Tolerance.Milliseconds()
	if age > toleranceMs {
		return outOfTime(webhook.ErrTimestampTooOld, "past", age, request.Tolerance)
	}
	if !scheme.PastOnly && -age > toleranceMs {
		return outOfTime(webhook.ErrTimestampTooNew, "future", -age, request.Tolerance)
	}
	return nil
}

// instantOf gives milliseconds since 1970. Fifteen digits are the most that a double of another language holds exactly.
func instantOf(scheme *Scheme, timestamp string) (int64, error) {
	isDigits := strings.Trim(timestamp, "0123456789") == ""
	if !isDigits || timestamp == "" || len(timestamp) > 15 {
		message := fmt.Sprintf("The signed time is malformed: expected Unix time, decimal digits only, got %.40q.", timestamp)
		return 0, &webhook.VerificationError{Code: webhook.ErrTimestampInvalid, Message: message}
	}
	count, err := strconv.ParseInt(timestamp, 10, 64)
	return count * scheme.unit().Milliseconds(), err
}

func noTimestamp(scheme *Scheme, count int) error {
	message := "The header %s does not say when it was signed: expected one part that starts with %q, got %d."
	return &webhook.VerificationError{
		Code:    webhook.ErrInvalidHeader,
		Message: fmt.Sprintf(message, scheme.SignatureHeader, scheme.TimestampPrefix, count),
	}
}

func outOfTime(code webhook.Code, side string, distanceMs int64, tolerance time.Duration) error {
	message := "The signed time is %s in the %s: expected at most %s. Either the delivery is replayed or one of the two clocks is wrong."
	distance := strconv.FormatFloat(float64(distanceMs)/1000, 'f', -1, 64) + " s"
	return &webhook.VerificationError{Code: code, Message: fmt.Sprintf(message, distance, side, tolerance)}
}

func noMatch(scheme *Scheme, keys []Key, sent signed) error {
	message := fmt.Sprintf("No signature in the header %s matches: the secret is that of another endpoint or was rotated, "+
		"or the body was changed on its way.", scheme.SignatureHeader)
	count := 0
	var prefixes []string
	for index := range scheme.Algorithms {
		algorithm := &scheme.Algorithms[index]
		if !isKnown(keys, algorithm) {
			continue
		}
		count += len(sent.behind(algorithm.Prefix))
		prefixes = append(prefixes, fmt.Sprintf("%q", algorithm.Prefix))
	}
	if count == 0 {
		all := strings.Join(prefixes, " or ")
		message = fmt.Sprintf("The header %s has no signature that starts with %s.", scheme.SignatureHeader, all)
	}
	return &webhook.VerificationError{Code: webhook.ErrNoMatchingSignature, Message: message}
}

func isKnown(keys []Key, algorithm *Algorithm) bool {
	for _, key := range keys {
		if key.algorithm == algorithm {
			return true
		}
	}
	return false
}
