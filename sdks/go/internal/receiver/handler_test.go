package receiver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hookwright/hookwright/sdks/go/contracts/stech"
	"github.com/hookwright/hookwright/sdks/go/contracts/stech/stechtest"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

const secret = "whsec_0123456789abcdef"

var body = []byte(stechtest.Events[0].JSON)

// taken is what came of requests to a handler.
type taken struct {
	hook    *stech.Webhook
	handler http.Handler
	events  []stech.Event
	errors  []error
	fail    error
}

func receiverWith(t *testing.T, settings webhook.Settings) *taken {
	t.Helper()
	got := &taken{}
	settings.OnError = func(_ *http.Request, err error) { got.errors = append(got.errors, err) }
	hook, err := stech.NewWith(settings, secret)
	if err != nil {
		t.Fatal(err)
	}
	got.hook = hook
	got.handler = hook.Handler(func(_ context.Context, event stech.Event) error {
		got.events = append(got.events, event)
		return got.fail
	})
	return got
}

func (r *taken) send(body []byte, header http.Header) *httptest.ResponseRecorder {
	return r.sendReader(bytes.NewReader(body), header)
}

func (r *taken) sendReader(body io.Reader, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, "/hooks", body)
	request.Header = header
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, request)
	return recorder
}

func TestHandlerAnswers200WhenTheEventWasHandled(t *testing.T) {
	r := receiverWith(t, webhook.Settings{})
	answer := r.send(body, r.hook.Sign(body, webhook.Signing{}))
	if answer.Code != 200 || answer.Body.String() != "ok\n" || len(r.events) != 1 || len(r.errors) != 0 {
		t.Fatalf("got %d %s, %v, %v", answer.Code, answer.Body, r.events, r.errors)
	}
	if event := r.events[0]; event.EventType() != stechtest.Events[0].Type || string(event.Header().Raw) != string(body) {
		t.Errorf("got %s, %s", event.EventType(), event.Header().Raw)
	}
}

func TestHandlerRefuses(t *testing.T) {
	text := string(body)
	cases := []struct {
		code   webhook.Code
		status int
		body   string
		signed bool
	}{
		{webhook.ErrMissingHeader, 400, text, false},
		{webhook.ErrBodyTooLarge, 400, strings.Repeat("x", 4001), true},
		{webhook.ErrInvalidJSON, 422, "{", true},
		{webhook.ErrMissingType, 422, "{}", true},
		{webhook.ErrInvalidField, 422, strings.Replace(text, `"createdAt":"`, `"createdAt":7,"later":"`, 1), true},
	}
	for _, each := range cases {
		r := receiverWith(t, webhook.Settings{MaxBodyBytes: 4000})
		header := make(http.Header)
		if each.signed {
			header = r.hook.Sign([]byte(each.body), webhook.Signing{})
		}
		answer := r.send([]byte(each.body), header)
		if answer.Code != each.status || !strings.HasPrefix(answer.Body.String(), string(each.code)) {
			t.Errorf("%s: expected %d, got %d %s", each.code, each.status, answer.Code, answer.Body)
		}
		if len(r.events) != 0 || len(r.errors) != 1 || !errors.Is(r.errors[0], each.code) {
			t.Errorf("%s: got %v, %v", each.code, r.events, r.errors)
		}
	}
}

func TestHandlerAnswers500AndDoesNotTellWhy(t *testing.T) {
	r := receiverWith(t, webhook.Settings{})
	// A fault of another webhook, inside the function, is no refusal of this request.
	r.fail = fmt.Errorf("the database is gone: %w", webhook.ErrInvalidField)
	answer := r.send(body, r.hook.Sign(body, webhook.Signing{}))
	if answer.Code != 500 || answer.Body.String() != "The handler failed.\n" {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	if len(r.errors) != 1 || !errors.Is(r.errors[0], r.fail) {
		t.Errorf("expected to be told %v, got %v", r.fail, r.errors)
	}
}

func TestHandlerCutsABodyOfUnknownLengthAtTheLimit(t *testing.T) {
	r := receiverWith(t, webhook.Settings{MaxBodyBytes: 2000})
	endless := &countingReader{}
	if answer := r.sendReader(endless, make(http.Header)); answer.Code != 400 || !errors.Is(r.errors[0], webhook.ErrBodyTooLarge) {
		t.Errorf("got %d, %v", answer.Code, r.errors)
	}
	if endless.count > 10_000 {
		t.Errorf("expected that little more than the limit is read, got %d bytes", endless.count)
	}
}

type countingReader struct{ count int }

func (r *countingReader) Read(into []byte) (int, error) {
	r.count += len(into)
	return len(into), nil
}

func TestHandlerFindsThatTheBodyWasReadBefore(t *testing.T) {
	r := receiverWith(t, webhook.Settings{})
	request := httptest.NewRequest(http.MethodPost, "/hooks", bytes.NewReader(body))
	request.Header = r.hook.Sign(body, webhook.Signing{})
	if _, err := io.ReadAll(request.Body); err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, request)
	if recorder.Code != 500 || !errors.Is(r.errors[0], webhook.ErrBodyAlreadyParsed) {
		t.Errorf("got %d, %v", recorder.Code, r.errors)
	}
}

