package signature

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Key is what one secret verifies with.
type Key struct {
	algorithm *Algorithm
	bytes     []byte
}

// Keys gives the keys of one secret or several. The error says which secret is wrong and never shows it.
func Keys(scheme *Scheme, secrets []string) ([]Key, error) {
	if len(secrets) == 0 {
		return nil, secretInvalid("There is no secret")
	}
	keys := make([]Key, 0, len(secrets))
	for index, secret := range secrets {
		key, err := keyOf(scheme, secret, fmt.Sprintf("Secret %d of %d", index+1, len(secrets)))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func keyOf(scheme *Scheme, secret, name string) (Key, error) {
	if strings.IndexFunc(secret, isSpace) >= 0 {
		return Key{}, secretInvalid(name + " contains white space, perhaps a line break at its end")
	}
	algorithm := algorithmOf(scheme, secret)
	if algorithm == nil {
		return Key{}, secretInvalid(name + " does not start with " + secretPrefixes(scheme))
	}
	text := secret[len(algorithm.SecretPrefix):]
	if text == "" {
		return Key{}, secretInvalid(name + " has nothing after its prefix")
	}
	if !algorithm.Base64Key {
		return Key{algorithm, []byte(secret)}, nil
	}
	bytes, err := base64Key(text, name)
	if err == nil && algorithm.Ed25519 && !isPublicKey(bytes) {
		err = secretInvalid(name + " is no Ed25519 public key")
	}
	if err == nil && len(bytes) < algorithm.SecretBytesMin {
		err = secretInvalid(fmt.Sprintf("%s has %d bytes, and at least %d are needed", name, len(bytes), algorithm.SecretBytesMin))
	}
	return Key{algorithm, bytes}, err
}

func algorithmOf(scheme *Scheme, secret string) *Algorithm {
	for index := range scheme.Algorithms {
		if strings.HasPrefix(secret, scheme.Algorithms[index].SecretPrefix) {
			return &scheme.Algorithms[index]
		}
	}
	return nil
}

func secretPrefixes(scheme *Scheme) string {
	var prefixes []string
	for _, algorithm := range scheme.Algorithms {
		prefixes = append(prefixes, fmt.Sprintf("%q", algorithm.SecretPrefix))
	}
	return strings.Join(prefixes, " or ")
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
