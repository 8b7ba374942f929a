package platformtest

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/platform"
)

// abilities: what Capabilities say and what the connector implements are one.
// A mode (X v1.1) shares its connector with another, so there only a claim
// without a method is wrong here; the parts try the rest.
func abilities(t *testing.T, s *suite) {
	c := s.caps
	is := map[string]bool{}
	_, is["Editor"] = s.Connector.(platform.Editor)
	_, is["Remover"] = s.Connector.(platform.Remover)
	_, is["Blocker"] = s.Connector.(platform.Blocker)
	_, is["Quoter"] = s.Connector.(platform.Quoter)
	_, is["Streamer"] = s.Connector.(platform.Streamer)
	_, is["Listener"] = s.Connector.(platform.Listener)
	_, is["Hider"] = s.Connector.(platform.Hider)
	_, is["Measurer"] = s.Connector.(platform.Measurer)
	_, is["Authorizer"] = s.Connector.(platform.Authorizer)
	_, is["Registrar"] = s.Connector.(platform.Registrar)
	_, is["Templater"] = s.Connector.(platform.Templater)
	_, is["Signer"] = s.Connector.(platform.Signer)
	_, is["Puller"] = s.Connector.(platform.Puller)
	_, is["Guide"] = s.Connector.(platform.Guide)
	typed := slices.Contains(c.Connect.Fields, "account") || slices.Contains(c.Connect.Fields, "password")
	for name, claimed := range map[string]bool{
		"Editor": c.Edit, "Remover": c.Remove, "Blocker": c.Block, "Quoter": c.Quota, "Streamer": c.Stream, "Listener": c.Push,
		"Hider": c.Hide, "Measurer": len(c.Metrics) > 0, "Authorizer": c.Connect.OAuth, "Registrar": c.Connect.Register,
		"Templater": c.Templates, "Signer": typed,
	} {
		// TikTok hides in its other mode only: the part about hiding tries that
		// it refuses here.
		elsewhere := name == "Hider" && c.HideNote != ""
		if is[name] != claimed && (claimed || s.Account.Mode == "" && !elsewhere) {
			t.Errorf("%s: claimed %v, implemented %v", name, claimed, is[name])
		}
	}
	if !is["Puller"] && !is["Listener"] {
		t.Error("a connector that hears nobody")
	}
	if c.Platform != s.Connector.Name() || c.TextUnit == "" || c.MaxText <= 0 {
		t.Errorf("who and how long: %q, %d %s", c.Platform, c.MaxText, c.TextUnit)
	}
	if s.Account.Mode == "" && !c.Connect.OAuth && len(c.Connect.Fields) == 0 {
		t.Error("no way to connect an account: Connect has neither OAuth nor Fields")
	}
	if home := c.Connect.Home; home == "" && !c.Connect.Register && s.Account.Mode == "" && !slices.Contains(c.Connect.Fields, "base_url") {
		t.Error("Connect.Home is empty, and the server is not the office's choice")
	} else if home != "" {
		if u, err := url.Parse(home); err != nil || u.Scheme != "https" || u.Host == "" || strings.HasSuffix(home, "/") {
			t.Errorf("Connect.Home: %q", home)
		}
	}
	if s.Account.Mode == "" && !is["Guide"] && (!c.Hide || !c.Reply || c.ReplyNote != "") && !c.NoPosts {
		t.Error("something must be done by hand, and no Guide says where")
	}
	if c.NeedsMedia == "video" && len(c.VideoTypes) == 0 || c.PublicMedia && len(c.MediaTypes) == 0 || len(c.MediaTypes) > 0 && c.MaxMediaBytes == 0 || len(c.VideoTypes) > 0 && c.MaxVideoBytes == 0 {
		t.Errorf("kinds of media and their limits: %+v", c)
	}
	if _, ok := s.Connector.(platform.Checker); !ok && (c.NeedsMedia != "" || c.PublicMedia || c.PublicVideo) {
		t.Error("what an editor must know beforehand, nobody tells: no Checker")
	}
}
