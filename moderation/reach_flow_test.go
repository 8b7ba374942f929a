package moderation_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/moderation"
	"kentongan/publisher"
)

// posted is something of ours on a channel, with the id that citizens answer.
func (h *house) posted(t *testing.T, ch channel.Channel, text string) string {
	t.Helper()
	account, err := h.Channels.Account(t.Context(), ch)
	must(t, err)
	connector, err := h.Channels.Connector(ch.Platform)
	must(t, err)
	out := platform.Outgoing{Text: text, Key: "kunci"}
	must(t, connector.Stage(t.Context(), account, out, notes{}))
	r, err := connector.Publish(t.Context(), account, out, notes{})
	must(t, err)
	return r.RemoteID
}

// commented lets a citizen comment below a post, and the office read it.
func (h *house) commented(t *testing.T, ch channel.Channel, below, text string) inbox.Message {
	t.Helper()
	h.pass(time.Second)
	id, _ := h.control(t, "/sandbox/say", map[string]any{"platform": ch.Platform, "text": text, "kind": "comment", "in_reply_to": below})["id"].(string)
	h.hear(t)
	h.hear(t) // a post of ours is seen first, its comments after it
	return h.message(t, id)
}

func (h *house) decide(t *testing.T, m inbox.Message, act moderation.Act) (moderation.Decision, error) {
	t.Helper()
	return h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: act, Clause: "3.4", Reason: "Promosi judi daring di kolom komentar"})
}

func TestWhereNothingCanBeHiddenACommentIsDeletedAndItsAuthorBlocked(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ch := h.connect(t, "telegram")
		m := h.commented(t, ch, h.posted(t, ch, "Pasar Melati buka"), spamText)
		if _, err := h.decide(t, m, moderation.Hide); fault.Code(err) != "decision.platform_removes_only" {
			t.Errorf("hiding: %v", err)
		}
		if _, err := h.Decide(t.Context(), h.moderator, moderation.Order{Messages: []inbox.MessageID{m.ID}, Act: moderation.Remove, Clause: "2.1", Reason: "Tidak suka komentarnya"}); fault.Code(err) != "decision.clause_protected" {
			t.Errorf("criticism: %v", err)
		}
		dec, err := h.decide(t, m, moderation.Remove)
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		if !h.world(t)[m.RemoteID].Deleted {
			t.Error("the comment stands")
		}
		all, err := h.DecisionsOn(t.Context(), h.moderator, m.ID)
		if err != nil || all[0].State != moderation.Done || all[0].ID != dec.ID {
			t.Fatalf("%+v, %v", all, err)
		}
		if _, err := h.decide(t, h.message(t, m.RemoteID), moderation.Block); err != nil {
			t.Fatal(err)
		}
		h.ring(t, moderation.KindEnforce)
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.remove decision.done" {
			t.Errorf("trail %q", got)
		}
		all, _ = h.DecisionsOn(t.Context(), h.moderator, m.ID)
		if all[0].Act != moderation.Block || all[0].State != moderation.Done {
			t.Errorf("the block: %+v", all[0])
		}
		// X can hide: nothing is destroyed there.
		x := h.commented(t, h.x, h.post, spamText)
		if _, err := h.decide(t, x, moderation.Remove); fault.Code(err) != "decision.platform_cannot_remove" {
			t.Errorf("deleting on X: %v", err)
		}
	})
}

