package signature

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Keys gives the HMAC keys of one secret or several. The error says which secret is wrong and never shows it.
func Keys(scheme *Scheme, secrets []string) ([][]byte, error) {
	if len(secrets) == 0 {
		return nil, secretInvalid("There is no secret")
	}
	keys := make([][]byte, 0, len(secrets))
	for index, secret := range secrets {
		key, err := keyOf(scheme, secret, fmt.Sprintf("Secret %d of %d", index+1, len(secrets)))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func keyOf(scheme *Scheme, secret, name string) ([]byte, error) {
	if strings.IndexFunc(secret, isSpace) >= 0 {
		return nil, secretInvalid(name + " contains white space, perhaps a line break at its end")
	}
	if !strings.HasPrefix(secret, scheme.SecretPrefix) {
		return nil, secretInvalid(fmt.Sprintf("%s does not start with %q", name, scheme.SecretPrefix))
	}
	text := secret[len(scheme.SecretPrefix):]
	if text == "" {
		return nil, secretInvalid(name + " has nothing after its prefix")
	}
	if !scheme.Base64Key {
		return []byte(secret), nil
	}
	return base64Key(text, name)
}

// A byte order mark pasted along with a secret is as invisible as a space.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// Strict, because a secret that is not base64 is a secret of another kind; only the padding may be left out.
func base64Key(text, name string) ([]byte, error) {
	digits := strings.TrimRight(text, "=")
	if padding := len(text) - len(digits); padding > 2 || (padding > 0 && len(text)%4 != 0) || digits == "" {
		return nil, secretInvalid(name + " is not base64 after its prefix")
	}
	key, err := base64.RawStdEncoding.DecodeString(digits)
	if err != nil {
		return nil, secretInvalid(name + " is not base64 after its prefix")
	}
	return key, nil
}

func secretInvalid(fault string) error {
	remedy := "Use the signing secret as it was shown when the endpoint was created or its secret rotated."
	return &webhook.VerificationError{Code: webhook.ErrSecretInvalid, Message: fault + ". " + remedy}
}
