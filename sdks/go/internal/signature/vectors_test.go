package signature_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hookwright/hookwright/sdks/go/internal/signature"
	"github.com/hookwright/hookwright/sdks/go/internal/vectors"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

type schemeText struct {
	Algorithms []struct {
		Name, Key, SecretPrefix, Prefix string
		Encoding                        signature.Encoding
		SecretBytesMin                  int
	} `json:"algorithms"`
	Content         []any   `json:"content"`
	Joint           *string `json:"joint"`
	SignatureHeader string  `json:"signatureHeader"`
	Separator       string  `json:"separator"`
	Timestamp       *struct {
		Unit, Carrier, Header, Prefix string
	} `json:"timestamp"`
	IDHeader         string `json:"idHeader"`
	ToleranceSeconds int    `json:"toleranceSeconds"`
	ToleranceSides   string `json:"toleranceSides"`
}

func (s schemeText) scheme() *signature.Scheme {
	var algorithms []signature.Algorithm
	for _, one := range s.Algorithms {
		algorithms = append(algorithms, signature.Algorithm{
			Ed25519:      one.Name == "ed25519",
			Base64Key:    one.Key == "base64-after-prefix",
			SecretPrefix: one.SecretPrefix,
			Prefix:       one.Prefix,
			Encoding:     one.Encoding,

			SecretBytesMin: one.SecretBytesMin,
		})
	}
	scheme := &signature.Scheme{
		Algorithms:      algorithms,
		Content:         s.content(),
		SignatureHeader: s.SignatureHeader,
		Separator:       s.Separator,
		Untimed:         s.Timestamp == nil,
		IDHeader:        s.IDHeader,
		Tolerance:       time.Duration(s.ToleranceSeconds) * time.Second,
		PastOnly:        s.ToleranceSides == "past",
	}
	if s.Joint != nil {
		scheme.Joint, scheme.Unjoined = *s.Joint, *s.Joint == ""
	}
	if s.Timestamp != nil {
		scheme.Milliseconds = s.Timestamp.Unit == "milliseconds"
		scheme.TimestampHeader = s.Timestamp.Header
		scheme.TimestampPrefix = s.Timestamp.Prefix
	}
	return scheme
}

// content has a name for each part, or an object with a text.
func (s schemeText) content() []signature.Part {
	known := map[any]signature.Part{"id": signature.ID, "timestamp": signature.Timestamp, "body": signature.Body}
	var parts []signature.Part
	for _, one := range s.Content {
		if object, isText := one.(map[string]any); isText {
			parts = append(parts, signature.Text(fmt.Sprint(object["text"])))
			continue
		}
		parts = append(parts, known[one])
	}
	return parts
}

type signatureVector struct {
	vectors.Vector
	Scheme schemeText `json:"scheme"`
}

func (v signatureVector) verify() error {
	scheme := v.Scheme.scheme()
	keys, err := signature.Keys(scheme, v.Secrets)
	if err != nil {
		return err
	}
	return signature.Verify(scheme, keys, signature.Request{
		Body:      v.Body,
		Header:    vectors.HeaderOf(v.Headers),
		Now:       time.UnixMilli(v.Now),
		Tolerance: scheme.Tolerance,
	})
}

func TestSignatureVectors(t *testing.T) {
	var all []signatureVector
	vectors.Read(t, "signatures.json", &all)
	if len(all) == 0 {
		t.Fatal("The file has no vectors.")
	}
	for _, vector := range all {
		t.Run(vector.Name, func(t *testing.T) {
			err := vector.verify()
			code, _ := webhook.CodeOf(err)
			if (err == nil) != vector.Expect.OK || string(code) != vector.Expect.Code {
				t.Fatalf("expected %+v, got %v", vector.Expect, err)
			}
			for _, secret := range vector.Secrets {
				if len(secret) > 8 && strings.Contains(fmt.Sprintf("%+v", err), strings.TrimSpace(secret)) {
					t.Error("the error shows a secret")
				}
			}
		})
	}
}

// Stated here as well, so that no new edition of the file can move them.
func TestGoldenSignatures(t *testing.T) {
	golden := map[string]string{
		"stech golden":      "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f",
		"authio golden":     "t=1700000000,v1=d2b7a36228bf93f2c5f86e7d94ac3d20d77da93f7a6cf9c66a4a0c52d9a8bae4",
		"authn golden":      "v1,zzKhOW+FDNqS+5Z1m4ZA1FO7VeHKDidWH6mx54XRR/c=",
		"authsignal golden": "t=1700000000,v2=inwBoPbqAoaMHV2oBcJiAo1V0+/0+KMnrRhOUCBAUcs",
	}
	var all []signatureVector
	vectors.Read(t, "signatures.json", &all)
	for _, vector := range all {
		expected, isGolden := golden[vector.Name]
		if !isGolden {
			continue
		}
		delete(golden, vector.Name)
		scheme := vector.Scheme.scheme()
		keys, err := signature.Keys(scheme, vector.Secrets)
		if err != nil {
			t.Fatal(err)
		}
		as := webhook.Signing{ID: "whd_1", Time: time.UnixMilli(vector.Now)}
		if got := signature.Sign(scheme, keys[0], vector.Body, as).Get(scheme.SignatureHeader); got != expected {
			t.Errorf("%s: expected %s, got %s", vector.Name, expected, got)
		}
	}
	if len(golden) > 0 {
		t.Errorf("the file lacks %v", golden)
	}
}
