package moderation_test

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/ownmodel"
	"kentongan/moderation"
)

// ownProgram is an office's program that calls everything hate and gambling.
func ownProgram(t *testing.T) *ownmodel.Model {
	t.Helper()
	if _, err := exec.LookPath("sed"); err != nil {
		t.Skip("sed: not on this machine, so no program to ask")
	}
	script := filepath.Join(t.TempDir(), "model.sed")
	must(t, os.WriteFile(script, []byte(`s/.*"id":"\([0-9]*\)".*/{"id":"\1","labels":{"gambling":0.9,"hs":0.99,"abusive":0.99,"anger":0.9}}/p`), 0o600))
	m := ownmodel.New("sed -u -n -f "+script, slog.New(slog.DiscardHandler), time.Now)
	t.Cleanup(func() { _ = m.Close() })
	for range 100 { // until it has loaded
		if _, ok := m.Score(context.Background(), "halo"); ok {
			return m
		}
	}
	t.Fatal("sed does not answer")
	return nil
}

func TestTheOfficesOwnModelAddsAReasonAndIsNeverAGround(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {

		h := newHouse(t, d)
		h.Own = ownProgram(t)
		spam, sharp := h.say(t, spamText), h.say(t, civil)
		h.hear(t)
		v := moderation.VerdictOf(h.message(t, spam))
		if !slices.ContainsFunc(v.Reasons, func(r moderation.Reason) bool { return r.Label == moderation.Gambling && r.Rule == moderation.RuleOwn }) || v.Own[moderation.Gambling] != .9 {
			t.Errorf("its agreement is not shown: %+v", v)
		}
		v = moderation.VerdictOf(h.message(t, sharp))
		if v.Own[moderation.Hate] != .99 || v.Own["anger"] != 0 {
			t.Errorf("what it said is not kept as it may be: %v", v.Own)
		}
		if v.Scores[moderation.Hate] != 0 || v.Scores[moderation.Abusive] != 0 || v.Scores[moderation.Gambling] != 0 || v.Suggestion.Act == moderation.Hide ||
			slices.ContainsFunc(v.Reasons, func(r moderation.Reason) bool { return r.Rule == moderation.RuleOwn }) {
			t.Errorf("it was a ground: %+v", v)
		}
	})
}