func TestWhatAPlatformLeavesToPeopleIsHandedToThem(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ch := h.connect(t, "linkedin")
		m := h.commented(t, ch, h.posted(t, ch, "Lowongan pranata komputer"), spamText)
		dec, err := h.decide(t, m, moderation.Hide)
		must(t, err)
		h.ring(t, moderation.KindEnforce)
		left, err := h.Handwork(t.Context(), h.moderator, dec.ID)
		if err != nil || len(left) != 1 || left[0].Message != m.ID || left[0].Page == "" {
			t.Fatalf("handed over: %+v, %v", left, err)
		}
		if got := h.message(t, m.RemoteID); !got.HiddenAt.IsZero() {
			t.Error("hidden before anybody did it")
		}
		if _, err := h.decide(t, m, moderation.Hide); fault.Code(err) != "decision.under_way" {
			t.Errorf("decided twice: %v", err)
		}
		if err := h.DoneByHand(t.Context(), h.stranger, dec.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another agency: %v", err)
		}
		must(t, h.DoneByHand(t.Context(), h.moderator, dec.ID))
		if err := h.DoneByHand(t.Context(), h.moderator, dec.ID); fault.Code(err) != "decision.not_by_hand" {
			t.Errorf("done twice: %v", err)
		}
		if got := h.message(t, m.RemoteID); got.HiddenAt.IsZero() {
			t.Error("not marked as hidden")
		}
		if got := strings.Join(h.deeds(t, "decision/"+string(dec.ID)), " "); got != "decision.hide decision.by_hand decision.done_by_hand" {
			t.Errorf("trail %q", got)
		}
	})
}

func TestACommentIsAnsweredPrivately(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ch := h.connect(t, "facebook")
		m := h.commented(t, ch, h.posted(t, ch, "Layanan KTP pindah gedung"), "Berkas saya bagaimana?")
		private := moderation.Answering{To: m.ID, Text: "Kami sampaikan lewat pesan ini.", Private: true}
		r, err := h.AnswerAs(t.Context(), h.moderator, private)
		must(t, err)
		h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
		found := false
		for _, p := range h.world(t) {
			found = found || p.Ours && p.Private == m.RemoteID && p.Text == private.Text
		}
		c := h.load(t, m.Conversation)
		if !found || !r.Private || c.Status != inbox.Answered || !c.Replies[0].Private {
			t.Errorf("there %v, %s, %+v", found, c.Status, c.Replies)
		}
		old := h.commented(t, ch, h.posted(t, ch, "Jalan Anggrek diperbaiki"), "Sampai kapan?")
		h.pass(8 * 24 * time.Hour)
		private.To = old.ID
		if _, err := h.AnswerAs(t.Context(), h.moderator, private); fault.Code(err) != "reply.window_closed" {
			t.Errorf("after a week: %v", err)
		}
		x := h.commented(t, h.x, h.post, "@tirtawangikota Sampai kapan?")
		private.To = x.ID
		if _, err := h.AnswerAs(t.Context(), h.moderator, private); fault.Code(err) != "reply.private_cannot" {
			t.Errorf("on X: %v", err)
		}
	})
}

