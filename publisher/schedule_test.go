package publisher

import (
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
)

func TestWithdrawingStopsWhatHasNotLeft(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		t.Run("everything waits", func(t *testing.T) {
			p := o.approved(o.input())
			w := must(o.Withdraw(ctx, o.officer, p.ID))(t)
			if v := o.view(p.ID); len(w.Stopped) != 2 || len(w.NotStopped) != 0 || v.State != PostWithdrawn || v.Status != StatusWithdrawn {
				t.Errorf("%+v, %s", w, v.State)
			}
			for _, d := range o.deliveries(p.ID) {
				if d.State != Cancelled || o.signedNow(d) || o.promise(d.ID).State != outbox.Done {
					t.Errorf("a delivery is %s", d.State)
				}
			}
			_, err := o.Withdraw(ctx, o.officer, p.ID)
			wantFault(t, err, fault.Conflict, "post.not_now")
		})
		t.Run("one is leaving", func(t *testing.T) {
			p := o.approved(o.input())
			gone := o.setState(o.deliveries(p.ID)[0], Sending)
			w := must(o.Withdraw(ctx, o.approver, p.ID))(t)
			if len(w.Stopped) != 1 || len(w.NotStopped) != 1 || w.NotStopped[0].ID != gone.ID {
				t.Errorf("%+v", w)
			}
			if o.promise(gone.ID).State != outbox.Taken {
				t.Error("the promise of the one that is leaving was touched")
			}
			if o.signedNow(gone) {
				t.Error("were it not to arrive, it would be sent again")
			}
			if v := o.view(p.ID); v.Status != StatusLeaving {
				t.Errorf("it stands as %s", v.Status)
			}
			o.setState(gone, Published)
			if v := o.view(p.ID); v.State != PostDone || v.Status != StatusPartly {
				t.Errorf("in the end it stands as %s, %s", v.State, v.Status)
			}
		})
		t.Run("nothing can be stopped", func(t *testing.T) {
			p := o.approved(o.input())
			for _, d := range o.deliveries(p.ID) {
				o.setState(d, Published)
			}
			_, err := o.Withdraw(ctx, o.officer, p.ID)
			wantFault(t, err, fault.Conflict, "post.withdraw.nothing_left")
			if v := o.view(p.ID); v.Status != StatusPublished {
				t.Errorf("it stands as %s", v.Status)
			}
		})
		t.Run("a draft", func(t *testing.T) {
			p := o.draft(o.officer, o.input())
			if _, err := o.Withdraw(ctx, o.auditor, p.ID); fault.KindOf(err) != fault.Denied {
				t.Errorf("an auditor withdrew: %v", err)
			}
			must(o.Withdraw(ctx, o.officer, p.ID))(t)
			if v := o.view(p.ID); v.Status != StatusWithdrawn {
				t.Errorf("it stands as %s", v.Status)
			}
		})
	})
}

func TestWhatIsPublicOrMayBeIsNotChanged(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	for _, s := range []State{Sending, Unconfirmed, NeedsPerson, Published} {
		t.Run(string(s), func(t *testing.T) {
			p := o.approved(o.input())
			o.setState(o.deliveries(p.ID)[1], s)
			in := o.editing(o.view(p.ID).Post)
			in.Text += "!"
			_, err := o.Draft(ctx, o.officer, in)
			wantFault(t, err, fault.Conflict, "post.leaving")
			_, err = o.Move(ctx, o.officer, p.ID, p.Due.Add(time.Minute))
			wantFault(t, err, fault.Conflict, "post.leaving")
			all := o.deliveries(p.ID)
			if all[0].State != Waiting || !o.signedNow(all[0]) || o.promise(all[0].ID).State != outbox.Open || !all[0].Due.Equal(p.Due) {
				t.Errorf("the other delivery was touched: %s", all[0].State)
			}
		})
	}
	t.Run("but what did not go out at all can be mended", func(t *testing.T) {
		p := o.approved(o.input())
		for _, d := range o.deliveries(p.ID) {
			o.setState(d, Failed)
		}
		if v := o.view(p.ID); v.State != PostDone || v.Status != StatusAttention {
			t.Fatalf("it stands as %s, %s", v.State, v.Status)
		}
		in := o.editing(p)
		in.Text += "!"
		o.wantVoid(t, o.draft(o.officer, in))
	})
}

func TestReleasingIsANewSignature(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		p := o.draft(o.both, o.input())
		p = must(o.Submit(ctx, o.both, p.ID, p.Revision))(t)
		if err := o.Approve(ctx, o.approver, p.ID, p.Digest); err != nil {
			t.Fatal(err)
		}
		first, second := o.deliveries(p.ID)[0], o.deliveries(p.ID)[1]
		wantFault(t, o.Release(ctx, o.leader, first.ID, p.Due), fault.Conflict, "delivery.not_now")
		o.setState(second, Published)
		missed := o.setState(first, Missed)
		subject := "delivery/" + string(missed.ID)
		o.wait(5 * time.Hour)

		wantFault(t, o.Release(ctx, o.both, missed.ID, o.time()), fault.Denied, "delivery.release.own_post")
		wantFault(t, o.Release(ctx, o.officer, missed.ID, o.time()), fault.Denied, "delivery.release.no_power")
		if n := o.count(subject, "delivery.release.refused"); n != 2 {
			t.Errorf("%d refusals in the trail", n)
		}
		due := o.time().Add(time.Hour)
		if err := o.Release(ctx, o.leader, missed.ID, due); err != nil {
			t.Fatal(err)
		}
		got := o.deliveries(p.ID)[0]
		if got.State != Waiting || !got.Due.Equal(due) || !got.Window.Holds(due) || got.Digest == missed.Digest || !o.signedNow(got) || got.Code != "" {
			t.Errorf("%+v", got)
		}
		if row := o.promise(got.ID); row.State != outbox.Open || !row.Due.Equal(due) {
			t.Errorf("promise %+v", row)
		}
		v := o.view(p.ID)
		if v.State != PostScheduled || v.Signatures[len(v.Signatures)-1].By != o.leader.ID {
			t.Errorf("%s, signed by %s", v.State, v.Signatures[len(v.Signatures)-1].ByName)
		}
		if o.count(subject, "delivery.release") != 1 {
			t.Error("the trail does not know the release")
		}
	})
}

