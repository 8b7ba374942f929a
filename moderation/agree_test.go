package moderation_test

import (
	"testing"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// A rule is as precise as people agree with its reason: whoever hid the same
// message for another one did not, and a text that a person left standing is
// not hidden by any rule.
func TestARuleIsHeldToItsReasonAndToWhatPeopleLeftStanding(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.Automatic = moderation.Automatic{Precision: 0.6, Decisions: 3, Plain: true, Sample: 0.01}
		ctx := t.Context()
		admin := h.person(t, h.info, "bayu", identity.Admin)
		both := identity.NewActor(admin.ID, "Bayu", h.info.ID, identity.Web, map[identity.AgencyID][]identity.Role{h.info.ID: {identity.Admin, identity.Moderator}})
		rule := h.judged(t, 4)
		before := h.rule(t, admin, rule).Precision
		decide := func(text string, act moderation.Act, clause string) {
			t.Helper()
			remote := h.say(t, text)
			h.hear(t)
			_, err := h.Decide(ctx, h.moderator, moderation.Order{Messages: []inbox.MessageID{h.message(t, remote).ID}, Act: act, Clause: clause, Reason: "Bukan iklan judi daring"})
			must(t, err)
			h.ring(t, moderation.KindEnforce)
		}
		other := ""
		for _, c := range h.Policy.Clauses {
			if c.Allows(moderation.Hide) && !c.Protected && c.Number != "3.4" {
				for _, a := range c.Acts {
					if a == moderation.Hide {
						other = c.Number
					}
				}
			}
		}
		decide(advert(20), moderation.Hide, other)
		if got := h.rule(t, admin, rule).Precision; got.Followed != before.Followed || got.Overruled != before.Overruled+1 {
			t.Errorf("hidden under %s: %+v after %+v", other, got, before)
		}
		left := "Berita: " + advert(60)
		decide(left, moderation.Keep, "")
		must(t, h.SetRule(ctx, admin, rule, moderation.Auto, true))
		must(t, h.SetRule(ctx, admin, moderation.CopyRule, moderation.Auto, true))
		for range 3 {
			remote := h.say(t, left)
			h.hear(t)
			if all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, remote).ID); err != nil || len(all) > 0 {
				t.Fatalf("a rule hides what a person left standing: %+v %v", all, err)
			}
		}
		for _, said := range []string{"Pak Wali, kenapa situs slot gacor maxwin dibiarkan? Pemkot lambat", "Dinas sibuk main slot gacor daripada melayani warga. Pejabat korup!"} {
			for range 3 { // a sample would go to a person anyway
				remote := h.say(t, said)
				h.hear(t)
				if all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, remote).ID); err != nil || len(all) > 0 {
					t.Fatalf("criticism that names gambling is hidden by a rule: %+v %v", all, err)
				}
			}
		}
		// Who switched the rule for copies on is not who looks at it again.
		for range 12 {
			remote := h.say(t, advert(1))
			h.hear(t)
			all, err := h.DecisionsOn(ctx, h.moderator, h.message(t, remote).ID)
			must(t, err)
			if len(all) == 1 && all[0].Rule == moderation.CopyRule {
				if err := h.Ratify(ctx, both, all[0].ID, true, ""); fault.Code(err) != "ratify.own" {
					t.Errorf("who switched the rule on ratifies it: %v", err)
				}
				return
			}
		}
		t.Fatal("no copy was hidden")
	})
}
