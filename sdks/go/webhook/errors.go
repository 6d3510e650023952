package webhook

import "errors"

// VerificationError says why a delivery, or a secret, was refused before its content was looked at. No part of it ever
// holds a secret.
type VerificationError struct {
	Code    Code
	Message string
}

func (e *VerificationError) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap gives the code, for errors.Is.
func (e *VerificationError) Unwrap() error { return e.Code }

// PayloadError says what is malformed in a delivery that was verified.
type PayloadError struct {
	Code Code
	// Path says where in the body, "data.usage.input"; empty when the fault is not in a field.
	Path string
	// Expected and Got describe what should be there and what is; of a long value, its beginning.
	Expected string
	Got      string
	// Message is the whole sentence.
	Message string
}

func (e *PayloadError) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap gives the code, for errors.Is.
func (e *PayloadError) Unwrap() error { return e.Code }

// CodeOf finds the code in an error of this package, also a wrapped one. False: the error is another one.
func CodeOf(err error) (Code, bool) {
	var code Code
	found := errors.As(err, &code)
	return code, found
}
