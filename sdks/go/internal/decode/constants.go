package decode

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/hookwright/hookwright/sdks/go/webhook"
)

// TextConstant reads a string that is always the same.
func TextConstant(constant string) Reader[string] {
	return func(d *Decoder, v Value) string {
		if !v.isText() || v.text() != constant {
			d.Expect(quoted(constant), v)
		}
		return constant
	}
}

// NumberConstant reads a number that is always the same.
func NumberConstant(constant float64) Reader[float64] {
	return func(d *Decoder, v Value) float64 {
		if number, ok := v.number(); !ok || number != constant {
			d.Expect(strconv.FormatFloat(constant, 'f', -1, 64), v)
		}
		return constant
	}
}

// IntegerConstant reads a whole number that is always the same.
func IntegerConstant(constant int64) Reader[int64] {
	return func(d *Decoder, v Value) int64 {
		if whole, ok := v.integer(); !ok || whole != constant {
			d.Expect(strconv.FormatInt(constant, 10), v)
		}
		return constant
	}
}

// BoolConstant reads a boolean that is always the same.
func BoolConstant(constant bool) Reader[bool] {
	return func(d *Decoder, v Value) bool {
		if string(v) != strconv.FormatBool(constant) {
			d.Expect(strconv.FormatBool(constant), v)
		}
		return constant
	}
}

// Scalars reads what one of several scalar readers takes.
func Scalars(readers ...Reader[any]) Reader[webhook.Scalar] {
	return func(d *Decoder, v Value) webhook.Scalar {
		expected := make([]string, 0, len(readers))
		for _, read := range readers {
			var attempt Decoder
			value := read(&attempt, v)
			if attempt.err == nil {
				return webhook.Scalar{Value: value}
			}
			expected = append(expected, attempt.err.(*webhook.PayloadError).Expected)
		}
		d.Expect(strings.Join(expected, " or "), v)
		return webhook.Scalar{}
	}
}

// AsAny reads a scalar as one of the types that a webhook.Scalar holds; whole numbers become float64.
func AsAny[T any](read Reader[T]) Reader[any] {
	return func(d *Decoder, v Value) any {
		value := any(read(d, v))
		if whole, ok := value.(int64); ok {
			return float64(whole)
		}
		return value
	}
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text)
	return string(encoded)
}
