package tape

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/contracts/tape/tapetest"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

const text = "Bearer 4f1d8c2a97"

func TestHandlerGetsEachRecordOnce(t *testing.T) {
	store, err := webhook.NewMemoryStore(100)
	if err != nil {
		t.Fatal(err)
	}
	hook, err := NewWith(webhook.Settings{Dedupe: store}, text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	handler := hook.Handler(func(_ context.Context, batch *Batch) error {
		for _, record := range batch.Records {
			got = append(got, record.EventID()+" "+record.(*F).UserID)
		}
		return nil
	})
	first := tapetest.Events[0].JSON
	second := strings.Replace(first, `"_id":"`, `"_id":"9`, 1)
	for _, body := range []string{"[" + first + "]", "[" + first + "," + second + "]", second} {
		request := httptest.NewRequest(http.MethodPost, "/tape", bytes.NewReader([]byte(body)))
		request.Header = hook.Sign([]byte(body), webhook.Signing{})
		recorder := httptest.NewRecorder()
		if handler.ServeHTTP(recorder, request); recorder.Code != 200 {
			t.Fatalf("got %d %s", recorder.Code, recorder.Body)
		}
	}
	if len(got) != 2 || got[1][:1] != "9" || !strings.HasSuffix(got[0], " u_1") {
		t.Errorf("got %q", got)
	}
}

func TestNothingButTheTextProvesTheSender(t *testing.T) {
	for _, texts := range [][]string{nil, {""}, {text + "\n"}, {text, ""}} {
		if _, err := New(texts...); !errors.Is(err, webhook.ErrSecretInvalid) {
			t.Errorf("%q: expected secret_invalid, got %v", texts, err)
		}
	}
	hook, err := New(text, "another")
	if err != nil {
		t.Fatal(err)
	}
	for sent, expected := range map[string]error{text: nil, "another": nil, "no": webhook.ErrAuthorizationMismatch} {
		if _, err := hook.Verify([]byte("[]"), http.Header{"Authorization": {sent}}); !errors.Is(err, expected) {
			t.Errorf("%s: expected %v, got %v", sent, expected, err)
		}
	}
	if _, err := hook.Verify([]byte("[]"), http.Header{"Authorization": {text, text}}); !errors.Is(err, webhook.ErrInvalidHeader) {
		t.Errorf("expected invalid_header, got %v", err)
	}
}
