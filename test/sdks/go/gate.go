package gate

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/contracts/gate/gatetest"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// answer asks a handler the first example's question.
func answer(t *testing.T, decide func(context.Context, Event) (Verdict, error)) *httptest.ResponseRecorder {
	t.Helper()
	quiet := func(*http.Request, error) {}
	hook, err := NewWith(webhook.Settings{SignResponses: true, OnError: quiet}, "asec_test")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(gatetest.Events[0].JSON)
	request := httptest.NewRequest(http.MethodPost, "/gate", bytes.NewReader(body))
	request.Header = hook.Sign(body, webhook.Signing{})
	recorder := httptest.NewRecorder()
	hook.Handler(decide).ServeHTTP(recorder, request)
	return recorder
}

func TestHandlerAnswersWithTheVerdict(t *testing.T) {
	recorder := answer(t, func(_ context.Context, event Event) (Verdict, error) {
		question := event.(*BeforePass)
		if question.User.ID != "usr_1" {
			return question.Deny("stranger", "not on the list"), nil
		}
		return question.Override().OverrideRoles(nil).OverrideClaims(map[string]any{"a": "<&\u2028>"}), nil
	})
	expected := "{\"decision\":\"allow\",\"override_claims\":{\"a\":\"<&\u2028>\"},\"override_roles\":[]}"
	if recorder.Code != 200 || recorder.Body.String() != expected {
		t.Errorf("got %d %s", recorder.Code, recorder.Body)
	}
	if recorder.Header().Get("Gate-Response-Signature") == "" || recorder.Header().Get("Content-Type") != "application/json" {
		t.Errorf("got %v", recorder.Header())
	}
}

func TestNoVerdictIsAFault(t *testing.T) {
	verdicts := map[string]Verdict{
		"none":      nil,
		"too large": (&BeforePass{}).Deny("", string(make([]byte, 65_536))),
		"no JSON":   (&BeforePass{}).Override().OverrideClaims(map[string]any{"a": func() {}}),
	}
	for name, verdict := range verdicts {
		recorder := answer(t, func(context.Context, Event) (Verdict, error) { return verdict, nil })
		if recorder.Code != 500 || recorder.Body.String() != "The handler failed.\n" {
			t.Errorf("%s: got %d %.80s", name, recorder.Code, recorder.Body)
		}
	}
}
