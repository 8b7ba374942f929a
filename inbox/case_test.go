package inbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

// arrive stores a message and starts its clock, as the first look does.
func (h *house) arrive(t *testing.T, it platform.Item, c inbox.Class) inbox.Conversation {
	t.Helper()
	h.receive(t, h.mastodon, it)
	h.update(t, func(tx *db.Tx) error {
		all, err := inbox.Untriaged(t.Context(), tx, h.mastodon.ID, 100)
		for _, m := range all {
			if err := inbox.SaveTriage(t.Context(), tx, inbox.Triaged{Message: m.ID, Version: m.Version}, h.Now()); err != nil {
				return err
			}
			if _, err := h.StartClock(t.Context(), tx, m, inbox.Urgency{Class: c}); err != nil {
				return err
			}
		}
		return err
	})
	for _, c := range append(h.list(t, inbox.Unanswered), h.list(t, inbox.Done)...) {
		if slices.ContainsFunc(h.load(t, c.ID).Messages, func(m inbox.Message) bool { return m.RemoteID == it.RemoteID }) {
			return c
		}
	}
	t.Fatal("the message is in no conversation")
	return inbox.Conversation{}
}

func (h *house) deeds(t *testing.T, subject string) (deeds []string) {
	t.Helper()
	h.update(t, func(tx *db.Tx) error {
		all, err := audit.List(t.Context(), tx, audit.Query{Agency: h.info.ID, Subject: subject, Limit: 100})
		for _, e := range all {
			deeds = append(deeds, e.Deed)
		}
		return err
	})
	return deeds
}

