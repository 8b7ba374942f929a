package platformtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kentongan/internal/platform"
)

// comment publishes a post and lets a citizen comment on it.
func (s *suite) comment(t *testing.T, text string) (post, comment string) {
	t.Helper()
	r, _ := s.sent(t, platform.Outgoing{Key: "k" + text, Text: "Jadwal posyandu: " + text})
	return r.RemoteID, s.say(t, map[string]any{"text": text, "in_reply_to": r.RemoteID, "kind": "comment"})
}

// gone reads what a second deletion may say.
func gone(err error) bool {
	r := platform.AsRefusal(err)
	return err == nil || r != nil && r.Code == "platform.not_found"
}

func hiding(t *testing.T, s *suite) {
	h, ok := s.Connector.(platform.Hider)
	if !ok || !s.caps.Hide {
		if ok && h.SetHidden(t.Context(), s.Account, "1", true) == nil {
			t.Error("claims to hide what it cannot")
		}
		if s.hears(platform.Comment) && s.caps.HideNote == "" && s.Account.Mode == "" {
			t.Error("HideNote must say what is to be done instead")
		}
		s.lacks(t, "hide", "hide", s.caps.HideNote)
	}
	_, id := s.comment(t, "sl0t g4c0r")
	for _, want := range []bool{true, true, false, false} {
		if err := h.SetHidden(t.Context(), s.Account, id, want); err != nil {
			t.Fatalf("hidden=%v: %v", want, err)
		}
		if got := s.one(t, id).Hidden; got != want {
			t.Errorf("hidden %v, want %v", got, want)
		}
	}
	s.fault(t, "hide", "503-empty", nil)
	if err := h.SetHidden(t.Context(), s.Account, id, true); err == nil || s.one(t, id).Hidden {
		t.Errorf("503 is not hidden: %v", err)
	}
	s.yes("hide", s.caps.HideNote)
}

func removing(t *testing.T, s *suite) {
	r, ok := s.Connector.(platform.Remover)
	if !ok || !s.caps.Remove {
		s.lacks(t, "remove", "", "")
	}
	post, id := s.comment(t, "judi online")
	for range 2 {
		if err := r.Remove(t.Context(), s.Account, id); !gone(err) {
			t.Fatal(err)
		}
	}
	if !s.one(t, id).Deleted || s.one(t, post).Deleted {
		t.Error("the comment must be gone and the post must stay")
	}
	s.yes("remove", "")
}

// blocking: a blocked person is not heard, and is again afterwards.
func blocking(t *testing.T, s *suite) {
	b, ok := s.Connector.(platform.Blocker)
	if !ok || !s.caps.Block {
		s.lacks(t, "block", "", "")
	}
	h := &hearsay{in: s.listen(t), kind: s.kinds()[0]}
	if s.hears(platform.Comment) {
		h.kind = platform.Comment
		r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Jadwal posyandu"})
		h.post = r.RemoteID
	}
	h.speak(t, 1)
	var them platform.Item
	for _, i := range citizens(h.in.news(t, h.post)) {
		them = i
	}
	again := func() int {
		what := map[string]any{"platform": s.Connector.Name(), "account": s.Account.Handle, "text": "@" + s.Account.Handle + " lagi", "kind": string(h.kind), "in_reply_to": h.post}
		status, _ := s.try(t, http.MethodPost, "/sandbox/say", what, nil)
		return status
	}
	note := ""
	for _, blocked := range []bool{true, true, false, false} {
		err := b.SetBlocked(t.Context(), s.Account, them.AuthorID, them.RemoteID, blocked)
		if r := platform.AsRefusal(err); !blocked && r != nil && r.Fix == platform.FixNobody {
			note = "letting again by hand" // and the person stays kept out
			blocked = true
		} else if err != nil {
			t.Fatalf("blocked=%v: %v", blocked, err)
		}
		if refused := again() != http.StatusOK; refused != blocked {
			t.Errorf("blocked=%v, and the person is kept out: %v", blocked, refused)
		}
	}
	s.yes("block", note)
}

