package publisher

import (
	"testing"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
)

func TestApprovalIsTheWordOfASecondPerson(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		own := o.draft(o.both, o.input())
		own = must(o.Submit(ctx, o.both, own.ID, own.Revision))(t)

		edited := o.draft(o.officer, o.input())
		in := o.editing(edited)
		in.Text += " Ikuti arahan petugas."
		edited = o.draft(o.both, in)
		edited = must(o.Submit(ctx, o.officer, edited.ID, edited.Revision))(t)

		for _, c := range []struct {
			name string
			by   identity.Actor
			post Post
			seen Digest
			kind fault.Kind
			code string
		}{
			{"not your own post", o.both, own, own.Digest, fault.Denied, "post.approve.own_post"},
			{"not a post you have edited", o.both, edited, edited.Digest, fault.Denied, "post.approve.own_edit"},
			{"not without the power", o.officer, own, own.Digest, fault.Denied, "post.approve.no_power"},
			{"not what has changed since", o.approver, own, edited.Digest, fault.Conflict, "post.approve.changed_since_seen"},
			{"not unseen", o.approver, own, "", fault.Conflict, "post.approve.changed_since_seen"},
			{"not another agency's", o.stranger, own, own.Digest, fault.NotFound, "post.not_found"},
		} {
			t.Run(c.name, func(t *testing.T) {
				before := len(o.trail("post/" + string(c.post.ID)))
				wantFault(t, o.Approve(ctx, c.by, c.post.ID, c.seen), c.kind, c.code)
				after := o.trail("post/" + string(c.post.ID))
				if denied := c.kind == fault.Denied; denied != (len(after) == before+1) {
					t.Fatalf("%d rows after, %d before: only a denial is recorded", len(after), before)
				}
				if c.kind == fault.Denied {
					row := after[len(after)-1]
					if row.Deed != "post.approve.refused" || row.Detail != c.code || row.Actor != c.by.ID {
						t.Errorf("the trail says %+v", row)
					}
				}
				if v := o.view(c.post.ID); v.State != PostReview || len(o.deliveries(c.post.ID)) != 0 || len(v.Signatures) != 0 {
					t.Errorf("something happened all the same: %s", v.State)
				}
			})
		}
		for _, p := range []Post{own, edited} {
			if err := o.Approve(ctx, o.approver, p.ID, p.Digest); err != nil {
				t.Fatal(err)
			}
			o.wantSigned(p)
		}
		wantFault(t, o.Approve(ctx, o.leader, own.ID, own.Digest), fault.Conflict, "post.approve.not_in_review")
	})
}

// wantSigned: state, trail, signatures, deliveries and promises are all there.
func (o *office) wantSigned(p Post) {
	o.t.Helper()
	v := o.view(p.ID)
	if v.State != PostScheduled || v.Status != StatusScheduled || len(v.Signatures) != len(v.Variants) {
		o.t.Errorf("state %s, status %s, %d signatures", v.State, v.Status, len(v.Signatures))
	}
	trail := o.trail("post/" + string(p.ID))
	if row := trail[len(trail)-1]; row.Deed != "post.approve" || row.Digest != string(p.Digest) || row.Actor != o.approver.ID {
		o.t.Errorf("the trail ends with %+v", row)
	}
	all := o.deliveries(p.ID)
	if len(all) != len(v.Variants) {
		o.t.Fatalf("%d deliveries", len(all))
	}
	for _, d := range all {
		if d.State != Waiting || !o.signedNow(d) || DigestOf(d.Channel, d.Payload, d.Window) != d.Digest || !d.Due.Equal(p.Due) {
			o.t.Errorf("delivery %+v", d)
		}
		if row := o.promise(d.ID); row.State != outbox.Open || !row.Due.Equal(p.Due) || row.Lane != string(d.Channel) || row.Class != outbox.Publish {
			o.t.Errorf("promise %+v", row)
		}
	}
}

