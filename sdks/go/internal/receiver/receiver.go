// Package receiver has what the receivers of all contracts do alike; the generated packages say the rest.
package receiver

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/hookwright/hookwright/sdks/go/internal/signature"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Contract is what a receiver has to know to verify a request.
type Contract struct {
	// Scheme is nil for a contract that signs nothing.
	Scheme *signature.Scheme
	// AuthorizationHeader carries the text that proves the sender where nothing is signed.
	AuthorizationHeader string
	// Challenge is nil for a contract that asks for none.
	Challenge *Challenge
	// Verdict is nil for a contract without verdicts.
	Verdict *VerdictRule
}

// Receiver verifies requests. It is safe for concurrent use.
type Receiver struct {
	contract Contract
	settings webhook.Settings
	keys     []signature.Key
	texts    []string
	// Nobody has to prove anything.
	open bool
}

// New makes a receiver that knows the secrets or, where nothing is signed, the texts of the authorization header.
func New(contract Contract, settings webhook.Settings, secrets []string) (*Receiver, error) {
	r, err := Open(contract, settings)
	if err != nil {
		return nil, err
	}
	r.open = false
	if contract.Scheme == nil {
		r.texts = append(r.texts, secrets...)
		return r, signature.CheckTexts(r.texts)
	}
	r.keys, err = signature.Keys(contract.Scheme, secrets)
	return r, err
}

// Open makes a receiver that takes every request.
func Open(contract Contract, settings webhook.Settings) (*Receiver, error) {
	var tolerance time.Duration
	if contract.Scheme != nil {
		tolerance = contract.Scheme.Tolerance
	}
	settings, err := settings.WithDefaults(tolerance)
	if err != nil {
		return nil, err
	}
	return &Receiver{contract: contract, settings: settings, open: true}, nil
}

// Check looks at everything but the content: size, headers, age, signature, in this order.
func (r *Receiver) Check(body []byte, header http.Header) error {
	if err := r.CheckSize(body); err != nil {
		return err
	}
	switch {
	case r.open:
		return nil
	case r.contract.Scheme == nil:
		return signature.Authorize(r.contract.AuthorizationHeader, r.texts, header)
	}
	request := signature.Request{
		Body:      body,
		Header:    header,
		Now:       r.settings.Clock(),
		Tolerance: r.settings.Tolerance,
	}
	return signature.Verify(r.contract.Scheme, r.keys, request)
}

// CheckSize refuses a body above the limit.
func (r *Receiver) CheckSize(body []byte) error {
	if int64(len(body)) <= r.settings.MaxBodyBytes {
		return nil
	}
	return tooLarge(r.settings.MaxBodyBytes)
}

// Sign gives the headers that a sender with the first secret sends with this body.
func (r *Receiver) Sign(body []byte, as webhook.Signing) http.Header {
	header := make(http.Header)
	if r.contract.Scheme == nil {
		if len(r.texts) > 0 {
			header.Set(r.contract.AuthorizationHeader, r.texts[0])
		}
		return header
	}
	if as.Time.IsZero() {
		as.Time = r.settings.Clock()
	}
	if as.ID == "" {
		as.ID = newID()
	}
	return signature.Sign(r.contract.Scheme, r.keys[0], body, as)
}

func newID() string {
	var random [16]byte
	// It fails on no system that Go supports.
	_, _ = rand.Read(random[:])
	return "msg_" + hex.EncodeToString(random[:])
}

func tooLarge(max int64) error {
	message := fmt.Sprintf("The body is too large: expected at most %d bytes. Raise MaxBodyBytes if such events are real.", max)
	return &webhook.VerificationError{Code: webhook.ErrBodyTooLarge, Message: message}
}
