package moderation_test

import (
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/moderation"
)

func TestWhenARestIsDue(t *testing.T) {
	t.Parallel()
	read := func(n int, every time.Duration) (s moderation.Stretch, now time.Time) {
		now = monday
		for range n {
			now = now.Add(every)
			s = s.Next(now)
		}
		return s, now
	}
	for name, c := range map[string]struct {
		items int
		every time.Duration
		due   bool
	}{
		"thirty in a row":               {30, time.Minute, true},
		"twenty-nine in a row":          {29, time.Minute, false},
		"fifty minutes with fewer":      {12, 5 * time.Minute, true},
		"forty minutes with fewer":      {9, 5 * time.Minute, false},
		"a hundred, each after a pause": {100, 10 * time.Minute, false},
		"none at all":                   {0, time.Minute, false},
	} {
		s, now := read(c.items, c.every)
		if s.Due(now) != c.due {
			t.Errorf("%s: %+v", name, s)
		}
	}
	s, now := read(30, time.Minute)
	if s.Due(now.Add(10 * time.Minute)) {
		t.Error("due after a pause was made")
	}
	later, ok := s.Later(now)
	if !ok || later.Due(now) {
		t.Error("it cannot be put off")
	}
	if at := now.Add(9 * time.Minute); later.Next(at).Due(at) {
		t.Error("put off for nothing")
	}
	for range 10 {
		now = now.Add(30 * time.Second)
		later = later.Next(now)
	}
	if !later.Due(now) {
		t.Error("put off for ever")
	}
	if _, ok := later.Later(now); ok {
		t.Error("put off twice")
	}
}

// Disturbing messages are counted for the reader's own sake; what is kept of it
// names nobody.
func TestDisturbingMessagesLeadToARest(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ctx := t.Context()
		rough := h.say(t, "Dasar anjing bangsat kau goblok semua")
		plain := h.say(t, spamText)
		h.hear(t)
		bad, good := h.message(t, rough), h.message(t, plain)
		if !moderation.Disturbing(bad) || moderation.Disturbing(good) {
			t.Fatalf("%v %v", bad.Labels, good.Labels)
		}
		open := func(m inbox.Message) {
			t.Helper()
			_, err := h.Open(ctx, h.moderator, m.ID)
			must(t, err)
			must(t, h.Leave(ctx, h.moderator))
			h.pass(time.Second)
		}
		for range 40 {
			open(good)
		}
		for range 29 {
			open(bad)
		}
		if r, err := h.RestDue(ctx, h.moderator); err != nil || r.Due || r.Items != 29 {
			t.Errorf("%+v, %v", r, err)
		}
		open(bad)
		if r, err := h.RestDue(ctx, h.moderator); err != nil || !r.Due || !r.MayPostpone {
			t.Errorf("%+v, %v", r, err)
		}
		must(t, h.PostponeRest(ctx, h.moderator))
		if err := h.PostponeRest(ctx, h.moderator); fault.Code(err) != "rest.postponed_already" {
			t.Errorf("put off twice: %v", err)
		}
		h.pass(9 * time.Minute)
		open(bad)
		h.pass(time.Minute)
		if r, err := h.RestDue(ctx, h.moderator); err != nil || !r.Due || r.MayPostpone {
			t.Errorf("%+v, %v", r, err)
		}
		must(t, h.TakeRest(ctx, h.moderator))
		if r, err := h.RestDue(ctx, h.moderator); err != nil || r.Due {
			t.Errorf("%+v, %v", r, err)
		}
		must(t, d.View(ctx, func(tx *db.Tx) error {
			n, err := db.One(ctx, tx, "", db.Value[int64], `SELECT COUNT(*) FROM exposure`)
			if err == nil && n != 0 {
				t.Errorf("%d stretches are kept after the rest", n)
			}
			counts, err2 := db.All(ctx, tx, db.Value[int64], `SELECT offered * 100 + taken * 10 + postponed FROM rest_count WHERE month = '2026-11'`)
			if err == nil && (len(counts) != 1 || counts[0]%100 != 11) {
				t.Errorf("counted %v", counts)
			}
			if err == nil {
				err = err2
			}
			return err
		}))
	})
}
