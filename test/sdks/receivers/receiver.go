// A receiver as a customer would write one: prints its port, reads its secrets from one line, prints what it takes.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/hookwright/hookwright/sdks/go/contracts/authio"
	"github.com/hookwright/hookwright/sdks/go/contracts/authsignal"
	"github.com/hookwright/hookwright/sdks/go/contracts/stech"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	var secrets struct{ Events, Batches, Signups, Tokens []string }
	must(json.NewDecoder(os.Stdin).Decode(&secrets))

	silent := webhook.Settings{OnError: func(*http.Request, error) {}, SignResponses: true}
	events, err := stech.NewWith(silent, secrets.Events...)
	must(err)
	batches, err := authsignal.NewWith(silent, secrets.Batches...)
	must(err)
	signups, err := authio.NewWith(silent, secrets.Signups...)
	must(err)
	tokens, err := authio.NewWith(silent, secrets.Tokens...)
	must(err)

	mux := http.NewServeMux()
	mux.Handle("/events", events.Handler(func(_ context.Context, event stech.Event) error {
		return take("event", event.EventID())
	}))
	mux.Handle("/batches", batches.Handler(func(_ context.Context, batch *authsignal.Batch) error {
		ids := make([]string, len(batch.Records))
		for index, record := range batch.Records {
			ids[index] = record.EventID()
		}
		return take("batch", ids...)
	}))
	mux.Handle("/signups", signups.Handler(decide))
	mux.Handle("/tokens", tokens.Handler(decide))
	must(http.Serve(listener, mux))
}

func decide(_ context.Context, question authio.Event) (authio.Verdict, error) {
	if err := take("question", question.EventID()); err != nil {
		return nil, err
	}
	switch question := question.(type) {
	case *authio.PreRegister:
		return question.Deny("compliance_block", ""), nil
	case *authio.PreTokenMint:
		return question.Override().OverrideClaims(map[string]any{"plan": "pro"}), nil
	default:
		return authio.Allow(), nil
	}
}

func take(kind string, ids ...string) error {
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"kind": kind, "ids": ids})
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
