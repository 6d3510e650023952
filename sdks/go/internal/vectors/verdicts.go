package vectors

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// VerdictVector is a verdict, and the answer that has to come of it.
type VerdictVector struct {
	Name    string `json:"name"`
	Trigger string `json:"trigger"`
	Verdict struct {
		Decision  string                     `json:"decision"`
		Code      string                     `json:"code"`
		Reason    string                     `json:"reason"`
		Overrides map[string]json.RawMessage `json:"overrides"`
		Others    map[string]json.RawMessage `json:"others"`
	} `json:"verdict"`
	Body string `json:"body"`
	Sign *struct {
		Secret string `json:"secret"`
		Now    int64  `json:"now"`
		Header string `json:"header"`
		Value  string `json:"value"`
	} `json:"sign"`
	Error string `json:"error"`
}

// Verdicts is what a contract's package has for verdicts.
type Verdicts struct {
	Contract string
	Allow    func() any
	// Triggers has an event of each type, by type.
	Triggers map[string]any
	// Setters has the methods of verdicts by the member of the wire that they set.
	Setters map[string]string
	Respond func(settings webhook.Settings, secret string, w http.ResponseWriter, verdict any) error
}

// RunVerdicts runs the verdicts of a contract. One that its trigger does not allow has no method that makes it, so that
// it does not compile; here the methods are looked up.
func RunVerdicts(t *testing.T, subject Verdicts) {
	var file File
	Read(t, subject.Contract+".json", &file)
	for _, vector := range file.Verdicts {
		t.Run(vector.Name, func(t *testing.T) {
			verdict, exists := subject.make(t, vector)
			if exists != (vector.Error == "") {
				t.Fatalf("expected that the verdict can be made: %t, got %t", vector.Error == "", exists)
			}
			if exists {
				checkAnswer(t, subject, vector, verdict, file.Vectors[0].Secrets[0])
			}
		})
	}
}

func (subject Verdicts) make(t *testing.T, vector VerdictVector) (any, bool) {
	verdict := reflect.ValueOf(subject.Allow())
	trigger := reflect.ValueOf(subject.Triggers[vector.Trigger])
	given := vector.Verdict
	switch {
	case given.Decision == "deny":
		method := trigger.MethodByName("Deny")
		if !method.IsValid() {
			return nil, false
		}
		verdict = method.Call([]reflect.Value{reflect.ValueOf(given.Code), reflect.ValueOf(given.Reason)})[0]
	case len(given.Overrides) > 0:
		method := trigger.MethodByName("Override")
		if !method.IsValid() {
			return nil, false
		}
		verdict = method.Call(nil)[0]
	}
	for _, members := range []map[string]json.RawMessage{given.Overrides, given.Others} {
		for name, text := range members {
			method := verdict.MethodByName(subject.Setters[name])
			if !method.IsValid() {
				return nil, false
			}
			verdict = method.Call([]reflect.Value{argument(t, method, text)})[0]
		}
	}
	return verdict.Interface(), true
}

func argument(t *testing.T, method reflect.Value, text json.RawMessage) reflect.Value {
	value := reflect.New(method.Type().In(0))
	if err := json.Unmarshal(text, value.Interface()); err != nil {
		t.Fatal(err)
	}
	return value.Elem()
}

func checkAnswer(t *testing.T, subject Verdicts, vector VerdictVector, verdict any, secret string) {
	settings := webhook.Settings{SignResponses: vector.Sign != nil}
	if vector.Sign != nil {
		secret, settings.Clock = vector.Sign.Secret, Clock(vector.Sign.Now)
	}
	recorder := httptest.NewRecorder()
	if err := subject.Respond(settings, secret, recorder, verdict); err != nil {
		t.Fatal(err)
	}
	if body := recorder.Body.String(); body != vector.Body {
		t.Errorf("expected the body %s, got %s", vector.Body, body)
	}
	if vector.Sign != nil && recorder.Header().Get(vector.Sign.Header) != vector.Sign.Value {
		t.Errorf("expected the signature %s, got %v", vector.Sign.Value, recorder.Header())
	}
}