func editing(t *testing.T, s *suite) {
	if s.caps.NoPosts {
		s.lacks(t, "edit", "", "")
	}
	r, at := s.sent(t, platform.Outgoing{Key: "k", Text: "Loket buka pukul 7."})
	e, ok := s.Connector.(platform.Editor)
	out := at.Out
	out.Text = "Loket buka pukul 8 (ralat) — é 🙏"
	if !ok || !s.caps.Edit {
		if ok && platform.AsRefusal(e.Edit(t.Context(), s.Account, r.RemoteID, out)) == nil {
			t.Error("claims to change what it cannot")
		}
		s.lacks(t, "edit", "", "")
	}
	for range 2 {
		if err := e.Edit(t.Context(), s.Account, r.RemoteID, out); err != nil {
			t.Fatal(err)
		}
	}
	p := s.one(t, r.RemoteID)
	if !same(p.Text, out.Text) || len(p.Media) != len(out.Media) || len(s.ours(t)) != 1 {
		t.Errorf("got %+v", p)
	}
	if err := e.Edit(t.Context(), s.Account, r.RemoteID, s.fillOver(out)); platform.AsRefusal(err) == nil {
		t.Errorf("a text that is too long: %v", err)
	}
	s.yes("edit", "")
}

func (s *suite) fillOver(out platform.Outgoing) platform.Outgoing {
	out.Text = strings.Repeat("a", s.Connector.Count(s.Account, out).Limit+1)
	return out
}

func deleting(t *testing.T, s *suite) {
	if s.caps.NoPosts {
		s.lacks(t, "delete", "", "")
	}
	r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Keliru"})
	if !s.caps.Delete {
		if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); platform.AsRefusal(err) == nil {
			t.Errorf("claims to delete what it cannot: %v", err)
		}
		s.lacks(t, "delete", "post", "")
	}
	s.fault(t, "delete", "503-empty", nil)
	if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); err == nil {
		t.Error("503 is not deleted")
	}
	for range 2 {
		if err := s.Connector.Delete(t.Context(), s.Account, r.RemoteID); err != nil {
			t.Fatal(err)
		}
	}
	if !s.one(t, r.RemoteID).Deleted {
		t.Error("still there")
	}
	s.yes("delete", "")
}

func measuring(t *testing.T, s *suite) {
	m, ok := s.Connector.(platform.Measurer)
	if !ok || len(s.caps.Metrics) == 0 {
		s.lacks(t, "metrics", "", "")
	}
	r, _ := s.sent(t, platform.Outgoing{Key: "k", Text: "Pasar murah"})
	comments := s.hears(platform.Comment)
	if comments {
		s.say(t, map[string]any{"text": "jam berapa?", "in_reply_to": r.RemoteID, "kind": "comment"})
	}
	s.alter(t, "like", map[string]any{"id": r.RemoteID, "likes": 3, "shares": 2})
	s.fault(t, "measure", "503-empty", nil)
	if all, err := m.Measure(t.Context(), s.Account, []string{r.RemoteID}); err == nil {
		t.Errorf("503 is no count: %v", all)
	}
	all, err := m.Measure(t.Context(), s.Account, []string{r.RemoteID, "1"})
	if err != nil {
		t.Fatal(err)
	}
	got := all[r.RemoteID]
	for _, name := range s.caps.Metrics {
		if _, ok := got[name]; !ok {
			t.Errorf("no %s in %v", name, got)
		}
	}
	for name, want := range map[string]int64{"likes": 3, "shares": 2, "replies": 1} {
		if slices.Contains(s.caps.Metrics, name) && (name != "replies" || comments) && got[name] != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, ok := all["1"]; ok {
		t.Error("counted what is not there")
	}
	for name, n := range got {
		if n < 0 {
			t.Errorf("%s below nought: %v", name, got)
		}
	}
	s.yes("metrics", strings.Join(s.caps.Metrics, ", "))
}
