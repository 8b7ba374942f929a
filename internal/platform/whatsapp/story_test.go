package whatsapp

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

func happens(t *testing.T, s platformtest.Setup, deed string, what map[string]any) string {
	t.Helper()
	if deed != "rules" && deed != "clock" {
		what["platform"] = Name
	}
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(s.Control+"/sandbox/"+deed, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var said struct{ ID string }
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || json.Unmarshal(body, &said) != nil {
		t.Fatalf("%s: %d %s", deed, resp.StatusCode, body)
	}
	return said.ID
}

// arrived is everything that was pushed since.
func (p *pushes) arrived(t *testing.T, s platformtest.Setup) []platform.Item {
	t.Helper()
	for s.Deliver(t.Context()) > 0 {
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.all
	p.all = nil
	return all
}

func of(items []platform.Item, kind platform.ItemKind) (some []platform.Item) {
	for _, i := range items {
		if i.Kind == kind {
			some = append(some, i)
		}
	}
	return some
}

// From a citizen's word to the answer's fate, with and without a number, and
// every push is what Meta's own specification says.
func TestACitizenIsAnswered(t *testing.T) {
	spec := specification(t)
	s := pretended(t, spec, sandbox.Rules{})
	c, door := s.Connector.(*Connector), &pushes{}
	if err := c.Subscribe(t.Context(), s.Account, door.serve(t, c, s.Account).URL+"/webhook/1"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"Sri Wahyuni", "joko.wa"} {
		asked := happens(t, s, "say", map[string]any{"text": "Lampu mati 🙏 <b>", "kind": "direct", "author": who})
		heard := of(door.arrived(t, s), platform.Direct)
		if len(heard) != 1 || heard[0].RemoteID != asked || heard[0].Text != "Lampu mati 🙏 <b>" || heard[0].Author == "" || heard[0].At.IsZero() || heard[0].Seq == "" {
			t.Fatalf("%s: heard %+v", who, heard)
		}
		h := heard[0]
		r, err := c.Publish(t.Context(), s.Account, platform.Outgoing{Key: "kentongan-" + who, Text: "Segera.", InReplyTo: h.RemoteID, Thread: h.Thread, To: h.AuthorID}, &platformtest.Notes{})
		if err != nil || r.RemoteID == "" || r.URL != "" {
			t.Fatalf("%s: %+v %v", who, r, err)
		}
		fate := of(door.arrived(t, s), platform.Status)
		if len(fate) < 2 {
			t.Fatalf("%s: %+v", who, fate)
		}
		events := map[string]bool{}
		for _, f := range fate {
			if events[f.Seq] || f.RemoteID != r.RemoteID || f.Key != "kentongan-"+who || f.Failed != "" || f.At.IsZero() {
				t.Errorf("%s: %+v", who, f)
			}
			events[f.Seq] = true
		}
	}
	door.mu.Lock()
	defer door.mu.Unlock()
	for _, raw := range door.raw {
		if err := contract.WhatsAppPush(spec, raw); err != nil {
			t.Errorf("%v: %s", err, raw)
		}
	}
}

// A 200 is no delivery: what is refused later is told by a status, in the same
// words as a refusal at once.
func TestARefusalThatComesLater(t *testing.T) {
	s := pretended(t, specification(t), sandbox.Rules{LateRefusals: true})
	c, door := s.Connector.(*Connector), &pushes{}
	happens(t, s, "webhooks", map[string]any{"url": door.serve(t, c, s.Account).URL})
	asked := happens(t, s, "say", map[string]any{"text": "Halo", "kind": "direct"})
	h := of(door.arrived(t, s), platform.Direct)[0]
	happens(t, s, "clock", map[string]any{"seconds": 25 * 3600})
	late := platform.Outgoing{Key: "kentongan-7", Text: "Maaf terlambat.", InReplyTo: asked, Thread: h.Thread, To: h.AuthorID}
	r, err := c.Publish(t.Context(), s.Account, late, &platformtest.Notes{})
	if err != nil {
		t.Fatalf("accepted first: %v", err)
	}
	fate := door.arrived(t, s)
	if len(fate) != 1 || fate[0].Kind != platform.Status || fate[0].Failed != "platform.window_closed" || fate[0].RemoteID != r.RemoteID || fate[0].Key != late.Key {
		t.Errorf("told %+v", fate)
	}
	// A template goes out, to somebody who is there and to somebody who is not.
	late.Template = &platform.Template{Name: "jawaban_aduan", Language: "id", Values: []string{"Bu Sri", "A-17"}}
	if _, err := c.Publish(t.Context(), s.Account, late, &platformtest.Notes{}); err != nil {
		t.Errorf("an approved template: %v", err)
	}
	if fate := door.arrived(t, s); len(fate) == 0 || fate[0].Failed != "" {
		t.Errorf("told %+v", fate)
	}
	late.To = "628120009999999"
	if _, err := c.Publish(t.Context(), s.Account, late, &platformtest.Notes{}); err != nil {
		t.Errorf("to somebody who is not there: %v", err)
	}
	if fate := door.arrived(t, s); len(fate) != 1 || fate[0].Failed != "platform.undeliverable" {
		t.Errorf("told %+v", fate)
	}
	for _, name := range []string{"undangan_musrenbang", "info_pajak", "tidak_ada"} {
		late.Template = &platform.Template{Name: name, Language: "id", Values: []string{"a"}}
		_, err := c.Publish(t.Context(), s.Account, late, &platformtest.Notes{})
		if r := platform.AsRefusal(err); r == nil || r.Code != "platform.template_unusable" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesAreHeard(t *testing.T) {
	s := pretended(t, specification(t), sandbox.Rules{})
	c, door := s.Connector.(*Connector), &pushes{}
	happens(t, s, "webhooks", map[string]any{"url": door.serve(t, c, s.Account).URL})
	for _, kind := range []string{"image", "video", "audio", "file", "sticker", "location"} {
		id := happens(t, s, "say", map[string]any{"files": []string{kind}, "kind": "direct"})
		heard := door.arrived(t, s)
		if len(heard) != 1 || heard[0].RemoteID != id || !slices.Equal(heard[0].Files, []string{kind}) {
			t.Errorf("%s: %+v", kind, heard)
		}
	}
	happens(t, s, "say", map[string]any{"text": "lihat foto ini", "files": []string{"image"}, "kind": "direct"})
	if heard := door.arrived(t, s); len(heard) != 1 || heard[0].Text != "lihat foto ini" {
		t.Errorf("words with a picture: %+v", heard)
	}
}

// A film goes up in one piece after another and is never in memory whole.
func TestAnAnswerWithAFile(t *testing.T) {
	s := pretended(t, specification(t), sandbox.Rules{})
	c, door := s.Connector.(*Connector), &pushes{}
	happens(t, s, "webhooks", map[string]any{"url": door.serve(t, c, s.Account).URL})
	happens(t, s, "say", map[string]any{"text": "Minta peta", "kind": "direct"})
	h := door.arrived(t, s)[0]
	raw := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 200)...)
	out := platform.Outgoing{Key: "kentongan-9", Text: "Ini petanya.", InReplyTo: h.RemoteID, Thread: h.Thread, To: h.AuthorID,
		Media: []platform.Media{{Key: "media.0", Type: "image/png", Size: int64(len(raw)), Open: platform.Bytes(raw)}}}
	notes := &platformtest.Notes{}
	for range 2 { // the second time there is nothing left to do
		if err := c.Stage(t.Context(), s.Account, out, notes); err != nil {
			t.Fatal(err)
		}
	}
	if notes.Saved != 1 {
		t.Errorf("%d notes", notes.Saved)
	}
	if _, err := c.Publish(t.Context(), s.Account, out, notes); err != nil {
		t.Fatal(err)
	}
}
