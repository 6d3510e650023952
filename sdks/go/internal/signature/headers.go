package signature

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// ReadHeaders gives the values of the named headers in their order; of an empty name, nothing. That one is missing is
// told before that another came more than once.
func ReadHeaders(header http.Header, names ...string) ([]string, error) {
	sent := make([][]string, len(names))
	for index, name := range names {
		if name == "" {
			continue
		}
		if sent[index] = valuesOf(header, name); len(sent[index]) == 0 {
			return nil, missingHeader(name)
		}
	}
	values := make([]string, len(names))
	for index, name := range names {
		if name == "" {
			continue
		}
		value, err := single(name, sent[index])
		if err != nil {
			return nil, err
		}
		values[index] = value
	}
	return values, nil
}

// valuesOf looks names up without regard to case: a header that was not made by net/http may have any.
func valuesOf(header http.Header, name string) []string {
	var values []string
	for key, sent := range header {
		if !strings.EqualFold(key, name) {
			continue
		}
		for _, value := range sent {
			if value != "" {
				values = append(values, value)
			}
		}
	}
	return values
}

// single takes the one value. Servers join a repeated header with a comma and a space, and no value of a signature
// holds that pair.
func single(name string, sent []string) (string, error) {
	if len(sent) == 1 && !strings.Contains(sent[0], ", ") {
		return sent[0], nil
	}
	message := "The header %s is malformed or came more than once: expected one value without a comma followed by a space."
	return "", &webhook.VerificationError{Code: webhook.ErrInvalidHeader, Message: fmt.Sprintf(message, name)}
}

func missingHeader(name string) error {
	message := "The header %s is missing. Pass on the request's headers as they came; a proxy may have dropped this one."
	return &webhook.VerificationError{Code: webhook.ErrMissingHeader, Message: fmt.Sprintf(message, name)}
}
