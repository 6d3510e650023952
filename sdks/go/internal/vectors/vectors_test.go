package vectors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryFileIsRun(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(Folder(), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("expected files, got %v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		// The package internal/signature runs these.
		if name == "signatures" {
			continue
		}
		letters := func(r rune) rune {
			if (r >= 'a' && r <= 'z') || (r >= '0' && r <= '9') {
				return r
			}
			return -1
		}
		folder := strings.Map(letters, strings.ToLower(name))
		if _, err := os.Stat(filepath.Join("../../contracts", folder, "vectors_test.go")); err != nil {
			t.Errorf("nothing runs %s.json: %v", name, err)
		}
	}
}
