package webhook

import "net/http"

// Code says why a delivery was refused. It is an error itself, so that errors.Is(err, webhook.ErrMissingHeader) works;
// the codes are the same in all languages. Their order is that of the checks: of two faults the first is told.
type Code string

const (
	// ErrSecretInvalid: the secret is missing, or not in the contract's form. New returns it.
	ErrSecretInvalid Code = "secret_invalid"
	// ErrBodyAlreadyParsed: the request's body was read before the handler got it.
	ErrBodyAlreadyParsed Code = "body_already_parsed"
	// ErrBodyTooLarge: more bytes than Settings.MaxBodyBytes.
	ErrBodyTooLarge Code = "body_too_large"
	// ErrMissingHeader: a header that proves the sender is absent or empty.
	ErrMissingHeader Code = "missing_header"
	// ErrInvalidHeader: such a header came more than once, or lacks the signed time it should carry.
	ErrInvalidHeader Code = "invalid_header"
	// ErrTimestampInvalid: the signed time is not a plain decimal integer.
	ErrTimestampInvalid Code = "timestamp_invalid"
	// ErrTimestampTooOld: the signed time is further in the past than the tolerance.
	ErrTimestampTooOld Code = "timestamp_too_old"
	// ErrTimestampTooNew: the signed time is further in the future than the tolerance.
	ErrTimestampTooNew Code = "timestamp_too_new"
	// ErrNoMatchingSignature: no signature of the header was made with one of the secrets over this body.
	ErrNoMatchingSignature Code = "no_matching_signature"
	// ErrAuthorizationMismatch: the header has another text than was configured; for contracts without a signature.
	ErrAuthorizationMismatch Code = "authorization_mismatch"
	// ErrInvalidJSON: the signed bytes are not JSON in UTF-8.
	ErrInvalidJSON Code = "invalid_json"
	// ErrNotABatch: the JSON does not hold a list of records where the contract has it.
	ErrNotABatch Code = "not_a_batch"
	// ErrNotAnObject: the JSON of an event is not an object.
	ErrNotAnObject Code = "not_an_object"
	// ErrMissingType: the object does not name its event type.
	ErrMissingType Code = "missing_type"
	// ErrInvalidField: a field of a known event does not have the type it was published with.
	ErrInvalidField Code = "invalid_field"
	// ErrVerdictInvalid: the verdict of an action is larger than its contract allows. Respond returns it.
	ErrVerdictInvalid Code = "verdict_invalid"
)

// Error gives the code as text.
func (c Code) Error() string { return string(c) }

// Status is the HTTP status a receiver answers: 400 or 401 when the delivery could not be verified, 422 when it was verified
// and its content is malformed, and 500 when the fault is the receiver's own: senders give up after a 4xx, and this
// delivery will be good once the receiver is.
func (c Code) Status() int {
	switch c {
	case ErrSecretInvalid, ErrBodyAlreadyParsed, ErrVerdictInvalid:
		return http.StatusInternalServerError
	case ErrAuthorizationMismatch:
		return http.StatusUnauthorized
	case ErrInvalidJSON, ErrNotABatch, ErrNotAnObject, ErrMissingType, ErrInvalidField:
		return http.StatusUnprocessableEntity
	}
	return http.StatusBadRequest
}
