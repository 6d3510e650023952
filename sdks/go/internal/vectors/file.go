// Package vectors runs the deliveries that the receivers of all languages have to take and refuse alike; only tests use
// it. test/vectors/README.md of the repository says how the files are made.
package vectors

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// File is the part of a file that a generated receiver needs: the contract itself is in its code.
type File struct {
	Contract struct {
		Signature *struct{} `json:"signature"`
	} `json:"contract"`
	Vectors  []Vector        `json:"vectors"`
	Verdicts []VerdictVector `json:"verdicts"`
}

// Vector is a request and what has to come of it.
type Vector struct {
	Name          string            `json:"name"`
	Secrets       []string          `json:"secrets"`
	Authorization *string           `json:"authorization"`
	Now           int64             `json:"now"`
	Headers       map[string]string `json:"headers"`
	Body          []byte            `json:"bodyBase64"`
	Expect        struct {
		OK     bool            `json:"ok"`
		Code   string          `json:"code"`
		Path   string          `json:"path"`
		Events []ExpectedEvent `json:"events"`
	} `json:"expect"`
}

// ExpectedEvent is what has to be found in an event.
type ExpectedEvent struct {
	Type   string  `json:"type"`
	Known  bool    `json:"known"`
	Probes []Probe `json:"probes"`
}

// Folder holds the files.
func Folder() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "../../../../test/vectors")
}

// Read loads a file of the folder into a value.
func Read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Folder(), name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// HeaderOf leaves the names as they are written.
func HeaderOf(headers map[string]string) http.Header {
	header := make(http.Header)
	for name, value := range headers {
		header[name] = []string{value}
	}
	return header
}

// Clock stands still.
func Clock(milliseconds int64) func() time.Time {
	return func() time.Time { return time.UnixMilli(milliseconds) }
}