// Every verb on another agency's conversation finds nothing, and writes nothing.
func TestAnotherAgencysConversationIsNotFound(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		c := h.arrive(t, wrote, inbox.Normal)
		m := h.load(t, c.ID).Messages[0]
		ctx, id, by := t.Context(), c.ID, h.stranger
		before := h.load(t, id)
		for name, verb := range map[string]func() error{
			"load":      func() error { _, err := h.Load(ctx, by, id); return err },
			"assign":    func() error { return h.Assign(ctx, by, id, by.ID) },
			"take over": func() error { return h.TakeOver(ctx, by, id) },
			"note":      func() error { return h.Note(ctx, by, id, "catatan") },
			"close":     func() error { return h.Close(ctx, by, id) },
			"reopen":    func() error { return h.Reopen(ctx, by, id) },
			"escalate":  func() error { return h.Escalate(ctx, by, id, inbox.Escalation{Text: "tolong"}) },
			"unmask":    func() error { _, err := h.Unmask(ctx, by, m.ID, "ingin tahu"); return err },
		} {
			if err := verb(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := h.List(ctx, by, inbox.Query{View: inbox.Unanswered}); err != nil || len(all) != 0 {
			t.Errorf("listed %v, %v", all, err)
		}
		after := h.load(t, id)
		if after.Revision != before.Revision || len(after.History) != len(before.History) || len(after.Notes) != 0 {
			t.Errorf("something was written: %+v", after)
		}
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.New(t))
	c := h.arrive(t, wrote, inbox.Normal)
	m := h.load(t, c.ID).Messages[0]
	ctx := t.Context()
	leader := h.person(t, h.info, "wulan", identity.Leader)
	for name, c := range map[string]struct {
		err  error
		code string
	}{
		"an administrator does not see the list": {second(h.List(ctx, h.admin, inbox.Query{})), "inbox.no_power"},
		"an administrator does not see a case":   {second(h.Load(ctx, h.admin, c.ID)), "inbox.no_power"},
		"an administrator does not unmask":       {second(h.Unmask(ctx, h.admin, m.ID, "perlu")), "message.unmask.no_power"},
		"a leader reads, and does not unmask":    {second(h.Unmask(ctx, leader, m.ID, "perlu")), "message.unmask.no_power"},
		"a leader does not assign":               {h.Assign(ctx, leader, c.ID, h.officer.ID), "inbox.no_power"},
		"nobody unmasks without a purpose":       {second(h.Unmask(ctx, h.officer, m.ID, "  ")), "message.unmask.no_purpose"},
		"a stranger is no colleague":             {h.Assign(ctx, h.officer, c.ID, h.stranger.ID), "conversation.assign.not_a_colleague"},
		"an administrator answers nobody":        {h.Assign(ctx, h.officer, c.ID, h.admin.ID), "conversation.assign.not_a_colleague"},
		"an empty note":                          {h.Note(ctx, h.officer, c.ID, " "), "conversation.note.empty"},
		"escalating needs a word":                {h.Escalate(ctx, h.officer, c.ID, inbox.Escalation{}), "conversation.escalate.empty"},
		"what is open is not opened again":       {h.Reopen(ctx, h.officer, c.ID), "conversation.already_open"},
		"assigning to nobody what nobody has":    {h.Assign(ctx, h.officer, c.ID, ""), "conversation.assigned_already"},
	} {
		if fault.Code(c.err) != c.code {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if got := h.deeds(t, "message/"+string(m.ID)); len(got) != 0 {
		t.Errorf("refusals left %q", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestACaseGoesItsWay(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		c := h.arrive(t, wrote, inbox.Normal)
		m := h.load(t, c.ID).Messages[0]
		ctx := t.Context()
		other := h.person(t, h.info, "tono", identity.Moderator)
		for name, err := range map[string]error{
			"assign": h.Assign(ctx, h.officer, c.ID, other.ID),
			"note":   h.Note(ctx, h.officer, c.ID, "Sudah ditelepon ke 081234567890"),
		} {
			if err != nil {
				t.Fatal(name, err)
			}
		}
		if err := h.TakeOver(ctx, h.officer, c.ID); err != nil {
			t.Fatal(err)
		}
		if mine := h.list(t, inbox.Mine); len(mine) != 1 || len(h.list(t, inbox.Unassigned)) != 0 {
			t.Errorf("mine %v", mine)
		}
		if o, err := h.Unmask(ctx, h.officer, m.ID, "Menghubungi pelapor"); err != nil || o.Text != wrote.Text {
			t.Errorf("%+v, %v", o, err)
		}
		if got := h.deeds(t, "message/"+string(m.ID)); !slices.Equal(got, []string{"message.unmask"}) {
			t.Errorf("unmasking left %q", got)
		}
		if err := h.Close(ctx, h.officer, c.ID); err != nil {
			t.Fatal(err)
		}
		k := h.load(t, c.ID)
		if k.Status != inbox.Closed || len(k.Notes) != 1 || strings.Contains(k.Notes[0].Text, "081234567890") {
			t.Errorf("%s, notes %+v", k.Status, k.Notes)
		}
		var deeds []string
		for _, e := range slices.Backward(k.History) {
			deeds = append(deeds, e.Deed)
		}
		if len(deeds) != 4 || deeds[len(deeds)-1] != "conversation.close" {
			t.Errorf("history %q", deeds)
		}
	})
}

func TestTheListIsByDeadlineAndLifeSafetyFirst(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var want []inbox.ConversationID
		for i := range 5 {
			it := wrote
			it.RemoteID, it.Thread = string(rune('a'+i)), string(rune('a'+i))
			want = append(want, h.arrive(t, it, inbox.Normal).ID)
			h.pass(time.Minute)
		}
		it := wrote
		it.RemoteID, it.Thread = "sos", "sos"
		sos := h.arrive(t, it, inbox.LifeSafety)
		want = append([]inbox.ConversationID{sos.ID}, want...)
		if sos.Due.Sub(sos.From) != 15*time.Minute {
			t.Errorf("a plea may wait %v", sos.Due.Sub(sos.From))
		}
		var got []inbox.ConversationID
		q := inbox.Query{View: inbox.Unanswered, Limit: 2}
		for {
			page, err := h.List(t.Context(), h.officer, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page {
				got = append(got, c.ID)
				q.After = c.Place(q.View)
			}
			if len(page) < 2 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		h.pass(50 * time.Minute)
		if n := len(h.list(t, inbox.NearDue)); n != 6 {
			t.Errorf("%d near or past their deadline", n)
		}
		for _, id := range want[:3] {
			if err := h.Close(t.Context(), h.officer, id); err != nil {
				t.Fatal(err)
			}
		}
		q = inbox.Query{View: inbox.Done, Limit: 2}
		first, err := h.List(t.Context(), h.officer, q)
		if err != nil || len(first) != 2 {
			t.Fatal(first, err)
		}
		q.After = first[1].Place(q.View)
		if rest, err := h.List(t.Context(), h.officer, q); err != nil || len(rest) != 1 {
			t.Errorf("%v, %v", rest, err)
		}
	})
}

// The clock stops when the answer is published, and not before; a citizen who
// writes again waits again.
func TestOnlyAPublishedAnswerStopsTheClock(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		c := h.arrive(t, wrote, inbox.Normal)
		m := h.load(t, c.ID).Messages[0]
		h.pass(10 * time.Minute)
		r := inbox.Reply{ID: inbox.ReplyID(db.NewID()), Agency: h.info.ID, Conversation: c.ID, Message: m.ID, By: h.officer.ID,
			Text: "Baik, kami perbaiki hari ini.", State: inbox.ReplyQueued, CreatedAt: h.Now()}
		h.update(t, func(tx *db.Tx) error { return inbox.AddReply(t.Context(), tx, r) })
		if k := h.load(t, c.ID); k.Status != inbox.Open || !k.AnsweredAt.IsZero() || k.Left != 50*time.Minute || !k.Running {
			t.Errorf("written, not published: %s, left %v", k.Status, k.Left)
		}
		h.pass(5 * time.Minute)
		stop := func(r inbox.Reply) {
			h.update(t, func(tx *db.Tx) error { _, err := h.StopClock(t.Context(), tx, r, h.Now()); return err })
		}
		stop(r)
		if k := h.load(t, c.ID); k.Status != inbox.Answered || k.Spent != 15*time.Minute {
			t.Errorf("published: %s after %v", k.Status, k.Spent)
		}
		h.pass(time.Hour)
		again := wrote
		again.RemoteID, again.At = "78", h.Now()
		if c := h.arrive(t, again, inbox.Normal); c.Status != inbox.Open || !c.From.Equal(h.Now()) || c.Due.Sub(c.From) < time.Hour {
			t.Errorf("wrote again: %+v", c)
		}
		// An answer to the second message, while a third arrives.
		r.ID, r.CreatedAt = inbox.ReplyID(db.NewID()), h.Now()
		h.update(t, func(tx *db.Tx) error { return inbox.AddReply(t.Context(), tx, r) })
		h.pass(time.Minute)
		third := again
		third.RemoteID, third.At = "79", h.Now()
		h.arrive(t, third, inbox.Normal)
		arrived := h.Now()
		h.pass(time.Minute)
		stop(r)
		if k := h.load(t, c.ID); k.Status != inbox.Open || !k.From.Equal(arrived) {
			t.Errorf("the third message waits since %v: %+v", arrived, k.Conversation)
		}
	})
}

func TestHours(t *testing.T) {
	t.Parallel()
	h, err := inbox.ReadHours("mon-thu 07:30-12:00 12:30-16:00; fri 07:30-11:30")
	if err != nil || len(h[time.Monday]) != 2 || len(h[time.Thursday]) != 2 || len(h[time.Friday]) != 1 || len(h[time.Sunday]) != 0 {
		t.Errorf("%v, %v", h, err)
	}
	for _, wrong := range []string{"senin 07:30-12:00", "thu-mon 07:30-12:00", "mon 12:00-07:30", "mon 7-12"} {
		if _, err := inbox.ReadHours(wrong); fault.Code(err) != "calendar.wrong" {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// Whatever is stored as hours, reading it ends, and gives whole stretches.
func FuzzReadHours(f *testing.F) {
	for _, s := range []string{"", "mon-thu 07:30-12:00 12:30-16:00; fri 07:30-11:30", "sat", ";;", "sun-mon 00:00-24:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := inbox.ReadHours(s)
		for _, day := range h {
			for _, p := range day {
				if err == nil && (p.From < 0 || p.To > 24*60 || p.To <= p.From) {
					t.Errorf("%q gives %v", s, p)
				}
			}
		}
	})
}
