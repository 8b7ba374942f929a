package publisher

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/platform/x"
	"kentongan/internal/sandbox"
)

// able is a connector whose abilities the test sets.
type able struct {
	platform.Connector
	change func(*platform.Capabilities)
	rules  []*platform.Refusal
	price  int64
}

func (c *able) Capabilities(a platform.Account) platform.Capabilities {
	can := c.Connector.Capabilities(a)
	if c.change != nil {
		c.change(&can)
	}
	return can
}

func (c *able) Check(platform.Account, platform.Outgoing) []*platform.Refusal { return c.rules }
func (c *able) Price(platform.Account, platform.Outgoing) int64               { return c.price }

// able wraps a platform's connector.
func (o *office) able(name platform.Name, change func(*platform.Capabilities)) *able {
	c := &able{Connector: o.Channels.Connectors[name], change: change}
	o.Channels.Connectors[name] = c
	return c
}

func threads(can *platform.Capabilities) { can.Thread, can.FirstComment = true, false }
func plain(can *platform.Capabilities) {
	can.Thread, can.FirstComment, can.VideoTypes = false, false, nil
}
func comments(can *platform.Capabilities) { can.Thread, can.FirstComment = false, true }

// thread is an approved post of one channel with two continuations and a first
// comment, due at once.
func (o *office) thread(ch channel.Channel) []Delivery {
	o.t.Helper()
	return o.threadOf(ch, "")
}

// threadOf is one whose texts all end with mark.
func (o *office) threadOf(ch channel.Channel, mark string) []Delivery {
	o.t.Helper()
	in := o.input()
	in.Variants, in.When = []VariantContent{{Channel: ch.ID}}, When{Zone: "Asia/Jakarta"}
	in.Text += mark
	in.Parts, in.Comment = []string{"2/3 Lewat Jalan Melati." + mark, "", "3/3 Dibuka lagi pukul 15.00." + mark}, "Tanya di sini."+mark
	return o.deliveries(o.approved(in).ID)
}

// chain are the texts below each other on the platform, from the first.
func (o *office) chain() (texts []string, tied bool) {
	below := map[string]string{}
	world := o.sandbox.World()
	last := ""
	for _, p := range world {
		if p.Ours && !p.Deleted {
			below[p.InReplyTo] = p.ID
		}
	}
	for range world {
		id, ok := below[last]
		if !ok {
			break
		}
		for _, p := range world {
			if p.ID == id {
				texts = append(texts, p.Text)
			}
		}
		delete(below, last)
		last = id
	}
	return texts, len(below) == 0
}

func TestPartsGoBelowEachOther(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.able(mastodon.Name, threads)
		all := o.thread(o.masto)
		if len(all) != 3 || all[1].After != all[0].ID || all[2].After != all[1].ID {
			t.Fatalf("%d deliveries", len(all))
		}
		// The last is rung first: it waits.
		if err := o.ring(all[2].ID); err != nil || o.delivery(all[2].ID).State != Waiting {
			t.Fatalf("%s, %v", o.delivery(all[2].ID).State, err)
		}
		for _, part := range all {
			o.until(part.ID, Published)
		}
		texts, tied := o.chain()
		if want := []string{all[0].Payload.Text + "\n\n" + all[0].Payload.Link, "2/3 Lewat Jalan Melati.", "3/3 Dibuka lagi pukul 15.00."}; !tied || !slices.Equal(texts, want) {
			t.Errorf("the platform shows %q, all below each other: %v", texts, tied)
		}
		first, last := o.delivery(all[0].ID), o.delivery(all[2].ID)
		if last.RootID != first.RemoteID || last.BelowID != o.delivery(all[1].ID).RemoteID {
			t.Errorf("the last stands below %s of %s", last.BelowID, last.RootID)
		}
		if v := o.view(PostID(first.OriginID)); v.Status != StatusPublished || len(v.Channels[0].Parts) != 2 || v.Channels[0].Parts[1].Delivery.ID != last.ID {
			t.Errorf("%s, %+v", v.Status, v.Channels[0].Parts)
		}
	})
}

func TestTheFirstCommentGoesBelowThePost(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.able(mastodon.Name, comments)
	all := o.thread(o.masto)
	if len(all) != 2 || all[1].Payload.Part != PartComment || all[1].After != all[0].ID {
		t.Fatalf("%+v", all)
	}
	o.until(all[0].ID, Published)
	o.until(all[1].ID, Published)
	if texts, tied := o.chain(); !tied || len(texts) != 2 || texts[1] != "Tanya di sini." {
		t.Errorf("%q", texts)
	}
}

