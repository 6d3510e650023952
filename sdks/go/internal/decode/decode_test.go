package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/internal/decode"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

type order struct {
	ID       string
	Total    int64
	Rate     float64
	Express  bool
	Note     *string
	Coupon   *string
	GiftFor  webhook.Opt[string]
	Lines    []line
	Labels   map[string]*string
	Extra    json.RawMessage
	Either   webhook.Scalar
	Constant string
	Tags     []string
}

type line struct{ Quantity int64 }

func readOrder(d *decode.Decoder, v decode.Value) order {
	o := d.Event(v)
	var s order
	s.ID = decode.Required(d, o, "id", decode.Text[string])
	s.Total = decode.Required(d, o, "total", decode.Integer)
	s.Rate = decode.Required(d, o, "rate", decode.Number[float64])
	s.Express = decode.Required(d, o, "express", decode.Bool)
	s.Note = decode.Required(d, o, "note", decode.OrNull(decode.Text[string]))
	s.Coupon = decode.Optional(d, o, "coupon", decode.Text[string])
	s.GiftFor = decode.ThreeStates(d, o, "giftFor", decode.Text[string])
	s.Lines = decode.Required(d, o, "lines", decode.List(readLine))
	s.Labels = decode.Required(d, o, "labels", decode.Record(decode.OrNull(decode.Text[string])))
	s.Extra = decode.Required(d, o, "extra", decode.Any)
	s.Either = decode.Required(d, o, "either", decode.Scalars(decode.AsAny(decode.Number[float64]), decode.AsAny(decode.Text[string])))
	s.Constant = decode.Required(d, o, "constant", decode.TextConstant("card"))
	s.Tags = decode.OptionalOrZero(d, o, "tags", decode.OrZero(decode.List(decode.Text[string])))
	return s
}

func readLine(d *decode.Decoder, v decode.Value) line {
	o := d.Object(v)
	return line{decode.Required(d, o, "quantity", decode.Integer)}
}

var good = map[string]string{
	"id": `"ord_1"`, "total": "12", "rate": "0.19", "express": "true", "note": "null", "lines": `[{"quantity":1}]`,
	"labels": `{"a":"x","b":null}`, "extra": "[1]", "either": "1", "constant": `"card"`,
}

