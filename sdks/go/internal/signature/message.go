package signature

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Message is a request that is signed as an HTTP message (RFC 9421), its body by a digest (RFC 9530).
type Message struct {
	// Label names the signature in its two headers.
	Label string
	// Components are names of headers in small letters, and "@method", which is POST: just these are covered, in this
	// order.
	Components []string
	// InputHeader says what is covered and when it was signed.
	InputHeader string
	ContentType string
}

var (
	messageParams    = regexp.MustCompile(`^;created=([0-9]{1,15})(?:;[a-z]+="[^"\\]*")*$`)
	messageSignature = regexp.MustCompile(`^=:([A-Za-z0-9+/]+={0,2}):$`)
)

func readMessage(scheme *Scheme, header http.Header) (signed, error) {
	message := scheme.Message
	names := append([]string{message.InputHeader, scheme.SignatureHeader}, message.headers()...)
	values, err := ReadHeaders(header, names...)
	if err != nil {
		return signed{}, err
	}
	start := message.Label + "=" + message.list()
	params := ""
	if strings.HasPrefix(values[0], start) {
		params = strings.TrimPrefix(values[0], start)
	}
	found := messageParams.FindStringSubmatch(params)
	if found == nil {
		return signed{}, notCovered(message, values[0])
	}
	covered := make(map[string]string)
	for index, name := range message.headers() {
		covered[name] = values[index+2]
	}
	sent := signed{timestamp: found[1], base: message.base(covered, params), digest: covered["content-digest"]}
	text := strings.TrimPrefix(values[1], message.Label)
	if match := messageSignature.FindStringSubmatch(text); match != nil && text != values[1] {
		for _, algorithm := range scheme.Algorithms {
			sent.parts = append(sent.parts, part{algorithm.Prefix, match[1]})
		}
	}
	return sent, nil
}

// unsigned gives the headers of a request but for its signature, and what is signed. A header that is neither has the id.
func (m *Message) unsigned(body []byte, id, timestamp string) (http.Header, string) {
	known := map[string]string{"content-type": m.ContentType, "content-digest": contentDigest(body)}
	header := make(http.Header)
	covered := make(map[string]string)
	for _, name := range m.headers() {
		value, isKnown := known[name]
		if !isKnown {
			value = id
		}
		covered[name] = value
		header.Set(name, value)
	}
	params := `;created=` + timestamp + `;alg="hmac-sha256"`
	header.Set(m.InputHeader, m.Label+"="+m.list()+params)
	return header, m.base(covered, params)
}

// headers gives the components that are headers.
func (m *Message) headers() []string {
	var names []string
	for _, name := range m.Components {
		if name != "@method" {
			names = append(names, name)
		}
	}
	return names
}

func (m *Message) list() string { return `("` + strings.Join(m.Components, `" "`) + `")` }

// base is what is signed (RFC 9421 §2.5).
func (m *Message) base(covered map[string]string, params string) string {
	var base strings.Builder
	for _, name := range m.Components {
		value := strings.TrimSpace(covered[name])
		if name == "@method" {
			value = http.MethodPost
		}
		base.WriteString(`"` + name + `": ` + value + "\n")
	}
	return base.String() + `"@signature-params": ` + m.list() + params
}

func contentDigest(body []byte) string {
	digest := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(digest[:]) + ":"
}

func notCovered(m *Message, input string) error {
	message := "The header %s does not say what was signed and when: expected %s=%s;created=…, got %.40q."
	return &webhook.VerificationError{
		Code:    webhook.ErrInvalidHeader,
		Message: fmt.Sprintf(message, m.InputHeader, m.Label, m.list(), input),
	}
}

func otherBody() error {
	message := "The body is not the one that was signed: its SHA-256 is not that of the header Content-Digest."
	return &webhook.VerificationError{Code: webhook.ErrNoMatchingSignature, Message: message}
}
