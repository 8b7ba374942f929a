package publisher

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/x"
	"kentongan/internal/sandbox"
)

// one is an approved post for one channel, due now.
func (o *office) one(ch channel.Channel, change func(*DraftInput)) Delivery {
	o.t.Helper()
	in := o.input()
	in.Variants, in.When = []VariantContent{{Channel: ch.ID}}, When{Zone: "Asia/Jakarta"} // as soon as approved
	if change != nil {
		change(&in)
	}
	return o.deliveries(o.approved(in).ID)[0]
}

// ring wakes the verb as the queue would, when the promise may be taken.
func (o *office) ring(id DeliveryID) error {
	o.t.Helper()
	row := o.promise(id)
	if row.State == outbox.Open && row.Due.After(o.time()) {
		o.wait(row.Due.Sub(o.time()))
	}
	return o.Deliver(o.t.Context(), outbox.Ring{Kind: KindDeliver, Key: string(id), Epoch: row.Epoch})
}

// until rings until the delivery stands in the state.
func (o *office) until(id DeliveryID, s State) Delivery {
	o.t.Helper()
	var d Delivery
	for range 30 {
		if d = o.delivery(id); d.State == s {
			return d
		}
		if err := o.ring(id); err != nil {
			o.t.Fatal(err)
		}
	}
	o.t.Fatalf("it stands at %s %s %s, want %s; %+v", d.State, d.Code, d.Said, s, o.promise(id))
	return d
}

func (o *office) delivery(id DeliveryID) (d Delivery) {
	o.t.Helper()
	o.read(func(tx *db.Tx) (err error) {
		d, err = deliveryByID(o.t.Context(), tx, id)
		return err
	})
	return d
}

func (o *office) exec(query string, args ...any) {
	o.t.Helper()
	err := o.DB.Update(o.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(o.t.Context(), query, args...)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// at runs f once, when a delivery passes the step.
func (o *office) at(step string, f func()) {
	done := false
	o.Step = func(s string, _ platform.Name) {
		if s == step && !done {
			done = true
			f()
		}
	}
}

// there is how many posts of ours the platforms show.
func (o *office) there() (n int) {
	for _, p := range o.sandbox.World() {
		if p.Ours && !p.Deleted {
			n++
		}
	}
	return n
}

func (o *office) wantThere(want int) {
	o.t.Helper()
	if n := o.there(); n != want {
		o.t.Errorf("%d posts are there, want %d", n, want)
	}
}

// A worker that freezes after the gate, wakes when another has done its work.
func TestAFrozenWorkerSendsNothingAnymore(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
		for _, step := range []string{"claimed", "staged", "gated"} {
			before := o.there()
			post := o.one(o.x, nil)
			o.at(step, func() {
				o.wait(5 * time.Minute)
				o.until(post.ID, Published)
			})
			if err := o.ring(post.ID); err != nil {
				t.Fatal(err)
			}
			o.Step = nil
			o.wantThere(before + 1)
			if got := o.delivery(post.ID); got.State != Published {
				t.Errorf("%s: %s", step, got.State)
			}
		}
	})
}

// The answer comes after the lease, when others have looked twice and found
// nothing (the platform showed it late): it is adopted, not sent again.
func TestALateAnswerIsAdopted(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, c := range []struct {
			name  string
			state State
		}{
			{"while it waits to be sent again", Waiting},
			{"when it was missed meanwhile", Missed},
			{"when a person was asked meanwhile", NeedsPerson},
		} {
			t.Run(c.name, func(t *testing.T) {
				before := o.there()
				o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
				post := o.one(o.x, nil)
				o.at("answered", func() {
					o.wait(5 * time.Minute)
					row := o.promise(post.ID)
					o.exec(`UPDATE delivery SET state = $1, absent = 0 WHERE id = $2`, c.state, post.ID)
					o.exec(`UPDATE attempt SET ended_at = $1, outcome = 'lost' WHERE delivery_id = $2 AND ended_at = 0`, db.Micros(o.time()), post.ID)
					state := outbox.Done
					if c.state == Waiting {
						state = outbox.Open
					}
					o.exec(`UPDATE promise SET epoch = $1, state = $2 WHERE key = $3`, row.Epoch+1, state, post.ID)
				})
				if err := o.ring(post.ID); err != nil {
					t.Fatal(err)
				}
				if c.state == Waiting {
					if err := o.ring(post.ID); err != nil {
						t.Fatal(err)
					}
				}
				o.Step = nil
				o.wantThere(before + 1)
				if got := o.delivery(post.ID); got.State != Published || got.RemoteID == "" {
					t.Errorf("it stands at %s", got.State)
				}
				if n := o.count("delivery/"+string(post.ID), "delivery.published"); n != 1 {
					t.Errorf("%d lines in the trail say that it was published", n)
				}
			})
		}
	})
}

