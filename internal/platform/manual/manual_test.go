package manual

import (
	"testing"

	"kentongan/internal/platform"
)

func TestNothingIsEverCalled(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		c, ctx := New(name), t.Context()
		if c.Name() != name || c.Capabilities(platform.Account{}).Platform != name {
			t.Errorf("%s says it is %s", name, c.Name())
		}
		_, published := c.Publish(ctx, platform.Account{}, platform.Outgoing{}, nil)
		_, found := c.Find(ctx, platform.Account{}, platform.Attempt{})
		for _, err := range []error{c.Stage(ctx, platform.Account{}, platform.Outgoing{}, nil), published, found, c.Delete(ctx, platform.Account{}, "1")} {
			if r := platform.AsRefusal(err); r == nil || r.Code != "platform.by_hand" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestAnAccountIsWhatItIsCalled(t *testing.T) {
	t.Parallel()
	p, err := New(platform.WhatsAppChannel).Verify(t.Context(), platform.Account{Handle: "Kota Tirtawangi", BaseURL: "https://whatsapp.com/channel/0029"})
	if err != nil || p.RemoteID != "Kota Tirtawangi" || p.URL != "https://whatsapp.com/channel/0029" {
		t.Errorf("%+v, %v", p, err)
	}
	if n := New(platform.YouTubeCommunity).Count(platform.Account{}, platform.Outgoing{Text: "Banjir ⛔", Link: "https://a.example"}); n.Used != 27 || n.Limit != 0 {
		t.Errorf("%+v", n)
	}
	if at := New(platform.YouTubeCommunity).ByHand(platform.Account{Handle: "@tirtawangi"}, "post", "", ""); at != "https://www.youtube.com/@tirtawangi/posts" {
		t.Error(at)
	}
}