// pushed hears what a platform pushes, as the webhook door does.
func (h *house) pushed(t *testing.T, ch channel.Channel) {
	t.Helper()
	connector, err := h.Channels.Connector(ch.Platform)
	must(t, err)
	listener := connector.(platform.Listener)
	var app channel.App
	must(t, h.DB.View(t.Context(), func(tx *db.Tx) (err error) { app, err = channel.AppByID(t.Context(), tx, ch.App); return err }))
	secrets, err := h.Channels.Secrets(app)
	must(t, err)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := listener.Challenge(secrets, r.URL.Query()); ok {
			_, _ = io.WriteString(w, answer)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || listener.Signed(secrets, r.Header, body) != nil || h.inbox.KeepPush(r.Context(), app, body) != nil {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(door.Close)
	h.control(t, "/sandbox/webhooks", map[string]any{"platform": ch.Platform, "url": door.URL})
}

func (h *house) deliverPushes(t *testing.T) {
	t.Helper()
	for range 5 {
		h.pass(2 * time.Second)
		h.sandbox.Deliver(t.Context())
		h.ring(t, inbox.KindParse, inbox.KindTriage, publisher.KindWatch, publisher.KindAnswered, publisher.KindUndelivered)
	}
}

func TestAnAnsweringWindowAndATemplateAfterIt(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		ch := h.connect(t, "whatsapp")
		h.pushed(t, ch)
		h.control(t, "/sandbox/say", map[string]any{"platform": "whatsapp", "text": "Kapan loket buka?", "kind": "direct", "author": "Bu Rosmawati"})
		h.deliverPushes(t)
		all, err := h.inbox.List(t.Context(), h.moderator, inbox.Query{View: inbox.Unanswered, Limit: 10})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d conversations, %v", len(all), err)
		}
		m := h.load(t, all[0].ID).Messages[0]
		_, err = h.Answer(t.Context(), h.moderator, m.ID, "Loket buka pukul 08.00.")
		must(t, err)
		h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
		h.deliverPushes(t)
		if c := h.load(t, m.Conversation); c.Status != inbox.Answered {
			t.Fatalf("inside the window: %s %+v", c.Status, c.Replies)
		}
		h.pass(25 * time.Hour)
		if _, err := h.Answer(t.Context(), h.moderator, m.ID, "Ada tambahan."); fault.Code(err) != "reply.window_closed_template" {
			t.Errorf("after a day: %v", err)
		}
		known, err := h.Templates(t.Context(), h.moderator, m.ID)
		must(t, err)
		for _, a := range known {
			say := moderation.Answering{To: m.ID, Template: &moderation.Templated{Name: a.Name, Language: a.Language}}
			for range strings.Count(a.Body, "{{") {
				say.Template.Values = append(say.Template.Values, "KTP")
			}
			r, err := h.AnswerAs(t.Context(), h.moderator, say)
			if a.State != "APPROVED" {
				if fault.Code(err) != "reply.template_not_approved" {
					t.Errorf("%s is %s: %v", a.Name, a.State, err)
				}
				continue
			}
			must(t, err)
			if strings.Contains(r.Text, "{{") || r.Template == "" {
				t.Errorf("filled: %+v", r)
			}
			h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
			h.deliverPushes(t)
			h.pass(time.Minute)
		}
		c := h.load(t, m.Conversation)
		templates := 0
		for _, r := range c.Replies {
			if r.Template != "" && r.State == inbox.ReplyPublished {
				templates++
			}
		}
		if templates == 0 {
			t.Errorf("no template went out: %+v", c.Replies)
		}
	})
}

func TestAnAnswerThatStoodStillIsReleasedUnderTheSameRule(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		second := h.person(t, h.info, "tari", identity.Moderator)
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE agency SET reply_rule = 'second' WHERE id = $1`, h.info.ID)
			return err
		}))
		m := h.commented(t, h.x, h.post, "@tirtawangikota Kapan loket buka?")
		r, err := h.Answer(t.Context(), h.moderator, m.ID, "Loket buka pukul 08.00.")
		must(t, err)
		must(t, h.ApproveReply(t.Context(), second, r.ID))
		h.control(t, "/sandbox/faults", map[string]any{"platform": "x", "op": "publish", "kind": "revoked", "count": 1})
		h.ring(t, publisher.KindDeliver)
		must(t, h.DB.Update(t.Context(), func(tx *db.Tx) error { return channel.SetHealth(t.Context(), tx, h.x.ID, channel.OK, "", time.Time{}) }))
		id := publisher.DeliveryID(h.load(t, m.Conversation).Replies[0].Delivery)
		if err := h.Publisher.Release(t.Context(), h.moderator, id, h.Now()); fault.Code(err) != "reply.approve.own" {
			t.Errorf("its author: %v", err)
		}
		other, err := h.Answer(t.Context(), second, m.ID, "Loket buka pukul 08.00 sampai 15.00.")
		must(t, err)
		if err := h.Publisher.Release(t.Context(), second, id, h.Now()); fault.Code(err) != "reply.answered_since" {
			t.Errorf("beside a newer answer: %v", err)
		}
		must(t, h.ReturnReply(t.Context(), h.moderator, other.ID))
		must(t, h.Publisher.Release(t.Context(), second, id, h.Now()))
		h.ring(t, publisher.KindDeliver, publisher.KindAnswered)
		if c := h.load(t, m.Conversation); c.Status != inbox.Answered {
			t.Errorf("released: %s %+v", c.Status, c.Replies)
		}
	})
}