func TestHandlerCallsOnceForEachEvent(t *testing.T) {
	store, err := webhook.NewMemoryStore(10)
	if err != nil {
		t.Fatal(err)
	}
	r := receiverWith(t, webhook.Settings{Dedupe: store})
	header := r.hook.Sign(body, webhook.Signing{})
	r.fail = errors.New("not now")
	first := r.send(body, header)
	r.fail = nil
	second, third := r.send(body, header), r.send(body, header)
	if got := []int{first.Code, second.Code, third.Code, len(r.events)}; fmt.Sprint(got) != "[500 200 200 2]" {
		t.Errorf("expected that a failure is tried again and a success is not, got %v", got)
	}
}

func TestAPanicReleasesTheEvent(t *testing.T) {
	store, err := webhook.NewMemoryStore(10)
	if err != nil {
		t.Fatal(err)
	}
	hook, err := stech.NewWith(webhook.Settings{Dedupe: store}, secret)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	r := &taken{hook: hook, handler: hook.Handler(func(context.Context, stech.Event) error {
		calls++
		panic("oops")
	})}
	for range [2]struct{}{} {
		func() {
			defer func() { _ = recover() }()
			r.send(body, hook.Sign(body, webhook.Signing{}))
		}()
	}
	if calls != 2 {
		t.Errorf("expected that the event is new again, got %d calls", calls)
	}
}

func TestSecrets(t *testing.T) {
	for _, secrets := range [][]string{nil, {""}, {"0123456789abcdef"}, {"whsec_"}, {secret + "\n"}, {secret, "fedcba"}} {
		_, err := stech.New(secrets...)
		if !errors.Is(err, webhook.ErrSecretInvalid) || strings.Contains(err.Error(), "0123456789abcdef") {
			t.Errorf("%q: expected secret_invalid, got %v", secrets, err)
		}
	}
	hook, err := stech.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	if shown := fmt.Sprintf("%v %+v %#v", hook, hook, hook); strings.Contains(shown, "0123456789abcdef") {
		t.Errorf("the secret is shown: %s", shown)
	}
}

func TestADeliveryPassesWithEitherSecretWhileTheyRotate(t *testing.T) {
	old, err := stech.New("whsec_old")
	if err != nil {
		t.Fatal(err)
	}
	rotating, err := stech.New(secret, "whsec_old")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rotating.Verify(body, old.Sign(body, webhook.Signing{})); err != nil {
		t.Errorf("R-STECH-51: got %v", err)
	}
	if _, err := old.Verify(body, rotating.Sign(body, webhook.Signing{})); !errors.Is(err, webhook.ErrNoMatchingSignature) {
		t.Errorf("expected that Sign takes the first secret, got %v", err)
	}
}

func TestTheFirstFaultIsTold(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	hook, err := stech.NewWith(webhook.Settings{Clock: func() time.Time { return now }, MaxBodyBytes: 4000}, secret)
	if err != nil {
		t.Fatal(err)
	}
	with := func(name, value string) http.Header {
		header := hook.Sign(body, webhook.Signing{})
		header.Set(name, value)
		return header
	}
	cases := []struct {
		code   webhook.Code
		body   []byte
		header http.Header
	}{
		{webhook.ErrBodyTooLarge, make([]byte, 4001), make(http.Header)},
		{webhook.ErrMissingHeader, body, http.Header{"X-Stech-Signature": {"a", "b"}}},
		{webhook.ErrInvalidHeader, body, with("X-Stech-Timestamp", "x, y")},
		{webhook.ErrTimestampInvalid, body, with("X-Stech-Timestamp", "1.7e9")},
		{webhook.ErrTimestampTooOld, body, with("X-Stech-Timestamp", "1699999699")},
		{webhook.ErrTimestampTooNew, body, with("X-Stech-Timestamp", "1700000301")},
		{webhook.ErrNoMatchingSignature, []byte("{"), with("X-Stech-Timestamp", "1700000001")},
	}
	for _, each := range cases {
		if _, err := hook.Verify(each.body, each.header); !errors.Is(err, each.code) {
			t.Errorf("expected %s, got %v", each.code, err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	hook, err := stech.New(secret)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if _, err := hook.Parse([]byte(stechtest.Events[i%len(stechtest.Events)].JSON)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	hook, err := stech.New(secret)
	if err != nil {
		b.Fatal(err)
	}
	header := hook.Sign(body, webhook.Signing{})
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		if _, err := hook.Verify(body, header); err != nil {
			b.Fatal(err)
		}
	}
}
