package telegram

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

func smallPNG(t *testing.T, seed uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 4, 4))
	m.Set(1, 1, color.RGBA{seed, 10, 20, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzUpdate: whatever is pushed or polled, what is kept can be told apart.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"message_id":3,"date":1795400000,"chat":{"id":5001,"type":"private"},"from":{"id":5001,"first_name":"Sri"},"text":"Halo"}}`,
		`{"update_id":2,"edited_message":{"message_id":3,"date":1,"edit_date":2,"chat":{"id":-1002,"type":"supergroup"},"from":{"id":5},"caption":"x","photo":[{}],"message_thread_id":4}}`,
		`{"update_id":3,"message":{"message_id":9,"date":1,"chat":{"id":-1002,"type":"supergroup"},"sender_chat":{"id":-1001},"is_automatic_forward":true,"forward_origin":{"type":"channel","date":1,"message_id":7,"chat":{"id":-1001}},"text":"B"}}`,
		`{"update_id":4,"channel_post":{"message_id":8,"date":9223372036854775807,"media_group_id":"5","chat":{"id":-1001,"type":"channel"},"photo":[{}],"caption":"c"}}`,
		`{"update_id":5,"message":{"message_id":1,"chat":{"id":1},"reply_to_message":{"reply_to_message":{}},"location":{}}}`,
		`{"update_id":-1,"message":null}`, `{}`, `[]`, `{"update_id":1e99}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := New(nil)
		all, err := c.Parse(body)
		for chat, items := range all {
			for _, i := range items {
				_, _, named := split(i.RemoteID)
				if err != nil || !named || i.Seq == "" || i.Thread == "" || i.Text == "" && len(i.Files) == 0 || i.Kind == "" {
					t.Errorf("%q %+v %v", chat, i, err)
				}
			}
		}
		cursor := c.memory.store(1, []string{"-1001", "-1002"})
		if from := New(nil).memory.recall(cursor); from.Offset != 1 {
			t.Errorf("cursor %s", cursor)
		}
		newMemory().recall(string(body)) // any stored text
	})
}

// FuzzAnswer: whatever a server says, it is one of the contract's outcomes, and
// never shows the token.
func FuzzAnswer(f *testing.F) {
	for _, status := range []int{200, 400, 401, 403, 404, 409, 413, 429, 500, 502} {
		f.Add(status, []byte(no(status, "Bad Request: "+secret)), "5")
		f.Add(status, []byte(`{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1}}}`), "")
	}
	f.Add(429, []byte(`{"ok":false,"parameters":{"retry_after":-5}}`), "Mon, 23 Nov 2026 07:00:00 GMT")
	f.Fuzz(func(t *testing.T, status int, body []byte, after string) {
		var m message
		now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
		err := read(safehttp.Answer{Status: status, Header: http.Header{"Retry-After": {after}}, Body: body}, platform.Account{Token: platform.Token{Access: secret}}, &m, now)
		switch outcome := platform.Classify(platform.Receipt{RemoteID: "x"}, err); {
		case outcome == platform.Unsent:
			t.Errorf("an answer means that it left: %v", err)
		case outcome == platform.Published && status/100 != 2:
			t.Errorf("%d is no success", status)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%v shows the token", err)
		}
	})
}
