package receiver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"

	"github.com/hookwright/hookwright/sdks/go/internal/signature"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// VerdictRule says how a verdict is written.
type VerdictRule struct {
	// Members in the order in which they are written.
	Members  []string
	BytesMax int
	// SignatureHeader carries the response's signature, made like the request's.
	SignatureHeader string
}

// Answer has the members of a verdict by their names on the wire.
type Answer map[string]any

// With gives the answer with one member more, or another value for it.
func (a Answer) With(name string, value any) Answer {
	answer := make(Answer, len(a)+1)
	for key, other := range a {
		answer[key] = other
	}
	answer[name] = value
	return answer
}

// Respond writes the answer and, if the settings say so, its signature. It writes nothing when it gives an error.
func (r *Receiver) Respond(w http.ResponseWriter, answer Answer) error {
	body, err := render(r.contract.Verdict, answer)
	if err != nil {
		return &webhook.VerificationError{Code: webhook.ErrVerdictInvalid, Message: err.Error()}
	}
	if r.settings.SignResponses && len(r.keys) > 0 {
		scheme := *r.contract.Scheme
		scheme.SignatureHeader = r.contract.Verdict.SignatureHeader
		signed := signature.Sign(&scheme, r.keys[0], body, webhook.Signing{Time: r.settings.Clock()})
		w.Header().Set(scheme.SignatureHeader, signed.Get(scheme.SignatureHeader))
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	return err
}

func render(rule *VerdictRule, answer Answer) ([]byte, error) {
	var body bytes.Buffer
	for _, name := range rule.Members {
		value, given := answer[name]
		if !given {
			continue
		}
		text, err := jsonOf(value)
		if err != nil {
			return nil, fmt.Errorf("%s has no JSON form: %w", name, err)
		}
		separator := ","
		if body.Len() == 0 {
			separator = "{"
		}
		fmt.Fprintf(&body, "%s%q:%s", separator, name, text)
	}
	if body.Len() == 0 {
		body.WriteString("{")
	}
	body.WriteString("}")
	if body.Len() > rule.BytesMax {
		return nil, fmt.Errorf("the verdict has %d bytes: expected at most %d", body.Len(), rule.BytesMax)
	}
	return body.Bytes(), nil
}

// jsonOf escapes nothing that JSON does not require to be. A nil slice or map is an empty one: null is another statement.
func jsonOf(value any) ([]byte, error) {
	switch reflected := reflect.ValueOf(value); {
	case reflected.Kind() == reflect.Slice && reflected.IsNil():
		return []byte("[]"), nil
	case reflected.Kind() == reflect.Map && reflected.IsNil():
		return []byte("{}"), nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return lineSeparators.ReplaceAllFunc(bytes.TrimRight(text.Bytes(), "\n"), unescape), err
}

// encoding/json always escapes the two line separators. What stands behind a backslash is matched with it, so that the
// text of an escape, a backslash that was itself escaped and "u2028", stays what it is.
var lineSeparators = regexp.MustCompile(`\\(u202[89]|.)`)

func unescape(escape []byte) []byte {
	switch string(escape) {
	case `\u2028`:
		return []byte("\u2028")
	case `\u2029`:
		return []byte("\u2029")
	}
	return escape
}
