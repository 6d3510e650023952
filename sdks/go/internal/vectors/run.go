package vectors

import (
	"errors"
	"net/http"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Event is any event of any contract.
type Event interface {
	EventType() string
	EventID() string
}

// Verify is a receiver's method, with an event or the records of a batch.
type Verify func(body []byte, header http.Header) ([]Event, error)

// New makes a receiver. Nil secrets: nobody has to prove anything.
type New func(settings webhook.Settings, secrets []string) (Verify, error)

// OfEvents makes a Verify of a receiver's method that gives an event.
func OfEvents[E Event](verify func([]byte, http.Header) (E, error)) Verify {
	return func(body []byte, header http.Header) ([]Event, error) {
		event, err := verify(body, header)
		return []Event{event}, err
	}
}

// OfBatches makes a Verify of a receiver's method that gives a batch.
func OfBatches[E Event](verify func([]byte, http.Header) (*webhook.Batch[E], error)) Verify {
	return func(body []byte, header http.Header) ([]Event, error) {
		batch, err := verify(body, header)
		if err != nil {
			return nil, err
		}
		events := make([]Event, len(batch.Records))
		for index, record := range batch.Records {
			events[index] = record
		}
		return events, nil
	}
}

// Run runs the requests of a contract.
func Run(t *testing.T, contract string, make New) {
	var file File
	Read(t, contract+".json", &file)
	if len(file.Vectors) == 0 {
		t.Fatal("The file has no vectors.")
	}
	for _, vector := range file.Vectors {
		t.Run(vector.Name, func(t *testing.T) { runVector(t, vector, make) })
	}
}

func runVector(t *testing.T, vector Vector, make New) {
	secrets := vector.Secrets
	if len(secrets) == 0 {
		secrets = nil
		if vector.Authorization != nil {
			secrets = []string{*vector.Authorization}
		}
	}
	verify, err := make(webhook.Settings{Clock: Clock(vector.Now)}, secrets)
	if err != nil {
		t.Fatal(err)
	}
	events, err := verify(vector.Body, HeaderOf(vector.Headers))
	if !vector.Expect.OK {
		checkError(t, vector, err)
		return
	}
	if err != nil {
		t.Fatalf("expected events, got %v", err)
	}
	if len(events) != len(vector.Expect.Events) {
		t.Fatalf("expected %d events, got %d", len(vector.Expect.Events), len(events))
	}
	for index, expected := range vector.Expect.Events {
		checkEvent(t, events[index], expected)
	}
}

func checkError(t *testing.T, vector Vector, err error) {
	expected := vector.Expect
	code, _ := webhook.CodeOf(err)
	if string(code) != expected.Code || !errors.Is(err, webhook.Code(expected.Code)) {
		t.Fatalf("expected %s, got %v", expected.Code, err)
	}
	var payload *webhook.PayloadError
	if expected.Path != "" && (!errors.As(err, &payload) || payload.Path != expected.Path) {
		t.Errorf("expected the path %s, got %v", expected.Path, err)
	}
}
