package webhook

import (
	"encoding/json"
	"time"
)

// Opt is a field that may be absent or null: two states that mean different things.
type Opt[T any] struct {
	// Set says that the field was sent, be it as null.
	Set bool
	// Null says that it was sent as null.
	Null bool
	// Value is what was sent, if it was sent and not null.
	Value T
}

// Get gives the value, and whether there is one.
func (o Opt[T]) Get() (T, bool) { return o.Value, o.Set && !o.Null }

// IsZero says that the field was not sent; since Go 1.24 encoding/json then leaves it out (omitzero).
func (o Opt[T]) IsZero() bool { return !o.Set }

// MarshalJSON writes the value, or null.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Set || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// Timestamp is an instant in UTC as it was sent, "2026-05-08T14:02:11.482Z" (RFC 3339).
type Timestamp string

// Time reads the instant.
func (t Timestamp) Time() (time.Time, error) { return time.Parse(time.RFC3339Nano, string(t)) }

// Scalar is a field that may hold scalars of several JSON types. Value is a string, a float64 or a bool.
type Scalar struct{ Value any }

// MarshalJSON writes the value.
func (s Scalar) MarshalJSON() ([]byte, error) { return json.Marshal(s.Value) }
