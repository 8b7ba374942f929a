package publisher

import (
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
)

// Every verb that names a post or a delivery, done by somebody of another
// agency who holds every power there.
func TestAnotherAgencysPostDoesNotExist(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		pic := o.picture(o.officer)
		in := o.input()
		in.Media = []Attached{{Media: pic, Alt: "Genangan"}}
		draft, review, signed := o.draft(o.officer, in), o.submitted(in), o.approved(in)
		held := o.setState(o.deliveries(signed.ID)[0], Held)
		unsure := o.setState(o.deliveries(signed.ID)[1], NeedsPerson)
		by := o.stranger
		for name, verb := range map[string]func() error{
			"read":      func() error { _, err := o.LoadPost(ctx, by, signed.ID); return err },
			"save over": func() error { _, err := o.Draft(ctx, by, o.editing(draft)); return err },
			"check":     func() error { _, err := o.Check(ctx, by, o.editing(draft)); return err },
			"submit":    func() error { _, err := o.Submit(ctx, by, draft.ID, draft.Revision); return err },
			"approve":   func() error { return o.Approve(ctx, by, review.ID, review.Digest) },
			"return":    func() error { return o.Return(ctx, by, review.ID, "alasan") },
			"reject":    func() error { return o.Reject(ctx, by, review.ID, "alasan") },
			"comment":   func() error { return o.Comment(ctx, by, review.ID, "halo") },
			"move":      func() error { _, err := o.Move(ctx, by, review.ID, review.Due.Add(time.Minute)); return err },
			"withdraw":  func() error { _, err := o.Withdraw(ctx, by, review.ID); return err },
			"release":   func() error { return o.Release(ctx, by, held.ID, dawn) },
			"say it is there": func() error {
				return o.Resolve(ctx, by, unsure.ID, Resolution{Exit: ExitPublished, URL: "https://a.example/1"})
			},
			"send again": func() error { return o.Resolve(ctx, by, unsure.ID, Resolution{Exit: ExitSendAgain}) },
			"cancel":     func() error { return o.Resolve(ctx, by, held.ID, Resolution{Exit: ExitCancel}) },
			"use its channel": func() error {
				_, err := o.Draft(ctx, by, DraftInput{Text: "x", Variants: []VariantContent{{Channel: o.masto.ID}}})
				return err
			},
			"use its picture": func() error { _, err := o.Draft(ctx, by, DraftInput{Text: "x", Media: in.Media}); return err },
			"check its channel": func() error {
				_, err := o.Check(ctx, by, DraftInput{Text: "x", Variants: []VariantContent{{Channel: o.masto.ID}}})
				return err
			},
			"check its picture": func() error { _, err := o.Check(ctx, by, DraftInput{Text: "x", Media: in.Media}); return err },
		} {
			t.Run(name, func(t *testing.T) {
				if err := verb(); fault.KindOf(err) != fault.NotFound {
					t.Errorf("got %v, want not found", err)
				}
			})
		}
		if v := o.view(draft.ID); v.State != PostDraft || v.Revision != draft.Revision || len(v.Editors) != 0 {
			t.Errorf("the draft was touched: %+v", v.Post)
		}
		if v := o.view(review.ID); v.State != PostReview || len(v.Notes) != 1 {
			t.Errorf("the post in review was touched: %s, %d notes", v.State, len(v.Notes))
		}
		for _, d := range o.deliveries(signed.ID) {
			if d.State != Held && d.State != NeedsPerson {
				t.Errorf("a delivery was touched: %s", d.State)
			}
		}
		for _, list := range [][]Summary{
			must(o.ListPosts(ctx, by, PostQuery{}))(t), must(o.AwaitingApproval(ctx, by))(t),
			must(o.Calendar(ctx, by, dawn, dawn.Add(48*time.Hour)))(t),
		} {
			if len(list) != 0 {
				t.Errorf("a list shows %d posts of another agency", len(list))
			}
		}
		if all := must(o.Standing(ctx, by))(t); len(all) != 0 {
			t.Errorf("%d deliveries of another agency wait for a decision", len(all))
		}
	})
}

