package hookwright_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/hookwright/hookwright/sdks/go/contracts/stech"
	"github.com/hookwright/hookwright/sdks/go/contracts/stech/stechtest"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

const secret = "whsec_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// A published example of each type serves for tests.
func failedDeployment() []byte {
	for _, example := range stechtest.Events {
		if example.Type == "deployment.failed" {
			return []byte(example.JSON)
		}
	}
	return nil
}

func Example() {
	hook, err := stech.New(secret)
	if err != nil {
		panic(err)
	}
	body := failedDeployment()
	event, err := hook.Verify(body, hook.Sign(body, webhook.Signing{}))
	if err != nil {
		panic(err)
	}
	switch e := event.(type) {
	case *stech.DeploymentFailed:
		fmt.Println("failed:", e.Data.AgentName)
	case *stech.UnknownEvent:
		fmt.Println("new event", e.RawType)
	}
	// Output: failed: invoice-reader
}

func Example_handler() {
	hook, err := stech.New(secret)
	if err != nil {
		panic(err)
	}
	handler := hook.Handler(func(_ context.Context, event stech.Event) error {
		fmt.Println("handled", event.EventType())
		return nil
	})
	body := failedDeployment()
	request := httptest.NewRequest(http.MethodPost, "/hooks/stech", strings.NewReader(string(body)))
	request.Header = hook.Sign(body, webhook.Signing{})
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	fmt.Print(recorder.Code, " ", recorder.Body)
	// Output:
	// handled deployment.failed
	// 200 ok
}

func Example_errors() {
	hook, err := stech.New(secret)
	if err != nil {
		panic(err)
	}
	body := []byte(strings.Replace(string(failedDeployment()), `"agentName":"`, `"agentName":7,"was":"`, 1))
	_, err = hook.Verify(body, hook.Sign(body, webhook.Signing{}))
	var payload *webhook.PayloadError
	if errors.As(err, &payload) {
		fmt.Println(payload.Code, payload.Path)
	}
	fmt.Println(errors.Is(err, webhook.ErrInvalidField), errors.Is(err, webhook.ErrNoMatchingSignature))
	// Output:
	// invalid_field data.agentName
	// true false
}
