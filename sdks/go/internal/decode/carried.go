package decode

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"unicode/utf8"

	"github.com/hookwright/hookwright/sdks/go/internal/signature"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Carried is a member of an event that a header carries in place of the body.
type Carried struct {
	Key    string
	Header string
	// Plain: it is no text, but a number, true or false.
	Plain bool
}

// Request reads the event of a body and of the headers that came with it.
func Request[E any](body []byte, header http.Header, carried []Carried, read Reader[E]) (E, error) {
	d := &Decoder{carry: func() (Object, error) { return carriedObject(header, carried) }}
	return single(d, body, read)
}

func carriedObject(header http.Header, carried []Carried) (Object, error) {
	names := make([]string, len(carried))
	for index, one := range carried {
		names[index] = one.Header
	}
	values, err := signature.ReadHeaders(header, names...)
	if err != nil {
		return nil, err
	}
	object := make(Object, len(carried))
	for index, one := range carried {
		text, err := decodedHeader(one.Header, values[index])
		if err != nil {
			return nil, err
		}
		object[index] = member{[]byte(one.Key), carriedValue(one, text)}
	}
	return object, nil
}

var plainValue = regexp.MustCompile(`^(-?(0|[1-9][0-9]{0,15})|true|false)$`)

// carriedValue leaves a text that is no value of its kind as it is, to be refused like any other.
func carriedValue(one Carried, text string) Value {
	if one.Plain && plainValue.MatchString(text) {
		return Value(text)
	}
	quoted, _ := json.Marshal(text)
	return quoted
}

func decodedHeader(name, value string) (string, error) {
	text, err := url.PathUnescape(value)
	if err == nil && utf8.ValidString(text) {
		return text, nil
	}
	message := "The header %s is malformed: expected percent-encoded UTF-8, got %.40q."
	return "", &webhook.VerificationError{Code: webhook.ErrInvalidHeader, Message: fmt.Sprintf(message, name, value)}
}