// The platform accepts each part and does not answer; nothing is there twice,
// and every part stands below the one before.
func TestPartsArePublishedOnceWithoutAnswers(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
		for _, name := range []platform.Name{mastodon.Name, x.Name} {
			o.able(name, threads)
		}
		for _, ch := range []channel.Channel{o.masto, o.x} {
			before := o.there()
			o.sandbox.AddFault(sandbox.Fault{Platform: string(ch.Platform), Op: "publish", Kind: "commit-then-drop", Count: 3})
			for _, part := range o.thread(ch) {
				o.until(part.ID, Published)
			}
			o.wantThere(before + 3)
		}
	})
}

func TestAPartNeverLeavesWithoutTheOneBefore(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.able(mastodon.Name, threads)
		for _, c := range []struct {
			name string
			do   func(all []Delivery)
			want State
		}{
			{"it failed", func(all []Delivery) { o.setState(all[0], Failed) }, Held},
			{"it was missed", func(all []Delivery) { o.setState(all[0], Missed) }, Held},
			{"nobody knows", func(all []Delivery) { o.setState(all[0], NeedsPerson) }, Held},
			{"it is being read back", func(all []Delivery) { o.setState(all[0], Unconfirmed) }, Waiting},
			{"it was withdrawn", func(all []Delivery) { o.setState(all[0], Cancelled) }, Held},
			{"it waits for a person's hands", func(all []Delivery) { o.setState(all[0], ByHand) }, Waiting},
			{"it is another post's", func(all []Delivery) {
				other := o.one(o.masto, nil)
				o.until(other.ID, Published)
				o.exec(`UPDATE delivery SET after_id = $1 WHERE id = $2`, other.ID, all[1].ID)
			}, Void},
			{"its place is another", func(all []Delivery) {
				o.until(all[0].ID, Published)
				o.exec(`UPDATE delivery SET below_id = '999' WHERE id = $1`, all[1].ID)
			}, Void},
			{"its number is another", func(all []Delivery) {
				p := all[1].Payload
				p.Below = 1
				raw := must(json.Marshal(p))(t)
				o.exec(`UPDATE delivery SET payload = $1 WHERE id = $2`, string(raw), all[1].ID)
			}, Void},
			{"it has none", func(all []Delivery) { o.exec(`UPDATE delivery SET after_id = '' WHERE id = $1`, all[1].ID) }, Void},
		} {
			t.Run(c.name, func(t *testing.T) {
				all := o.thread(o.masto)
				c.do(all)
				there := o.there()
				if err := o.ring(all[1].ID); err != nil {
					t.Fatal(err)
				}
				if got := o.delivery(all[1].ID); got.State != c.want {
					t.Errorf("it stands at %s %s", got.State, got.Code)
				}
				o.wantThere(there)
				if post := PostID(all[0].OriginID); o.view(post).State == PostScheduled {
					_, _ = o.Withdraw(t.Context(), o.officer, post)
				}
			})
		}
	})
}

