package kill

import (
	"testing"

	"kentongan/internal/channel"
	"kentongan/internal/platform"
	"kentongan/publisher"
	"kentongan/queue"
)

// TestGoTwitterSaysNoAsYes: go-twitter reports success on a 403 with a problem
// body (PLATFORMS §0.1). Such a post must never count as published; and what
// v1.1 accepted without an answer must be there once.
func TestGoTwitterSaysNoAsYes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind string
		state      publisher.State
		there      int
	}{
		{"a problem body is no success: read back, then sent again", "403-problem", publisher.Published, 1},
		{"taken without an answer is found", "commit-then-drop", publisher.Published, 1},
		{"dropped before it was taken is sent again", "drop", publisher.Published, 1},
		{"a page of HTML instead of an answer", "5xx-html", publisher.Published, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, "sqlite", queue.Embedded, "")
			r.noKills()
			r.people.channels = []channel.Channel{r.connectV11()}
			r.world.fault(map[string]any{"platform": "x", "op": "publish", "kind": c.kind, "count": 1})
			r.plain = true
			r.approveSome(1)
			r.settle()
			if n := r.count()[c.state]; n != 1 {
				t.Errorf("delivery stands at %s, want %s", r.states(), c.state)
			}
			there := 0
			for _, s := range r.world.posts() {
				if s.Text == r.people.approved[0].text {
					there++
				}
			}
			if there != c.there {
				t.Errorf("it is %d times on X, want %d", there, c.there)
			}
		})
	}
}

// connectV11 connects the account through API v1.1, which go-twitter speaks.
func (r *run) connectV11() channel.Channel {
	r.t.Helper()
	for _, c := range r.world.box.Credentials(r.world.server.URL) {
		if c.Platform != "x" || c.Mode != "v1.1" {
			continue
		}
		ch, err := r.office.channels.ConnectSandbox(r.t.Context(), r.people.author.Agency, channel.Credential{
			Platform: "x", Mode: c.Mode, BaseURL: c.BaseURL,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret},
		})
		if err != nil {
			r.t.Fatal(err)
		}
		return ch
	}
	r.t.Fatal("the sandbox has no v1.1 account")
	return channel.Channel{}
}
