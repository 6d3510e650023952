package webhook

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

const defaultMaxBodyBytes = 1 << 20

// Settings change what a receiver does by default. The zero value changes nothing.
type Settings struct {
	// Tolerance is how far the signed time may be from the clock. Zero: what the contract declares.
	Tolerance time.Duration
	// MaxBodyBytes is the size above which a body is refused before anything else is done with it. Zero: 1 MiB.
	MaxBodyBytes int64
	// Clock gives the time. Nil: time.Now.
	Clock func() time.Time
	// OnError is told of every request that a Handler does not answer 200. Nil: errors go to the log package.
	OnError func(*http.Request, error)
	// Dedupe keeps what a Handler has handled; it then calls its function once for each event. Nil: every time.
	Dedupe DedupeStore
	// SignResponses adds the response's signature to verdicts. Only contracts with verdicts use it.
	SignResponses bool
}

// WithDefaults fills in what was left out. A negative number is an error.
func (s Settings) WithDefaults(tolerance time.Duration) (Settings, error) {
	if s.Tolerance < 0 {
		return s, fmt.Errorf("webhook: expected a Tolerance that is not negative, got %s", s.Tolerance)
	}
	if s.MaxBodyBytes < 0 {
		return s, fmt.Errorf("webhook: expected MaxBodyBytes that is not negative, got %d", s.MaxBodyBytes)
	}
	if s.Tolerance == 0 {
		s.Tolerance = tolerance
	}
	if s.MaxBodyBytes == 0 {
		s.MaxBodyBytes = defaultMaxBodyBytes
	}
	if s.Clock == nil {
		s.Clock = time.Now
	}
	if s.OnError == nil {
		s.OnError = func(_ *http.Request, err error) { log.Printf("webhook: %v", err) }
	}
	return s, nil
}

// Signing says as what Sign signs. The zero value makes a new identifier and takes the receiver's clock.
type Signing struct {
	// ID is the signed identifier, where the contract has one.
	ID string
	// Time is the signed time.
	Time time.Time
}
