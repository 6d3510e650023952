package signature

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// CheckTexts refuses a list of configured texts of the authorization header that would not protect.
func CheckTexts(texts []string) error {
	if len(texts) == 0 {
		return secretInvalid("There is no text of the authorization header")
	}
	for index, text := range texts {
		if text == "" || text != strings.TrimSpace(text) {
			return secretInvalid(fmt.Sprintf("Text %d of %d is empty, or has white space around it", index+1, len(texts)))
		}
	}
	return nil
}

// Authorize compares the header with each of the configured texts, in constant time.
func Authorize(name string, texts []string, header http.Header) error {
	sent := valuesOf(header, name)
	if len(sent) == 0 {
		return missingHeader(name)
	}
	if len(sent) > 1 {
		message := fmt.Sprintf("The header %s came %d times: expected one value.", name, len(sent))
		return &webhook.VerificationError{Code: webhook.ErrInvalidHeader, Message: message}
	}
	matches := 0
	for _, text := range texts {
		matches += subtle.ConstantTimeCompare([]byte(text), []byte(sent[0]))
	}
	if matches > 0 {
		return nil
	}
	message := fmt.Sprintf("The header %s has another text than was configured.", name)
	return &webhook.VerificationError{Code: webhook.ErrAuthorizationMismatch, Message: message}
}
