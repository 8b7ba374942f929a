package whatsapp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

func pushed(value string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"204","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"62","phone_number_id":"104"},` + value + `}}]}]}`
}

func TestWhatIsPushed(t *testing.T) {
	contact := `"contacts":[{"profile":{"name":"Sri"},"wa_id":"6281200000001"}],`
	message := func(kind, body string) string {
		return pushed(contact + `"messages":[{"from":"6281200000001","id":"wamid.A","timestamp":"1795400000","type":"` + kind + `"` + body + `}]`)
	}
	for name, c := range map[string]struct {
		body, text, files, inReplyTo string
	}{
		"words":                       {message("text", `,"text":{"body":"Halo"}`), "Halo", "", ""},
		"words that answer ours":      {message("text", `,"text":{"body":"Ya"},"context":{"from":"62","id":"wamid.B"}`), "Ya", "", "wamid.B"},
		"a picture with words":        {message("image", `,"image":{"id":"5","mime_type":"image/jpeg","sha256":"x","caption":"ini"}`), "ini", "image", ""},
		"a voice":                     {message("audio", `,"audio":{"id":"5","voice":true}`), "", "audio", ""},
		"a letter":                    {message("document", `,"document":{"id":"5","filename":"surat.pdf"}`), "", "file", ""},
		"a place":                     {message("location", `,"location":{"latitude":-6.9,"longitude":107.6,"name":"Balai Kota"}`), "Balai Kota", "location", ""},
		"a reaction":                  {message("reaction", `,"reaction":{"message_id":"wamid.B","emoji":"👍"}`), "👍", "", "wamid.B"},
		"a button of a template":      {message("button", `,"button":{"payload":"P","text":"YA"}`), "YA", "", ""},
		"a row of a list":             {message("interactive", `,"interactive":{"type":"list_reply","list_reply":{"id":"1","title":"KTP"}}`), "KTP", "", ""},
		"cards of contacts":           {message("contacts", `,"contacts":[{"name":{"formatted_name":"Joko"}}]`), "", "file", ""},
		"what Meta cannot show":       {message("unsupported", `,"errors":[{"code":131051}]`), "", "file", ""},
		"a kind of the year after":    {message("hologram", `,"hologram":{"id":"5"}`), "", "file", ""},
		"a known kind in a new shape": {message("text", `,"text":"Halo"`), "", "file", ""},
	} {
		all, err := New(nil).Parse([]byte(c.body))
		if err != nil || len(all["104"]) != 1 {
			t.Errorf("%s: %v %v", name, all, err)
			continue
		}
		i := all["104"][0]
		if i.Kind != platform.Direct || i.Text != c.text || strings.Join(i.Files, ",") != c.files || i.InReplyTo != c.inReplyTo ||
			i.AuthorID != "6281200000001" || i.Thread != i.AuthorID || i.Author != "Sri" && name != "a known kind in a new shape" || i.At.Unix() != 1795400000 || i.RemoteID != "wamid.A" {
			t.Errorf("%s: %+v", name, i)
		}
	}
	for name, body := range map[string]string{
		"a reaction taken back":     message("reaction", `,"reaction":{"message_id":"wamid.B"}`),
		"a changed number":          message("system", `,"system":{"body":"x","type":"user_changed_number"}`),
		"a template's fate":         `{"object":"whatsapp_business_account","entry":[{"id":"204","changes":[{"field":"message_template_status_update","value":{"event":"PAUSED"}}]}]}`,
		"another product of Meta's": `{"object":"page","entry":[]}`,
		"a status of the future":    pushed(`"statuses":[{"id":"wamid.A","status":"pondered","timestamp":"1"}]`),
	} {
		if all, err := New(nil).Parse([]byte(body)); err != nil || len(all) != 0 {
			t.Errorf("%s: %v %v", name, all, err)
		}
	}
}

func TestWhoWrote(t *testing.T) {
	for name, c := range map[string]struct{ body, id, author string }{
		"by number alone": {pushed(`"contacts":[{"profile":{"name":"Sri"},"wa_id":"62811"}],"messages":[{"from":"62811","id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`), "62811", "Sri"},
		"by number and user id, which stays when the number changes hands": {pushed(`"contacts":[{"profile":{"name":"Sri"},"wa_id":"62811","user_id":"` + bsuid + `"}],"messages":[{"from":"62811","id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`), bsuid, "Sri"},
		"by user id alone":                      {pushed(`"contacts":[{"profile":{"username":"bu_sri"},"user_id":"` + bsuid + `"}],"messages":[{"from_user_id":"` + bsuid + `","id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`), bsuid, "bu_sri"},
		"by user id, named in the contact only": {pushed(`"contacts":[{"profile":{"name":"Sri"},"user_id":"` + bsuid + `"}],"messages":[{"id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`), bsuid, "Sri"},
		"the second of two":                     {pushed(`"contacts":[{"profile":{"name":"Joko"},"wa_id":"62822"},{"profile":{"name":"Sri"},"wa_id":"62811"}],"messages":[{"from":"62811","id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`), "62811", "Sri"},
	} {
		all, err := New(nil).Parse([]byte(c.body))
		if err != nil || len(all["104"]) != 1 || all["104"][0].AuthorID != c.id || all["104"][0].Author != c.author {
			t.Errorf("%s: %+v %v", name, all, err)
		}
	}
}

// FuzzPush: whatever is pushed, what is kept can be told apart and answered.
func FuzzPush(f *testing.F) {
	for _, seed := range []string{
		pushed(`"contacts":[{"profile":{"name":"Sri"},"wa_id":"62811"}],"messages":[{"from":"62811","id":"wamid.A","timestamp":"1795400000","type":"text","text":{"body":"a"}}]`),
		pushed(`"statuses":[{"id":"wamid.A","status":"failed","timestamp":"1","errors":[{"code":131047}],"biz_opaque_callback_data":"kt:k"}]`),
		pushed(`"messages":[null,{"id":"x","from":"y","type":"image","image":{}},{"id":5}]`),
		`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{}}]}]}`, `{}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := New(nil).Parse(body)
		for us, items := range all {
			for _, i := range items {
				direct := i.Kind == platform.Direct && i.AuthorID != "" && i.Thread != "" && i.Seq != ""
				if err != nil || us == "" || i.RemoteID == "" || !direct && i.Kind != platform.Status || i.Failed != "" && !strings.HasPrefix(i.Failed, "platform.") {
					t.Errorf("%q %+v %v", us, i, err)
				}
			}
		}
	})
}

// FuzzRefusal: whatever a server says, it is an outcome of the contract, and
// shows neither secrets nor people.
func FuzzRefusal(f *testing.F) {
	for _, code := range []int{0, 1, 2, 4, 100, 190, 200, 368, 130429, 131000, 131026, 131047, 131056, 131057, 132015, 133010} {
		for _, status := range []int{400, 401, 429, 500} {
			f.Add(status, []byte(no(code, secret+" "+wamid)))
		}
	}
	f.Add(503, []byte(`{}`))
	f.Add(502, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a := platform.Account{App: platform.App{ClientSecret: "APPSECRET"}, Token: platform.Token{Access: secret}}
		err := refused(safehttp.Answer{Status: status, Header: http.Header{}, Body: body}, a, time.Now())
		if err == nil {
			t.Fatal("a refusal is none")
		}
		if outcome := platform.Classify(platform.Receipt{}, err); outcome == platform.Published || outcome == platform.Unsent {
			t.Errorf("%s: %v", outcome, err)
		}
		if said := err.Error(); strings.Contains(said, secret) || strings.Contains(said, wamid) {
			t.Errorf("shows %s", said)
		}
	})
}
