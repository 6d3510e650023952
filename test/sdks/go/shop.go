package shop

import (
	"errors"
	"testing"

	"github.com/hookwright/hookwright/sdks/go/contracts/shop/shoptest"
	"github.com/hookwright/hookwright/sdks/go/webhook"
)

func parse(t *testing.T, name string) Event {
	t.Helper()
	hook, err := New("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range shoptest.Events {
		if example.Name != name {
			continue
		}
		event, err := hook.Parse([]byte(example.JSON))
		if err != nil {
			t.Fatal(err)
		}
		return event
	}
	t.Fatalf("there is no example %q", name)
	return nil
}

func TestTypesNarrow(t *testing.T) {
	placed, ok := parse(t, "with everything").(*OrderPlaced)
	if !ok || placed.Data.Total.Currency != MoneyCurrencyEUR || placed.Data.PaidAt != nil || *placed.Data.Weight != 1e21 {
		t.Errorf("got %+v", placed)
	}
	if email, ok := placed.Data.Email.Get(); !ok || email != "robin@acme.example" {
		t.Errorf("got %+v", placed.Data.Email)
	}
	noted, ok := parse(t, "by a person").(*OrderNoted)
	if !ok {
		t.Fatal("expected order.noted")
	}
	if note, ok := noted.Data.(*PersonNote); !ok || note.Author != "Robin" {
		t.Errorf("got %+v", noted.Data)
	}
}

func TestWhatIsLaterIsAValue(t *testing.T) {
	hook, err := New("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
	if err != nil {
		t.Fatal(err)
	}
	envelope := `{"id":"1","apiVersion":"2026-05","occurredAt":1,"shopId":"s","type":"`
	event, err := hook.Parse([]byte(envelope + `order.teleported","data":{"to":["Mars"]}}`))
	unknown, ok := event.(*UnknownEvent)
	if err != nil || !ok || unknown.RawType != "order.teleported" || string(unknown.Data) != `{"to":["Mars"]}` {
		t.Errorf("got %+v, %v", event, err)
	}
	event, err = hook.Parse([]byte(envelope + `order.noted","data":{"kind":"moon_phase","phase":3}}`))
	if err != nil {
		t.Fatal(err)
	}
	if note, ok := event.(*OrderNoted).Data.(*UnknownNote); !ok || note.RawKind != "moon_phase" || string(note.Raw) != `{"kind":"moon_phase","phase":3}` {
		t.Errorf("got %+v", event)
	}
	if MoneyCurrency("XAU").IsKnown() || !MoneyCurrencyUSD.IsKnown() {
		t.Error("expected that XAU is not known and USD is")
	}
	var payload *webhook.PayloadError
	_, err = hook.Parse([]byte(envelope + `stock.counted","data":{"counts":[],"note":{"kind":"other"}}}`))
	if !errors.As(err, &payload) || payload.Path != "data.note.kind" || payload.Expected != `"person" or "machine"` {
		t.Errorf("expected a fault at data.note.kind, got %v", err)
	}
}
