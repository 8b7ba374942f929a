package contract

import (
	"net/http"
	"strings"
	"testing"
)

// The judge itself is tried: what is wrong must be called wrong.
func TestBotAPIJudge(t *testing.T) {
	api := Telegram(t, Path(t, "telegram", "api.min.json"))
	good := `{"ok":true,"result":{"message_id":7,"date":1795417200,"chat":{"id":-1001,"type":"channel","title":"Humas"},"text":"Halo"}}`
	for name, c := range map[string]struct {
		body, answer string
		status       int
		wrong        string // "" fits
	}{
		"a message and its answer":            {`{"chat_id":-1001,"text":"Halo"}`, good, 200, ""},
		"a channel's name instead of its id":  {`{"chat_id":"@humas","text":"Halo"}`, good, 200, ""},
		"a parameter that is not there":       {`{"chat_id":-1001,"text":"Halo","txet":"Halo"}`, good, 200, "no parameter"},
		"a required parameter is missing":     {`{"chat_id":-1001}`, good, 200, "text is missing"},
		"a number where a word belongs":       {`{"chat_id":-1001,"text":7}`, good, 200, "want String"},
		"a nested field that is not there":    {`{"chat_id":-1001,"text":"a","reply_parameters":{"message_id":7,"x":1}}`, good, 200, "has no x"},
		"a refused request may be wrong":      {`{}`, `{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}`, 400, ""},
		"an error without its code":           {`{}`, `{"ok":false,"description":"no"}`, 400, "error_code"},
		"an error that says ok":               {`{"chat_id":1,"text":"a"}`, good, 400, "ok is"},
		"an answer with an unknown field":     {`{"chat_id":1,"text":"a"}`, strings.Replace(good, `"text"`, `"txt"`, 1), 200, "Message has no txt"},
		"an answer without its date":          {`{"chat_id":1,"text":"a"}`, strings.Replace(good, `"date":1795417200,`, "", 1), 200, "date is missing"},
		"a kind of chat that does not exist":  {`{"chat_id":1,"text":"a"}`, strings.Replace(good, `"channel"`, `"kanal"`, 1), 200, "Chat.type"},
		"a throttle with unknown parameters":  {`{}`, `{"ok":false,"error_code":429,"description":"x","parameters":{"after":1}}`, 429, "has no after"},
		"a throttle that says when to return": {`{}`, `{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":1}}`, 429, ""},
	} {
		kind, covered, err := api.Judge(Exchange{
			Method: http.MethodPost, Path: "/bot1:AA/sendMessage", Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(c.body),
			Status: c.status, AnswerHeader: http.Header{"Content-Type": {"application/json"}}, Answer: []byte(c.answer),
		})
		if !covered || !strings.HasPrefix(kind, "sendMessage ") {
			t.Errorf("%s: %s %v", name, kind, covered)
		}
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %q", name, err, c.wrong)
		}
	}
}