func TestEachChangeAfterApprovalVoids(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		first, second := o.picture(o.officer), o.picture(o.officer)
		full := o.input()
		full.Media = []Attached{{Media: first, Alt: "Genangan di Jalan Kenanga"}}
		for name, change := range map[string]func(*DraftInput){
			"the shared text":             func(in *DraftInput) { in.Text += "!" },
			"a channel's own text":        func(in *DraftInput) { in.Variants[o.nth(in, o.x.ID)].Text += "!" },
			"a channel takes shared text": func(in *DraftInput) { in.Variants[o.nth(in, o.x.ID)] = VariantContent{Channel: o.x.ID} },
			"the link":                    func(in *DraftInput) { in.Link = "https://tirtawangi.example/lain" },
			"the link is gone":            func(in *DraftInput) { in.Link = "" },
			"the alt text":                func(in *DraftInput) { in.Media[0].Alt = "Petugas menutup jalan" },
			"the picture":                 func(in *DraftInput) { in.Media[0].Media = second },
			"the picture is gone":         func(in *DraftInput) { in.Media = nil },
			"one more picture":            func(in *DraftInput) { in.Media = append(in.Media, Attached{Media: second, Alt: "Peta"}) },
			"one channel less":            func(in *DraftInput) { in.Variants = in.Variants[:1] },
			"the time":                    func(in *DraftInput) { in.When.Wall = "2026-11-23T08:45" },
			"the end of the window":       func(in *DraftInput) { in.When.MoveUntil = "2026-11-23T11:00" },
		} {
			t.Run(name, func(t *testing.T) {
				p := o.approved(full)
				in := o.editing(p)
				change(&in)
				after := o.draft(o.officer, in)
				o.wantVoid(t, after)
				if o.count("post/"+string(p.ID), "post.void") != 1 {
					t.Error("the trail does not say that it is void")
				}
				again := must(o.Submit(ctx, o.officer, p.ID, after.Revision))(t)
				if again.Digest == p.Digest {
					t.Error("another content has the same digest")
				}
				wantFault(t, o.Approve(ctx, o.approver, p.ID, p.Digest), fault.Conflict, "post.approve.changed_since_seen")
				if err := o.Approve(ctx, o.approver, p.ID, again.Digest); err != nil {
					t.Fatal(err)
				}
				if v := o.view(p.ID); v.Status != StatusScheduled {
					t.Errorf("signed again, it stands as %s", v.Status)
				}
			})
		}
		t.Run("nothing: what was signed stands", func(t *testing.T) {
			p := o.approved(full)
			if after := o.draft(o.officer, o.editing(p)); after.State != PostScheduled || after.Revision != p.Revision {
				t.Errorf("saving the same words gave %s, revision %d", after.State, after.Revision)
			}
			o.wantSigned(p)
		})
	})
}

func (o *office) nth(in *DraftInput, id any) int {
	for i, v := range in.Variants {
		if v.Channel == id {
			return i
		}
	}
	o.t.Fatal("no such channel")
	return -1
}

// wantVoid: back with the author, nothing signed, nothing that could leave.
func (o *office) wantVoid(t *testing.T, p Post) {
	t.Helper()
	v := o.view(p.ID)
	if v.State != PostDraft || v.Digest != "" {
		t.Errorf("state %s, digest %q", v.State, v.Digest)
	}
	for _, s := range v.Signatures {
		if s.VoidedAt.IsZero() {
			t.Error("a signature still stands")
		}
	}
	for _, d := range o.deliveries(p.ID) {
		if d.State != Void || d.Code != superseded || o.signedNow(d) {
			t.Errorf("a delivery is %s (%s)", d.State, d.Code)
		}
		if row := o.promise(d.ID); row.State != outbox.Done {
			t.Errorf("its promise is %s", row.State)
		}
	}
}