func TestWhatWasChangedBehindOurBackStays(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		withPicture := func(in *DraftInput) { in.Media = []Attached{{Media: o.picture(o.officer), Alt: "Genangan"}} }
		file := func(d Delivery) string {
			sha := d.Payload.Media[0].SHA256
			found := must(filepath.Glob(filepath.Join(o.folder, "*", sha)))(t)
			if len(found) != 1 {
				t.Fatalf("%d files", len(found))
			}
			return found[0]
		}
		reworded := func(d Delivery) string {
			p := d.Payload
			p.Text = "Naskah lain"
			return string(must(json.Marshal(p))(t))
		}
		for _, c := range []struct {
			name   string
			change func(d Delivery)
		}{
			{"the words", func(d Delivery) { o.exec(`UPDATE delivery SET payload = $1 WHERE id = $2`, reworded(d), d.ID) }},
			{"the words and the digest", func(d Delivery) {
				p := d.Payload
				p.Text = "Naskah lain"
				o.exec(`UPDATE delivery SET payload = $1, digest = $2 WHERE id = $3`, reworded(d), DigestOf(d.Channel, p, d.Window), d.ID)
			}},
			{"the words, the digest and the signature", func(d Delivery) {
				p := d.Payload
				p.Text = "Naskah lain"
				digest := DigestOf(d.Channel, p, d.Window)
				o.exec(`UPDATE delivery SET payload = $1, digest = $2 WHERE id = $3`, reworded(d), digest, d.ID)
				o.exec(`UPDATE approval SET digest = $1 WHERE origin_id = $2`, digest, d.OriginID)
			}},
			{"the signature ended", func(d Delivery) { o.exec(`UPDATE approval SET voided_at = 1 WHERE origin_id = $1`, d.OriginID) }},
			{"the window", func(d Delivery) { o.exec(`UPDATE delivery SET not_after = not_after + 1 WHERE id = $1`, d.ID) }},
			{"the picture is gone", func(d Delivery) { os.Remove(file(d)) }},
			{"the picture is another", func(d Delivery) { os.WriteFile(file(d), []byte("lain"), 0o600) }},
		} {
			for _, step := range []string{"claimed", "staged"} {
				t.Run(c.name+" after "+step, func(t *testing.T) {
					post, there := o.one(o.masto, withPicture), o.there()
					o.at(step, func() { c.change(post) })
					if err := o.ring(post.ID); err != nil {
						t.Fatal(err)
					}
					o.Step = nil
					if got := o.delivery(post.ID); got.State != Void && c.name != "the picture is another" && c.name != "the picture is gone" || got.State == Published {
						t.Errorf("it stands at %s", got.State)
					}
					o.wantThere(there)
				})
			}
		}
		t.Run("a picture that is another before the claim is void, and others go on", func(t *testing.T) {
			post, next := o.one(o.masto, withPicture), o.one(o.masto, nil)
			os.WriteFile(file(post), []byte("lain"), 0o600)
			o.until(post.ID, Void)
			o.until(next.ID, Published)
		})
	})
}

// The database refuses the record after the platform has accepted the post.
func TestTheRecordFailsAfterThePlatformAccepted(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
	for _, ch := range []channel.Channel{o.masto, o.x} {
		before := o.there()
		post := o.one(ch, nil)
		o.at("answered", func() {
			o.exec(`CREATE TRIGGER full BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
		})
		if err := o.ring(post.ID); err == nil {
			t.Error("a record that failed was no failure")
		}
		o.Step = nil
		o.exec(`DROP TRIGGER full`)
		o.wait(5 * time.Minute)
		o.until(post.ID, Published)
		o.wantThere(before + 1)
	}
}

// The wall clock steps forward past every lease while a call is under way: a
// second worker takes over, and must not conclude that the call is dead.
func TestTheClockStepsForwardDuringACall(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
	post := o.one(o.x, nil)
	o.at("gated", func() { // the call has not reached the platform yet
		o.wait(5 * time.Minute)
		for range 4 {
			row := o.promise(post.ID)
			if row.State == outbox.Open && row.Due.Sub(o.time()) > time.Second {
				break // it waits as long as a call may take
			}
			if err := o.ring(post.ID); err != nil {
				t.Fatal(err)
			}
			if o.delivery(post.ID).State == Waiting {
				t.Fatal("the call was declared dead at once")
			}
		}
		row := o.promise(post.ID)
		if left, least := row.Due.Sub(o.time()), o.Timing(x.Name).CallTimeout; left < least {
			t.Errorf("it is read back after %v, a call may take %v", left, least)
		}
	})
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	o.Step = nil
	o.until(post.ID, Published)
	o.wantThere(1)
}

func TestTheClockStepsBack(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	post := o.one(o.masto, nil)
	o.at("staged", func() { o.wait(-time.Minute) })
	if err := o.ring(post.ID); err != nil {
		t.Fatal(err)
	}
	o.wantThere(0)
	if got := o.delivery(post.ID); got.State != Waiting {
		t.Errorf("it stands at %s", got.State)
	}
	o.until(post.ID, Published)
	for _, p := range o.sandbox.World() {
		if p.At.Before(post.Due) {
			t.Errorf("%v early", post.Due.Sub(p.At))
		}
	}
}