func TestReleasingAPostReleasesWhatWaitedBelowIt(t *testing.T) {
	o := newOffice(t, dbtest.New(t))
	o.able(mastodon.Name, threads)
	all := o.thread(o.masto)
	o.setState(all[0], Failed)
	for _, part := range all[1:] {
		o.until(part.ID, Held)
	}
	if err := o.Release(t.Context(), o.approver, all[0].ID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	for _, part := range all {
		o.until(part.ID, Published)
	}
	if texts, tied := o.chain(); !tied || len(texts) != 3 {
		t.Errorf("%q", texts)
	}
}

func TestPartsAreSignedWithThePost(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	o.able(mastodon.Name, threads)
	in := o.input()
	in.Parts = []string{"Lanjutan."}
	p := o.submitted(in)
	o.exec(`UPDATE variant SET below = REPLACE(below, 'Lanjutan.', 'Lain.') WHERE post_id = $1`, p.ID)
	wantFault(t, o.Approve(ctx, o.approver, p.ID, p.Digest), fault.Conflict, "post.approve.changed_since_seen")

	in.ID, in.Revision = "", 0
	one, other := o.submitted(in), in
	other.Parts = []string{"Lanjutan lain."}
	two := o.submitted(other)
	if one.Digest == two.Digest {
		t.Error("two threads with different continuations have one digest")
	}
	if err := o.Approve(ctx, o.approver, one.ID, one.Digest); err != nil {
		t.Fatal(err)
	}
	for _, d := range o.deliveries(one.ID) {
		if !o.signedNow(d) {
			t.Errorf("%q is not signed", d.Payload.Text)
		}
	}
	// An edit of a continuation alone ends what was signed.
	edit := o.editing(o.view(one.ID).Post)
	edit.Parts = []string{"Lanjutan yang diubah."}
	if back := o.draft(o.officer, edit); back.State != PostDraft || back.Parts[0] != "Lanjutan yang diubah." {
		t.Errorf("%s %q", back.State, back.Parts)
	}
	for _, d := range o.deliveries(one.ID) {
		if d.State != Void || o.promise(d.ID).State != outbox.Done {
			t.Errorf("%q is %s", d.Payload.Text, d.State)
		}
	}
}

func TestWhatFollowsAPostIsChecked(t *testing.T) {
	o, ctx := newOffice(t, dbtest.New(t)), t.Context()
	o.able(mastodon.Name, threads)
	o.able(x.Name, plain)
	long := make([]byte, 501)
	for i := range long {
		long[i] = 'a'
	}
	in := o.input()
	in.Parts, in.Comment = []string{"Lanjutan.", string(long)}, "Hubungi NIK 3273014507900003"
	r := must(o.Check(ctx, o.officer, in))(t)
	want := map[string]bool{"post.too_long parts.1": false, "post.personal_number comment": false, "post.no_thread_there parts.0": true, "post.no_first_comment_there comment": true}
	got := map[string]bool{}
	for _, f := range r.Findings {
		got[f.Fault.Code+" "+f.Fault.Field] = f.Warn
	}
	for w, warn := range want {
		if is, ok := got[w]; !ok || is != warn {
			t.Errorf("%s is missing of %v", w, got)
		}
	}
	if len(r.Channels[0].Parts) != 2 || r.Channels[0].Parts[1].Used != 501 {
		t.Errorf("counted %+v", r.Channels[0].Parts)
	}
}

// Threads under random faults, rung in random order by workers that die: each
// part is there once, below the one before it, and never without it.
func TestThreadsUnderRandomFaults(t *testing.T) {
	n := seed(t)
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.Lateness = 24 * time.Hour
		o.sandbox.SetRules(sandbox.Rules{AllowDuplicate: true})
		o.able(mastodon.Name, threads)
		dice := rand.New(rand.NewPCG(n, 2))
		kinds := []string{"commit-then-drop", "drop", "429", "5xx-html", "503-empty"}
		var all []Delivery
		for n := range 3 {
			all = append(all, o.threadOf(o.masto, " ("+strconv.Itoa(n)+")")...)
		}
		died, steps := 0, 0
		for range 800 {
			if o.count2(all, Published) == len(all) {
				break
			}
			o.sandbox.ClearFaults()
			if dice.IntN(3) == 0 {
				o.sandbox.AddFault(sandbox.Fault{Platform: "mastodon", Op: "publish", Kind: kinds[dice.IntN(len(kinds))], Commit: dice.IntN(2) == 0})
			}
			o.Step = func(string, platform.Name) {
				if steps++; steps == 7 || dice.IntN(12) == 0 {
					died++
					panic("the worker died")
				}
			}
			func() {
				defer func() { _ = recover() }()
				part := all[dice.IntN(len(all))]
				if o.delivery(part.ID).State == Published {
					return
				}
				if row := o.promise(part.ID); row.State == outbox.Taken {
					o.wait(5 * time.Minute) // its lease ends
				}
				if err := o.ring(part.ID); err != nil {
					t.Fatal(err)
				}
			}()
			o.inOrder(all)
			if t.Failed() {
				return
			}
		}
		if n := o.count2(all, Published); n != len(all) || died == 0 {
			for _, d := range all {
				t.Logf("%q %s %s %+v at %s", o.delivery(d.ID).Payload.Text, o.delivery(d.ID).State, o.delivery(d.ID).Code, o.promise(d.ID), o.time())
			}
			t.Errorf("%d of %d parts are published; %d workers died", n, len(all), died)
		}
		o.wantThere(len(all))
	})
}

func (o *office) count2(all []Delivery, s State) (n int) {
	for _, d := range all {
		if o.delivery(d.ID).State == s {
			n++
		}
	}
	return n
}

// inOrder fails when something below a post is there without what it follows.
func (o *office) inOrder(all []Delivery) {
	o.t.Helper()
	there := map[string]bool{}
	for _, p := range o.sandbox.World() {
		if p.Ours && !p.Deleted {
			there[p.ID] = true
		}
	}
	for _, p := range o.sandbox.World() {
		if p.Ours && p.InReplyTo != "" && !there[p.InReplyTo] {
			o.t.Errorf("%q stands below nothing", p.Text)
		}
	}
	for _, d := range all {
		now := o.delivery(d.ID)
		if now.State == Published && now.After != "" && o.delivery(now.After).State != Published {
			o.t.Errorf("%q is public before the part before it", now.Payload.Text)
		}
	}
}
