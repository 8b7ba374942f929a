package moderation_test

import (
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/outbox"
)

// published puts a delivery of our post into the register, as the publisher
// does when the platform gave a receipt.
func (h *house) published(t *testing.T) (delivery string) {
	t.Helper()
	delivery = db.NewID()
	must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			INSERT INTO delivery (id, agency_id, channel_id, origin, origin_id, digest, payload, state, due_at, not_before, not_after, remote_id, published_at, created_at, updated_at)
			VALUES ($1, $2, $3, 'post', $4, 'd', '{}', 'published', $5, $5, $5, $6, $5, $5, $5)`,
			delivery, h.info.ID, h.x.ID, "post-1", db.Micros(h.Now()), h.post)
		if err != nil {
			return err
		}
		return outbox.Put(t.Context(), tx, outbox.Promise{Kind: insight.KindMeasure, Key: delivery, Agency: h.info.ID, Class: outbox.Low, Due: h.Now().Add(time.Minute)})
	}))
	return delivery
}

func TestEngagementIsKeptAsHistoryAndReported(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		delivery := h.published(t)
		h.say(t, "Terima kasih infonya")
		h.pass(time.Minute)
		h.ring(t, insight.KindMeasure)
		h.say(t, "Mantap, ditunggu")
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "measure", "kind": "5xx-html", "count": 1})
		for range 3 { // once refused, then measured
			h.pass(5 * time.Minute)
			h.ring(t, insight.KindMeasure)
		}
		all, err := h.insight.Engagement(t.Context(), h.moderator, "post-1")
		if err != nil || len(all) < 2 || !all[0].At.Before(all[1].At) || all[0].Counts["replies"] != 1 || all[len(all)-1].Counts["replies"] != 2 {
			t.Fatalf("history %+v, %v", all, err)
		}
		r, err := h.insight.Report(t.Context(), h.moderator, monday, h.Now().Add(time.Hour))
		if err != nil || r.Posts != 1 || r.Sent != 1 || r.Total.ByName["replies"] != 2 {
			t.Errorf("report %+v, %v", r, err)
		}
		for _, c := range r.Channels {
			if want := int64(0); c.Channel == h.x.ID && c.Figures.ByName["replies"] != 2 || c.Channel != h.x.ID && c.Figures.Reactions != want {
				t.Errorf("channel %+v", c)
			}
		}
		if len(r.Days) != 1 || r.Days[0].Date != "2026-11-23" || r.Days[0].Posts != 1 {
			t.Errorf("days %+v", r.Days)
		}
		if other, err := h.insight.Report(t.Context(), h.stranger, monday, h.Now().Add(time.Hour)); err != nil || other.Posts != 0 || len(other.Channels) != 0 {
			t.Errorf("another agency reads %+v, %v", other, err)
		}
		if all, err := h.insight.Engagement(t.Context(), h.stranger, "post-1"); err != nil || len(all) != 0 {
			t.Errorf("another agency reads %+v, %v", all, err)
		}
		h.pass(8 * 24 * time.Hour)
		h.ring(t, insight.KindMeasure)
		must(t, h.DB.View(t.Context(), func(tx *db.Tx) error {
			p, err := outbox.One(t.Context(), tx, insight.KindMeasure, delivery)
			if p.State != outbox.Done {
				t.Errorf("after the last time it is %s", p.State)
			}
			return err
		}))
	})
}

func TestTodayCountsWhatStands(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.published(t)
		h.say(t, spamText)
		h.hear(t)
		got, err := h.insight.Today(t.Context(), h.moderator)
		if err != nil || got.Published != 1 || got.Messages != 1 || got.Flagged != 1 || got.Waiting.Open != 1 || got.Waiting.Unassigned != 1 || got.Broken != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := h.insight.Today(t.Context(), h.stranger); err != nil || got.Published+got.Messages+got.Flagged+got.Waiting.Open != 0 {
			t.Errorf("another agency: %+v, %v", got, err)
		}
		nobody := identity.NewActor("x", "x", h.info.ID, identity.Web, nil)
		if _, err := h.insight.Today(t.Context(), nobody); fault.Code(err) != "report.no_power" {
			t.Errorf("nobody: %v", err)
		}
		admin := h.person(t, h.info, "bayu", identity.Admin)
		if _, err := h.insight.Report(t.Context(), admin, monday, h.Now()); fault.Code(err) != "report.no_power" {
			t.Errorf("an administrator: %v", err)
		}
		if _, err := h.insight.Report(t.Context(), h.moderator, h.Now(), h.Now()); fault.Code(err) != "report.empty_span" {
			t.Errorf("an empty span: %v", err)
		}
	})
}
