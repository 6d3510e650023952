package receiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// Event is what Handlers have to know of an event.
type Event interface{ EventID() string }

// Verify checks a request and gives what it carries.
type Verify[T any] func(body []byte, header http.Header) (T, error)

// EventHandler answers 200 once the event was handled, the error's status when the request is refused, and 500 when
// handling fails.
func EventHandler[E Event](r *Receiver, verify Verify[E], handle func(context.Context, E) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := readBody(r, w, request)
		if err == nil && r.contract.Challenge != nil {
			if err = r.Check(body, request.Header); err == nil {
				if answer := r.contract.Challenge.answerTo(body); answer != nil {
					_ = writeAnswer(w, answer)
					return
				}
			}
		}
		var event E
		if err == nil {
			event, err = verify(body, request.Header)
		}
		if err != nil {
			r.refuse(w, request, err)
			return
		}
		ctx := request.Context()
		fresh := func([]bool) error { return handle(ctx, event) }
		r.finish(w, request, once(ctx, r.settings.Dedupe, []string{event.EventID()}, fresh))
	})
}

// BatchHandler is EventHandler for batches. The function gets the records that were not handled before.
func BatchHandler[E Event](
	r *Receiver, verify Verify[*webhook.Batch[E]], handle func(context.Context, *webhook.Batch[E]) error,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		batch, err := receive(r, verify, w, request)
		if err != nil {
			r.refuse(w, request, err)
			return
		}
		ids := make([]string, len(batch.Records))
		for index, record := range batch.Records {
			ids[index] = record.EventID()
		}
		ctx := request.Context()
		fresh := func(isFresh []bool) error {
			return handle(ctx, &webhook.Batch[E]{Records: only(batch.Records, isFresh), Raw: batch.Raw})
		}
		r.finish(w, request, once(ctx, r.settings.Dedupe, ids, fresh))
	})
}

// VerdictHandler answers with the verdict.
func VerdictHandler[E, V any](
	r *Receiver, verify Verify[E], decide func(context.Context, E) (V, error), respond func(http.ResponseWriter, V) error,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		event, err := receive(r, verify, w, request)
		if err != nil {
			r.refuse(w, request, err)
			return
		}
		verdict, err := decide(request.Context(), event)
		if err == nil {
			err = respond(w, verdict)
		}
		if err != nil {
			r.finish(w, request, err)
		}
	})
}

func receive[T any](r *Receiver, verify Verify[T], w http.ResponseWriter, request *http.Request) (T, error) {
	body, err := readBody(r, w, request)
	if err != nil {
		var none T
		return none, err
	}
	return verify(body, request.Header)
}

func readBody(r *Receiver, w http.ResponseWriter, request *http.Request) ([]byte, error) {
	var body []byte
	var err error
	if request.Body != nil {
		body, err = io.ReadAll(http.MaxBytesReader(w, request.Body, r.settings.MaxBodyBytes))
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge(large.Limit)
	case errors.Is(err, http.ErrBodyReadAfterClose), err == nil && len(body) == 0 && request.ContentLength > 0:
		message := "The request's body was read before. The signature covers the bytes as they were sent: take the body " +
			"before a middleware parses it, or let that put the bytes back with io.NopCloser(bytes.NewReader(body))."
		return nil, &webhook.VerificationError{Code: webhook.ErrBodyAlreadyParsed, Message: message}
	}
	return body, err
}

func only[E any](records []E, isFresh []bool) []E {
	fresh := make([]E, 0, len(records))
	for index, record := range records {
		if isFresh[index] {
			fresh = append(fresh, record)
		}
	}
	return fresh
}

// refuse answers a request that is not a delivery. A body that could not be read to its end is one of them.
func (r *Receiver) refuse(w http.ResponseWriter, request *http.Request, err error) {
	r.settings.OnError(request, err)
	status, text := http.StatusBadRequest, "The body could not be read."
	if code, found := webhook.CodeOf(err); found {
		status, text = code.Status(), err.Error()
	}
	http.Error(w, text, status)
}

// finish answers a delivery. What handling it came to is the receiver's own affair and stays out of the sender's log.
func (r *Receiver) finish(w http.ResponseWriter, request *http.Request, err error) {
	if err != nil {
		r.settings.OnError(request, err)
		http.Error(w, "The handler failed.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}