func TestAHeldDeliveryWaitsForItsChannel(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	p := o.approved(o.input())
	held := o.setState(o.deliveries(p.ID)[0], Held)
	err := o.DB.Update(ctx, func(tx *db.Tx) error {
		return channel.SetHealth(ctx, tx, held.Channel, channel.AuthLost, "", time.Time{})
	})
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, o.Release(ctx, o.leader, held.ID, o.time()), fault.Conflict, "delivery.release.channel_broken")
}

func TestAPersonSettlesWhatNobodyKnows(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		p := o.approved(o.input())
		a, b := o.deliveries(p.ID)[0], o.deliveries(p.ID)[1]
		there := Resolution{Exit: ExitPublished, URL: "https://sosial.example/@tirtawangikota/109"}
		wantFault(t, o.Resolve(ctx, o.officer, a.ID, there), fault.Conflict, "delivery.not_now")
		a, b = o.setState(a, NeedsPerson), o.setState(b, NeedsPerson)

		wantFault(t, o.Resolve(ctx, o.auditor, a.ID, there), fault.Denied, "delivery.resolve.no_power")
		wantFault(t, o.Resolve(ctx, o.officer, a.ID, Resolution{Exit: ExitPublished, URL: "109"}), fault.Invalid, "delivery.resolve.address")
		wantFault(t, o.Resolve(ctx, o.officer, a.ID, Resolution{Exit: ExitSendAgain}), fault.Denied, "delivery.release.no_power")
		wantFault(t, o.Resolve(ctx, o.officer, a.ID, Resolution{}), fault.Invalid, "delivery.resolve.unknown")
		if err := o.Resolve(ctx, o.officer, a.ID, there); err != nil {
			t.Fatal(err)
		}
		if got := o.deliveries(p.ID)[0]; got.State != Published || got.RemoteID != "109" || got.RemoteURL != there.URL {
			t.Errorf("%+v", got)
		}
		o.read(func(tx *db.Tx) error {
			row, err := outbox.One(ctx, tx, KindMeasure, string(a.ID))
			if err == nil && row.State != outbox.Open {
				t.Errorf("engagement will not be read: %+v", row)
			}
			return err
		})
		if err := o.Resolve(ctx, o.approver, b.ID, Resolution{Exit: ExitSendAgain}); err != nil {
			t.Fatal(err)
		}
		again := o.deliveries(p.ID)[1]
		if again.State != Waiting || !o.signedNow(again) || o.promise(again.ID).State != outbox.Open {
			t.Errorf("%+v", again)
		}
		o.setState(again, Missed)
		if err := o.Resolve(ctx, o.officer, b.ID, Resolution{Exit: ExitCancel}); err != nil {
			t.Fatal(err)
		}
		if v := o.view(p.ID); v.State != PostDone || v.Status != StatusPartly {
			t.Errorf("in the end it stands as %s, %s", v.State, v.Status)
		}
	})
}

func TestOneRemotePostIsOneDelivery(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	there := Resolution{Exit: ExitPublished, URL: "https://sosial.example/@tirtawangikota/7"}
	one, two := o.approved(o.input()), o.approved(o.input())
	a, b := o.setState(o.deliveries(one.ID)[0], NeedsPerson), o.setState(o.deliveries(two.ID)[0], NeedsPerson)
	if err := o.Resolve(ctx, o.officer, a.ID, there); err != nil {
		t.Fatal(err)
	}
	wantFault(t, o.Resolve(ctx, o.officer, b.ID, there), fault.Conflict, "delivery.resolve.owned")
}

// The whole way once: what was approved is what the platform shows.
func TestWhatWasSignedIsWhatIsSent(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o, ctx := newOffice(t, d), t.Context()
		in := o.input()
		in.Media = []Attached{{Media: o.picture(o.officer), Alt: "Genangan di Jalan Kenanga"}}
		p := o.approved(in)
		o.wait(p.Due.Sub(o.time()))
		for _, d := range o.deliveries(p.ID) {
			if err := o.Deliver(ctx, outbox.Ring{Kind: KindDeliver, Key: string(d.ID), Epoch: o.promise(d.ID).Epoch}); err != nil {
				t.Fatal(err)
			}
		}
		v := o.view(p.ID)
		if v.Status != StatusPublished || v.State != PostDone {
			for _, d := range o.deliveries(p.ID) {
				t.Errorf("%s: %s %s", d.State, d.Code, d.Said)
			}
		}
		for _, c := range v.Channels {
			if c.Delivery == nil || c.Delivery.RemoteURL == "" || c.Delivery.Digest != c.Digest {
				t.Errorf("the channel's view has %+v", c.Delivery)
			}
		}
	})
}
