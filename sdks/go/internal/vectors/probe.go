package vectors

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Probe is what has to be found in one place of an event.
type Probe struct {
	Path string `json:"path"`
	// Is "absent", "null" or "value".
	Is    string          `json:"is"`
	Value json.RawMessage `json:"value"`
	// Known is false where the value is none that the catalog names.
	Known *bool `json:"known"`
}

func checkEvent(t *testing.T, event Event, expected ExpectedEvent) {
	if event.EventType() != expected.Type {
		t.Errorf("expected the type %s, got %s", expected.Type, event.EventType())
	}
	value := reflect.ValueOf(event)
	if isKnown := value.Type().Elem().Name() != "UnknownEvent"; isKnown != expected.Known {
		t.Errorf("%s: expected known %t, got %t", expected.Type, expected.Known, isKnown)
	}
	for _, probe := range expected.Probes {
		checkProbe(t, value, probe)
	}
}

func checkProbe(t *testing.T, event reflect.Value, probe Probe) {
	found := place{value: event}
	for _, step := range stepsOf(probe.Path) {
		found = found.into(t, step)
	}
	if state := found.state(); state != probe.Is {
		t.Errorf("%s: expected %s, got %s", probe.Path, probe.Is, state)
		return
	}
	if probe.Is != "value" {
		return
	}
	var got, expected any
	text, err := json.Marshal(found.value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	if json.Unmarshal(text, &got) != nil || json.Unmarshal(probe.Value, &expected) != nil {
		t.Fatalf("%s: not JSON: %s", probe.Path, text)
	}
	if !reflect.DeepEqual(got, expected) {
		t.Errorf("%s: expected %s, got %s", probe.Path, probe.Value, text)
	}
	if probe.Known != nil && found.isKnown() != *probe.Known {
		t.Errorf("%s: expected known %t", probe.Path, *probe.Known)
	}
}

var stepPattern = regexp.MustCompile(`[^.\[\]]+`)

func stepsOf(path string) []string { return stepPattern.FindAllString(path, -1) }

// place is a value with what its Go type does not say.
type place struct {
	value reflect.Value
	// A nil value was not sent; without this it was sent as null.
	isOptional bool
	// The kind of an open union that is not known.
	isUnknownKind bool
}

func (p place) into(t *testing.T, step string) place {
	value := opened(p.value)
	if raw, ok := value.Interface().(json.RawMessage); ok {
		// A place of a list whose places have kinds of their own is given as its JSON.
		var parsed any
		if err := json.Unmarshal(raw, &parsed); err != nil {
			t.Fatal(err)
		}
		value = reflect.ValueOf(parsed)
	}
	switch value.Kind() {
	case reflect.Slice:
		index, err := strconv.Atoi(step)
		if err != nil || index >= value.Len() {
			t.Fatalf("there is no item %s", step)
		}
		return place{value: value.Index(index)}
	case reflect.Map:
		return place{value: value.MapIndex(reflect.ValueOf(step))}
	case reflect.Struct:
		if found, ok := fieldOf(value, step); ok {
			return found
		}
		if rest := value.FieldByName("Rest"); rest.IsValid() {
			return place{value: rest.MapIndex(reflect.ValueOf(step))}
		}
		if kind := value.FieldByName("RawKind"); kind.IsValid() {
			return place{value: kind, isUnknownKind: true}
		}
	}
	t.Fatalf("%s has nothing called %s", value.Type(), step)
	return place{}
}

// opened follows pointers, interfaces and fields of three states.
func opened(value reflect.Value) reflect.Value {
	for {
		switch {
		case value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface:
			value = value.Elem()
		case isThreeStates(value):
			value = value.FieldByName("Value")
		default:
			return value
		}
	}
}

func isThreeStates(value reflect.Value) bool {
	return value.Kind() == reflect.Struct && strings.HasPrefix(value.Type().Name(), "Opt[")
}

// fieldOf finds the field by its name on the wire.
func fieldOf(value reflect.Value, name string) (place, bool) {
	for _, field := range reflect.VisibleFields(value.Type()) {
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == name && !field.Anonymous {
			return place{value: value.FieldByIndex(field.Index), isOptional: options != ""}, true
		}
	}
	return place{}, false
}

func (p place) state() string {
	value := p.value
	if !value.IsValid() {
		return "absent"
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if value.IsNil() && p.isOptional {
			return "absent"
		}
		if raw, ok := value.Interface().(json.RawMessage); value.IsNil() || ok && string(raw) == "null" {
			return "null"
		}
	case reflect.Struct:
		if isThreeStates(value) && !value.FieldByName("Set").Bool() {
			return "absent"
		}
		if isThreeStates(value) && value.FieldByName("Null").Bool() {
			return "null"
		}
	}
	return "value"
}

func (p place) isKnown() bool {
	enum, ok := opened(p.value).Interface().(interface{ IsKnown() bool })
	return !p.isUnknownKind && (!ok || enum.IsKnown())
}
