package receiver

import (
	"encoding/json"
	"net/http"
)

// Challenge says how the question is known that a sender asks before it sends anything else.
type Challenge struct {
	// Constants are the members that say that it is one.
	Constants map[string]string
	// Member has the text that is given back, in the member Answer of the answer.
	Member, Answer string
}

// answerTo gives the answer to a question for a challenge; nil for anything else.
func (c *Challenge) answerTo(body []byte) map[string]string {
	var members map[string]json.RawMessage
	if c == nil || json.Unmarshal(body, &members) != nil {
		return nil
	}
	for name, constant := range c.Constants {
		if text, ok := textIn(members, name); !ok || text != constant {
			return nil
		}
	}
	text, ok := textIn(members, c.Member)
	if !ok {
		return nil
	}
	return map[string]string{c.Answer: text}
}

func textIn(members map[string]json.RawMessage, name string) (string, bool) {
	var text *string
	if json.Unmarshal(members[name], &text) != nil || text == nil {
		return "", false
	}
	return *text, true
}

func writeAnswer(w http.ResponseWriter, answer map[string]string) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}