func TestMovingInsideTheWindowKeepsTheSignature(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		p := o.approved(o.input())
		inside := p.Due.Add(40 * time.Minute)
		moved := must(o.Move(ctx, o.officer, p.ID, inside))(t)
		if moved.State != PostScheduled || !moved.Due.Equal(inside) || moved.When.Wall != "2026-11-23T09:10" || moved.Digest != p.Digest {
			t.Errorf("moved to %s, %s, %s", moved.State, moved.Due, moved.When.Wall)
		}
		for _, d := range o.deliveries(p.ID) {
			if d.State != Waiting || !d.Due.Equal(inside) || !o.signedNow(d) {
				t.Errorf("delivery %s due %s", d.State, d.Due)
			}
			if row := o.promise(d.ID); row.State != outbox.Open || !row.Due.Equal(inside) {
				t.Errorf("promise %s due %s", row.State, row.Due)
			}
		}
		outside := inside.Add(24 * time.Hour)
		o.wantVoid(t, must(o.Move(ctx, o.officer, p.ID, outside))(t))
		if v := o.view(p.ID); v.When.Wall != "2026-11-24T09:10" || v.When.MoveUntil != "" || v.Notes[len(v.Notes)-1].Deed != DeedReplan {
			t.Errorf("replanned to %+v", v.When)
		}
		_, err := o.Move(ctx, o.officer, p.ID, o.time())
		wantFault(t, err, fault.Invalid, "post.due_past")
		_, err = o.Move(ctx, o.approver, p.ID, outside.Add(time.Hour))
		wantFault(t, err, fault.Denied, "post.edit.no_power")
	})
}

func TestSoonMeansWhenItIsApproved(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		in := o.input()
		in.When = When{}
		p := o.submitted(in)
		if !p.Due.IsZero() || !p.Window.NotBefore.Equal(dawn) || !p.Window.NotAfter.Equal(dawn.Add(SoonWindow)) {
			t.Errorf("due %s, window %+v", p.Due, p.Window)
		}
		o.wait(3 * time.Hour)
		if err := o.Approve(ctx, o.approver, p.ID, p.Digest); err != nil {
			t.Fatal(err)
		}
		for _, d := range o.deliveries(p.ID) {
			if !d.Due.Equal(dawn.Add(3 * time.Hour)) {
				t.Errorf("due %s", d.Due)
			}
		}
		late := o.submitted(in)
		o.wait(SoonWindow + time.Second)
		wantFault(t, o.Approve(ctx, o.approver, late.ID, late.Digest), fault.Conflict, "post.approve.too_late")
		if len(o.deliveries(late.ID)) != 0 {
			t.Error("a post approved too late has deliveries")
		}
	})
}

func TestReturningAndRejectingNeedAReason(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	p := o.submitted(o.input())
	wantFault(t, o.Return(ctx, o.approver, p.ID, " \n"), fault.Invalid, "post.reason_missing")
	if err := o.Return(ctx, o.approver, p.ID, "Sebut jam berakhirnya."); err != nil {
		t.Fatal(err)
	}
	v := o.view(p.ID)
	if last := v.Notes[len(v.Notes)-1]; v.State != PostReturned || last.Text != "Sebut jam berakhirnya." || last.ByName != "sekar" {
		t.Errorf("%s, %+v", v.State, v.Notes)
	}
	in := o.editing(v.Post)
	in.Text += " Dibuka lagi pukul 15.00."
	edited := o.draft(o.officer, in)
	if edited.State != PostReturned {
		t.Errorf("edited, it is %s", edited.State)
	}
	again := must(o.Submit(ctx, o.officer, p.ID, edited.Revision))(t)
	v = o.view(p.ID)
	if was, ok := v.Reviewed(); !ok || was.Number != p.Revision || was.Content.Text != o.input().Text {
		t.Errorf("the approver would compare with %+v, %v", was, ok)
	}
	wantFault(t, o.Reject(ctx, o.officer, p.ID, "x"), fault.Denied, "post.approve.no_power")
	if err := o.Reject(ctx, o.leader, p.ID, "Sudah diumumkan."); err != nil {
		t.Fatal(err)
	}
	wantFault(t, o.Approve(ctx, o.approver, p.ID, again.Digest), fault.Conflict, "post.approve.not_in_review")
	_, err := o.Draft(ctx, o.officer, o.editing(o.view(p.ID).Post))
	wantFault(t, err, fault.Conflict, "post.not_now")
}
