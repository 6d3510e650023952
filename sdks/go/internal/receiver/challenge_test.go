package receiver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hookwright/hookwright/sdks/go/internal/receiver"
	"github.com/hookwright/hookwright/sdks/go/internal/signature"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

type noEvent struct{}

func (noEvent) EventID() string { return "" }

// A question for a challenge is answered once it is verified, and is no event.
func TestChallenge(t *testing.T) {
	asking := receiver.Contract{
		Scheme: &signature.Scheme{
			Algorithms:      []signature.Algorithm{{Prefix: "v0=", Encoding: signature.Hex}},
			Content:         []signature.Part{signature.Text("v0"), signature.Timestamp, signature.Body},
			Joint:           ":",
			SignatureHeader: "X-Signature",
			Separator:       ",",
			TimestampHeader: "X-Time",
			Tolerance:       time.Minute,
		},
		Challenge: &receiver.Challenge{
			Constants: map[string]string{"type": "url_verification"},
			Member:    "challenge",
			Answer:    "challenge",
		},
	}
	silent := webhook.Settings{OnError: func(*http.Request, error) {}}
	r, err := receiver.New(asking, silent, []string{secret})
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	verify := func([]byte, http.Header) (noEvent, error) { return noEvent{}, nil }
	handler := receiver.EventHandler(r, verify, func(context.Context, noEvent) error {
		events++
		return nil
	})
	question := `{"challenge":"a text","type":"url_verification"}`
	for _, one := range []struct {
		name, signed, sent, answer string
		status, events             int
	}{
		{"a question", question, question, `{"challenge":"a text"}`, 200, 0},
		{"a question that was changed", question, strings.Replace(question, "a text", "another", 1), "", 400, 0},
		{"an event", `{"type":"app_mention"}`, `{"type":"app_mention"}`, "", 200, 1},
		{"a question without its text", `{"type":"url_verification"}`, `{"type":"url_verification"}`, "", 200, 1},
	} {
		t.Run(one.name, func(t *testing.T) {
			events = 0
			request := httptest.NewRequest(http.MethodPost, "/hooks", strings.NewReader(one.sent))
			request.Header = r.Sign([]byte(one.signed), webhook.Signing{Time: time.Now()})
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, request)
			said := strings.TrimSpace(recorder.Body.String())
			if recorder.Code != one.status || events != one.events || (one.answer != "" && said != one.answer) {
				t.Errorf("expected %d, %d events and %s, got %d, %d and %s",
					one.status, one.events, one.answer, recorder.Code, events, said)
			}
		})
	}
}