func TestListsShowWhatEachPersonNeeds(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		var all []Post
		for range 5 {
			all = append(all, o.draft(o.officer, o.input()))
			o.wait(time.Second)
		}
		own := o.draft(o.both, o.input())
		own = must(o.Submit(ctx, o.both, own.ID, own.Revision))(t)
		review := o.submitted(o.input())
		signed := o.approved(o.input())
		o.setState(o.deliveries(signed.ID)[0], Failed)

		var seen []PostID
		for before := (Cursor{}); ; {
			page := must(o.ListPosts(ctx, o.auditor, PostQuery{Before: before, Limit: 3}))(t)
			for _, s := range page {
				seen = append(seen, s.ID)
				before = s.Cursor()
			}
			if len(page) < 3 {
				break
			}
		}
		if len(seen) != 8 || seen[7] != all[0].ID {
			t.Errorf("paging showed %d posts, the last %s", len(seen), seen[len(seen)-1])
		}
		ids := func(list []Summary) (ids []PostID) {
			for _, s := range list {
				ids = append(ids, s.ID)
			}
			return ids
		}
		want := func(what string, list []Summary, wanted ...PostID) {
			t.Helper()
			got := ids(list)
			if len(got) != len(wanted) {
				t.Errorf("%s: %d posts, want %d", what, len(got), len(wanted))
				return
			}
			for i := range got {
				if got[i] != wanted[i] {
					t.Errorf("%s: %v, want %v", what, got, wanted)
				}
			}
		}
		want("an approver signs both", must(o.AwaitingApproval(ctx, o.approver))(t), own.ID, review.ID)
		want("not one's own", must(o.AwaitingApproval(ctx, o.both))(t), review.ID)
		want("an officer signs nothing", must(o.AwaitingApproval(ctx, o.officer))(t))
		urgent := must(o.ListPosts(ctx, o.auditor, PostQuery{Urgent: true}))(t)
		want("one waits for a person", urgent, signed.ID)
		if s := urgent[0]; s.Status != StatusAttention || s.AuthorName != "ratih" || len(s.Legs) != 2 {
			t.Errorf("the summary says %+v", s)
		}
		if n := len(must(o.Calendar(ctx, o.auditor, dawn, dawn.Add(24*time.Hour)))(t)); n != 8 {
			t.Errorf("the day shows %d posts", n)
		}
		if n := len(must(o.Calendar(ctx, o.auditor, dawn.Add(24*time.Hour), dawn.Add(48*time.Hour)))(t)); n != 0 {
			t.Errorf("the next day shows %d posts", n)
		}
	})
}

func TestAStaleSaveLosesNothing(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		first := o.draft(o.officer, o.input())
		mine, theirs := o.editing(first), o.editing(first)
		theirs.Text = "Jalan Kenanga ditutup mulai pukul 10.00."
		newer := o.draft(o.both, theirs)
		mine.Text = "Jalan Kenanga ditutup sore."
		got, err := o.Draft(ctx, o.officer, mine)
		wantFault(t, err, fault.Conflict, "post.changed")
		if got.Text != theirs.Text || got.Revision != newer.Revision {
			t.Errorf("beside the conflict came %q, revision %d", got.Text, got.Revision)
		}
		mine.Revision = newer.Revision
		if got = o.draft(o.officer, mine); got.Text != mine.Text || got.Revision != 3 {
			t.Errorf("saved %q as revision %d", got.Text, got.Revision)
		}
		v := o.view(first.ID)
		if len(v.Revisions) != 3 || v.Revisions[1].ByName != "damar" || v.Revisions[1].Content.Text != theirs.Text {
			t.Errorf("%d revisions kept", len(v.Revisions))
		}
		for range 4 { // autosave
			in := o.editing(o.view(first.ID).Post)
			in.Text += "."
			o.draft(o.officer, in)
		}
		if v = o.view(first.ID); len(v.Revisions) != 3 || v.Revision != 7 {
			t.Errorf("after autosaves %d revisions are kept, the newest is %d", len(v.Revisions), v.Revision)
		}
		_, err = o.Submit(ctx, o.officer, first.ID, 3)
		wantFault(t, err, fault.Conflict, "post.changed")
	})
}

func TestAnApprovalAndASaveAtTheSameTime(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		for range 5 {
			p := o.submitted(o.input())
			in := o.editing(p)
			in.Text += " Mohon maaf."
			results := make(chan error, 3)
			go func() { _, err := o.Draft(ctx, o.officer, in); results <- err }()
			go func() { results <- o.Approve(ctx, o.approver, p.ID, p.Digest) }()
			go func() { results <- o.Approve(ctx, o.leader, p.ID, p.Digest) }()
			for range 3 {
				if err := <-results; err != nil && fault.KindOf(err) != fault.Conflict {
					t.Error(err)
				}
			}
			v := o.view(p.ID)
			open, valid := 0, 0
			for _, d := range o.deliveries(p.ID) {
				if o.promise(d.ID).State == outbox.Open {
					open++
				}
				if o.signedNow(d) {
					valid++
				}
			}
			if v.State == PostScheduled && (open != 2 || valid != 2) || v.State == PostDraft && (open != 0 || valid != 0) {
				t.Errorf("%s with %d open promises and %d signatures", v.State, open, valid)
			}
		}
	})
}