// orderWith is a good order with other members; an empty text takes one out.
func orderWith(changes map[string]string) string {
	members := []string{}
	for name, value := range good {
		if _, changed := changes[name]; !changed {
			members = append(members, `"`+name+`":`+value)
		}
	}
	for name, value := range changes {
		if value != "" {
			members = append(members, `"`+name+`":`+value)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

func TestFaultsAreToldWithTheirPlace(t *testing.T) {
	faults := []struct{ name, value, path, expected, got string }{
		{"id", "", "id", "string", "nothing"},
		{"id", "null", "id", "string", "null"},
		{"note", "", "note", "string or null", "nothing"},
		{"note", "false", "note", "string or null", "boolean false"},
		{"coupon", "null", "coupon", "string", "null"},
		{"giftFor", "5", "giftFor", "string or null", "number 5"},
		{"extra", "", "extra", "any value", "nothing"},
		{"total", "1.5", "total", "integer", "number 1.5"},
		{"total", "1e400", "total", "integer", "number 1e400"},
		{"total", "9007199254740992", "total", "integer", "number 9007199254740992"},
		{"total", "-9007199254740993", "total", "integer", "number -9007199254740993"},
		{"total", `"12"`, "total", "integer", `string "12"`},
		{"total", `"` + strings.Repeat("x", 5000) + `"`, "total", "integer", `string "` + strings.Repeat("x", 39) + `…"`},
		{"rate", "1e999", "rate", "number", "number 1e999"},
		{"rate", `"0.19"`, "rate", "number", `string "0.19"`},
		{"express", "1", "express", "boolean", "number 1"},
		{"lines", "{}", "lines", "array", "an object"},
		{"lines", `[{"quantity":1},{}]`, "lines[1].quantity", "integer", "nothing"},
		{"lines", `[[]]`, "lines[0]", "object", "an array"},
		{"labels", "[]", "labels", "object", "an array"},
		{"labels", `{"a":1}`, "labels.a", "string or null", "number 1"},
		{"labels", `{"a.b":1}`, `labels["a.b"]`, "string or null", "number 1"},
		{"labels", `{"__proto__":5}`, "labels.__proto__", "string or null", "number 5"},
		{"either", "true", "either", "number or string", "boolean true"},
		{"tags", "5", "tags", "array or null", "number 5"},
		{"tags", "[5]", "tags[0]", "string", "number 5"},
		{"constant", `"cash"`, "constant", `"card"`, `string "cash"`},
	}
	for _, fault := range faults {
		_, err := decode.Single([]byte(orderWith(map[string]string{fault.name: fault.value})), readOrder)
		var payload *webhook.PayloadError
		if !errors.As(err, &payload) || payload.Code != webhook.ErrInvalidField {
			t.Errorf("%s %s: expected invalid_field, got %v", fault.name, fault.value, err)
			continue
		}
		got := []string{payload.Path, payload.Expected, payload.Got, payload.Message}
		message := fault.path + ": expected " + fault.expected + ", got " + fault.got + "."
		if expected := []string{fault.path, fault.expected, fault.got, message}; strings.Join(got, "|") != strings.Join(expected, "|") {
			t.Errorf("expected %q, got %q", expected, got)
		}
	}
}

func read(t *testing.T, changes map[string]string) order {
	t.Helper()
	value, err := decode.Single([]byte(orderWith(changes)), readOrder)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestNullAbsentAndPresentStayApart(t *testing.T) {
	absent := read(t, nil)
	null := read(t, map[string]string{"giftFor": "null", "extra": "null"})
	present := read(t, map[string]string{"giftFor": `"Ada"`, "coupon": `"SALE"`, "note": `"n"`})
	if absent.GiftFor.Set || absent.Coupon != nil || absent.Note != nil {
		t.Errorf("absent: got %+v", absent)
	}
	if !null.GiftFor.Set || !null.GiftFor.Null || string(null.Extra) != "null" {
		t.Errorf("null: got %+v", null)
	}
	if value, ok := present.GiftFor.Get(); !ok || value != "Ada" || *present.Coupon != "SALE" || *present.Note != "n" {
		t.Errorf("present: got %+v", present)
	}
}

func TestWholeNumbers(t *testing.T) {
	whole := map[string]int64{"1.0": 1, "1e3": 1000, "-0": 0, "9007199254740991": 1<<53 - 1, "-9007199254740991": 1 - 1<<53}
	for text, expected := range whole {
		if got := read(t, map[string]string{"total": text}).Total; got != expected {
			t.Errorf("%s: expected %d, got %d", text, expected, got)
		}
	}
}

func TestNamesMatchExactly(t *testing.T) {
	body := strings.Replace(orderWith(nil), "{", `{"ID":"upper","Total":99,`, 1)
	got, err := decode.Single([]byte(body), readOrder)
	if err != nil || got.ID != "ord_1" || got.Total != 12 {
		t.Errorf("expected that names of another case are others, got %+v, %v", got, err)
	}
	_, err = decode.Single([]byte(strings.Replace(orderWith(nil), `"total"`, `"Total"`, 1)), readOrder)
	if !errors.Is(err, webhook.ErrInvalidField) {
		t.Errorf("expected that a name of another case does not stand for the field, got %v", err)
	}
}

func TestOfDuplicateNamesTheLastOneCounts(t *testing.T) {
	body := strings.Replace(orderWith(map[string]string{"labels": `{"a":1,"a":"last"}`}), "{", `{"total":"no",`, 1)
	body = strings.TrimSuffix(body, "}") + ` , "total" : 3 }`
	got, err := decode.Single([]byte(body), readOrder)
	if err != nil || got.Total != 3 || *got.Labels["a"] != "last" {
		t.Errorf("expected the last ones, got %+v, %v", got, err)
	}
}

func TestTextOfAllKinds(t *testing.T) {
	got := read(t, map[string]string{"id": `"\u0047r\u00fc\u00dfe \ud83e\udd8a \"\\/\n"`, "labels": `{"\u0061\"]}":"x"}`})
	if got.ID != "Grüße 🦊 \"\\/\n" || *got.Labels[`a"]}`] != "x" {
		t.Errorf("got %q, %v", got.ID, got.Labels)
	}
}

func TestWrappedRecords(t *testing.T) {
	wrapped := `{"of":7,"order":"no", "order" : ` + orderWith(nil) + ` }`
	layouts := []struct {
		body, place string
		layout      decode.Layout
	}{
		{"%\n", "[0].order", decode.Layout{Kind: "lines", RecordMember: "order"}},
		{"[%]", "[0].order", decode.Layout{Kind: "array", RecordMember: "order"}},
		{`{"orders":[%]}`, "orders[0].order", decode.Layout{Kind: "object", Member: "orders", RecordMember: "order"}},
		{"%", "order", decode.Layout{Kind: "array", RecordMember: "order", Single: true}},
	}
	for _, each := range layouts {
		batch, err := decode.Batch([]byte(strings.Replace(each.body, "%", wrapped, 1)), each.layout, readOrder)
		if err != nil || len(batch.Records) != 1 || batch.Records[0].ID != "ord_1" {
			t.Errorf("%s: expected the order, got %+v, %v", each.body, batch, err)
		}
		_, err = decode.Batch([]byte(strings.Replace(each.body, "%", orderWith(nil), 1)), each.layout, readOrder)
		var payload *webhook.PayloadError
		if !errors.As(err, &payload) || payload.Code != webhook.ErrNotAnObject || payload.Path != each.place {
			t.Errorf("%s: expected not_an_object at %s, got %v", each.body, each.place, err)
		}
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	codes := map[string]webhook.Code{
		"":          webhook.ErrInvalidJSON,
		"{":         webhook.ErrInvalidJSON,
		`{"a":NaN}`: webhook.ErrInvalidJSON,
		"{}{}":      webhook.ErrInvalidJSON,
		"\"\xff\"":  webhook.ErrInvalidJSON,
		"[]":        webhook.ErrNotAnObject,
		" null ":    webhook.ErrNotAnObject,
		"\ufeff{}":  webhook.ErrInvalidField,
		strings.Repeat("[", 20000) + strings.Repeat("]", 20000): webhook.ErrInvalidJSON,
	}
	for body, expected := range codes {
		if _, err := decode.Single([]byte(body), readOrder); !errors.Is(err, expected) {
			t.Errorf("%.40q: expected %s, got %v", body, expected, err)
		}
	}
}

// Whatever comes, the answer is an event or an error of this package.
func FuzzSingle(f *testing.F) {
	f.Add([]byte(orderWith(nil)))
	f.Add([]byte(`{"lines":[{"quantity":{}}],"labels":{"\"":[[]]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := decode.Single(body, readOrder); err != nil {
			if _, found := webhook.CodeOf(err); !found {
				t.Errorf("expected a code, got %v", err)
			}
		}
	})
}
