package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

func TestErrorsAreFoundByTheirCode(t *testing.T) {
	err := fmt.Errorf("receiving: %w", &webhook.PayloadError{Code: webhook.ErrInvalidField, Path: "data.runs"})
	var payload *webhook.PayloadError
	if !errors.Is(err, webhook.ErrInvalidField) || !errors.As(err, &payload) || payload.Path != "data.runs" {
		t.Errorf("expected invalid_field at data.runs, got %v", err)
	}
	if errors.Is(err, webhook.ErrInvalidJSON) {
		t.Error("expected that one code is not another")
	}
	if code, found := webhook.CodeOf(err); code != "invalid_field" || !found {
		t.Errorf("expected invalid_field, got %s", code)
	}
	if code, found := webhook.CodeOf(errors.New("another")); found {
		t.Errorf("expected no code, got %s", code)
	}
}

func TestStatuses(t *testing.T) {
	statuses := map[webhook.Code]int{
		webhook.ErrSecretInvalid:         http.StatusInternalServerError,
		webhook.ErrBodyAlreadyParsed:     http.StatusInternalServerError,
		webhook.ErrBodyTooLarge:          http.StatusBadRequest,
		webhook.ErrNoMatchingSignature:   http.StatusBadRequest,
		webhook.ErrAuthorizationMismatch: http.StatusUnauthorized,
		webhook.ErrInvalidJSON:           http.StatusUnprocessableEntity,
		webhook.ErrNotABatch:             http.StatusUnprocessableEntity,
		webhook.ErrInvalidField:          http.StatusUnprocessableEntity,
		webhook.ErrVerdictInvalid:        http.StatusInternalServerError,
	}
	for code, expected := range statuses {
		if status := code.Status(); status != expected {
			t.Errorf("%s: expected %d, got %d", code, expected, status)
		}
	}
}

func TestSettings(t *testing.T) {
	settings, err := webhook.Settings{}.WithDefaults(time.Minute)
	if err != nil || settings.Tolerance != time.Minute || settings.MaxBodyBytes != 1024*1024 || settings.Clock == nil {
		t.Errorf("expected the defaults, got %+v, %v", settings, err)
	}
	for _, wrong := range []webhook.Settings{{Tolerance: -1}, {MaxBodyBytes: -1}} {
		if _, err := wrong.WithDefaults(0); err == nil {
			t.Errorf("expected an error for %+v", wrong)
		}
	}
}

func TestThreeStates(t *testing.T) {
	states := map[string]webhook.Opt[string]{
		`null`:  {Set: true, Null: true},
		`"Ada"`: {Set: true, Value: "Ada"},
	}
	for expected, state := range states {
		if text, err := json.Marshal(state); err != nil || string(text) != expected {
			t.Errorf("expected %s, got %s, %v", expected, text, err)
		}
	}
	if _, ok := (webhook.Opt[string]{}).Get(); ok || !(webhook.Opt[string]{}).IsZero() {
		t.Error("expected that an absent field has no value")
	}
}

func TestTimestamp(t *testing.T) {
	at, err := webhook.Timestamp("2026-05-08T14:02:11.482Z").Time()
	if expected := time.Date(2026, 5, 8, 14, 2, 11, 482e6, time.UTC); err != nil || !at.Equal(expected) {
		t.Errorf("expected %s, got %s, %v", expected, at, err)
	}
}

func TestMemoryStore(t *testing.T) {
	ctx := context.Background()
	store, err := webhook.NewMemoryStore(2)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(id string, expected bool) {
		t.Helper()
		if isNew, err := store.Claim(ctx, id); err != nil || isNew != expected {
			t.Errorf("%s: expected new %t, got %t, %v", id, expected, isNew, err)
		}
	}
	claim("a", true)
	claim("a", false)
	claim("b", true)
	// There is room for two, so the oldest is forgotten.
	claim("c", true)
	claim("b", false)
	claim("a", true)
	// A released id is new again, and its old place does not make room for two.
	if err := store.Release(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	claim("c", true)
	claim("a", false)
	claim("c", false)
	// Claimed, released and claimed again, it holds two places; the older one that is overwritten is not its own any more.
	store, _ = webhook.NewMemoryStore(2)
	claim("d", true)
	if err := store.Release(ctx, "d"); err != nil {
		t.Fatal(err)
	}
	claim("d", true)
	claim("e", true)
	claim("d", false)
	if _, err := webhook.NewMemoryStore(0); err == nil {
		t.Error("expected an error for a store without room")
	}
}
