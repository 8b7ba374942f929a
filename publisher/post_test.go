package publisher

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
)

func TestStatusJoinsTheDeliveries(t *testing.T) {
	leg := func(s ...State) (legs []Leg) {
		for _, x := range s {
			legs = append(legs, Leg{State: x})
		}
		return legs
	}
	old := Leg{State: Void, Code: superseded}
	for name, c := range map[string]struct {
		state PostState
		legs  []Leg
		want  Status
	}{
		"a draft":                             {PostDraft, []Leg{old}, StatusDraft},
		"rejected":                            {PostRejected, nil, StatusRejected},
		"all wait":                            {PostScheduled, leg(Waiting, Waiting), StatusScheduled},
		"all wait, after an earlier approval": {PostScheduled, append(leg(Waiting), old), StatusScheduled},
		"one has left":                        {PostScheduled, leg(Waiting, Published), StatusLeaving},
		"one is leaving":                      {PostScheduled, leg(Sending, Published), StatusLeaving},
		"one is read back":                    {PostScheduled, leg(Unconfirmed), StatusLeaving},
		"all are there":                       {PostDone, leg(Published, Published), StatusPublished},
		"one was withdrawn":                   {PostDone, leg(Published, Cancelled), StatusPartly},
		"one became void by itself":           {PostDone, leg(Published, Void), StatusPartly},
		"nothing will go out":                 {PostDone, leg(Void, Void), StatusAttention},
		"one failed":                          {PostDone, leg(Published, Failed), StatusAttention},
		"one is held, one waits":              {PostScheduled, leg(Waiting, Held), StatusAttention},
		"all cancelled one by one":            {PostDone, leg(Cancelled), StatusWithdrawn},
		"a person is to publish one":          {PostScheduled, leg(Published, ByHand), StatusByHand},
		"a person is to publish all of it":    {PostScheduled, leg(ByHand), StatusByHand},
		"one failed beside a person's task":   {PostScheduled, leg(ByHand, Failed), StatusAttention},
	} {
		if got := StatusOf(c.state, c.legs); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestATitleIsMadeOfTheFirstWords(t *testing.T) {
	for in, want := range map[[2]string]string{
		{" Banjir ", "teks"}:              "Banjir",
		{"", "\n Baris satu \nbaris dua"}: "Baris satu",
		{"", ""}:                          "",
		{"", "Pemerintah Kota Tirtawangi mengimbau warga di bantaran Kali Wening untuk segera mengungsi"}: "Pemerintah Kota Tirtawangi mengimbau warga di bantaran Kali Wening…",
	} {
		if got := titleOf(in[0], in[1]); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// seed is random for each run and printed; KENTONGAN_SEED repeats a run.
func seed(t *testing.T) uint64 {
	n := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("KENTONGAN_SEED"), 10, 64); err == nil {
		n = given
	}
	t.Logf("KENTONGAN_SEED=%d", n)
	return n
}

// Whatever people do, in whatever order: what can leave was signed by somebody
// who wrote none of it, and says what the post says now.
func TestNothingCanLeaveThatWasNotSigned(t *testing.T) {
	n := seed(t)
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.able(mastodon.Name, func(can *platform.Capabilities) { can.Thread, can.FirstComment = true, true })
		w := walk{office: o, hand: o.whatsapp(), dice: rand.New(rand.NewPCG(n, 1))}
		w.post = o.draft(o.officer, w.whole())
		done := map[string]int{}
		for range 120 {
			deed, err := w.step()
			if err == nil {
				done[deed]++
			} else if fault.KindOf(err) == fault.Internal {
				t.Fatalf("%s: %v", deed, err)
			}
			w.holds(t, deed)
			if t.Failed() {
				return
			}
		}
		for _, deed := range []string{"draft", "submit", "approve", "move"} {
			if done[deed] == 0 {
				t.Errorf("the walk never came to %s: it is blind (%v)", deed, done)
			}
		}
	})
}

// walk is a random walk of several people over one post.
type walk struct {
	*office
	hand     channel.Channel // a person publishes there
	dice     *rand.Rand
	post     Post
	revision int64
}

func (w *walk) anyone() identity.Actor {
	likely := []identity.Actor{w.officer, w.officer, w.officer, w.both, w.both, w.approver, w.approver, w.approver, w.leader, w.auditor, w.stranger}
	return likely[w.dice.IntN(len(likely))]
}

// later is three hours from now, movable for two more.
func (w *walk) later() When {
	wib := time.FixedZone("WIB", 7*3600)
	return When{Wall: w.time().Add(3 * time.Hour).In(wib).Format(wallLayout), Zone: "Asia/Jakarta", MoveUntil: w.time().Add(5 * time.Hour).In(wib).Format(wallLayout)}
}

// whole is a post with everything that may go with it.
func (w *walk) whole() DraftInput {
	in := w.input()
	in.When = w.later()
	in.Variants = append(in.Variants, VariantContent{Channel: w.hand.ID})
	in.Parts, in.Comment = []string{"Lanjutan."}, "Tanya di sini."
	return in
}

func (w *walk) step() (deed string, err error) {
	ctx, by := w.t.Context(), w.anyone()
	p := w.view(w.post.ID).Post
	if p.State == PostRejected || p.State == PostWithdrawn || p.State == PostDone {
		w.post, w.revision = w.draft(w.officer, w.whole()), 0
		return "new", nil
	}
	switch w.dice.IntN(12) {
	case 0, 1:
		in := w.editing(p)
		in.Revision -= int64(w.dice.IntN(2))
		switch w.dice.IntN(3) {
		case 0:
			in.Text += " lagi"
		case 1:
			in.Parts = append(in.Parts[:min(2, len(in.Parts))], "Lanjutan "+strconv.Itoa(w.dice.IntN(100)))
		default:
			in.Comment += " lagi"
		}
		in.When = w.later()
		_, err = w.Draft(ctx, by, in)
		return "draft", err
	case 2, 3, 4:
		_, err = w.Submit(ctx, by, p.ID, p.Revision)
		return "submit", err
	case 5, 6, 7:
		seen := p.Digest
		if w.dice.IntN(4) == 0 {
			seen = DigestOfPage([]Digest{p.Digest})
		}
		return "approve", w.Approve(ctx, by, p.ID, seen)
	case 8:
		return "return", w.Return(ctx, by, p.ID, "alasan")
	case 9, 10:
		_, err = w.Move(ctx, by, p.ID, w.time().Add(time.Duration(w.dice.IntN(8*60))*time.Minute))
		return "move", err
	}
	switch w.dice.IntN(8) {
	case 0:
		_, err = w.Withdraw(ctx, by, p.ID)
		return "withdraw", err
	case 1:
		return "reject", w.Reject(ctx, by, p.ID, "alasan")
	}
	w.wait(time.Duration(w.dice.IntN(20)) * time.Minute)
	return "wait", nil
}

func (w *walk) holds(t *testing.T, deed string) {
	v := w.view(w.post.ID)
	if v.Revision < w.revision {
		t.Errorf("after %s the revision went back", deed)
	}
	w.revision = v.Revision
	leaves, all := 0, 0
	for _, variant := range v.Variants {
		all += 1 + len(variant.Below)
	}
	for _, d := range w.deliveries(v.ID) {
		open := w.promise(d.ID).State == outbox.Open
		// What was void may be signed anew in the same words: a new delivery carries it.
		if open != (d.State == Waiting) || d.State != Void && open != w.signedNow(d) {
			t.Errorf("after %s: %s, promise open %v, signed %v", deed, d.State, open, w.signedNow(d))
		}
		if !open {
			continue
		}
		leaves++
		says := ""
		for _, variant := range v.Variants {
			if variant.Channel == d.Channel {
				says = v.Says(variant)
			}
		}
		switch d.Payload.Part {
		case PartThread:
			says = v.Parts[d.Payload.Below]
		case PartComment:
			says = v.Comment
		}
		if (d.Payload.Part != "") != (d.After != "") {
			t.Errorf("after %s: %q leaves after %q", deed, says, d.After)
		}
		if d.Payload.Text != says || !d.Window.Holds(d.Due) || !d.Due.Equal(v.Due) {
			t.Errorf("after %s: what would leave is not what the post says: %q at %s, want %q at %s", deed, d.Payload.Text, d.Due, says, v.Due)
		}
	}
	if (v.State == PostScheduled) != (leaves == all && all > len(v.Variants)) || v.State != PostScheduled && leaves > 0 {
		t.Errorf("after %s: %s with %d deliveries that can leave", deed, v.State, leaves)
	}
	for _, s := range v.Signatures {
		if s.VoidedAt.IsZero() && v.WroteIt(s.By) {
			t.Errorf("after %s: %s signed their own post", deed, s.ByName)
		}
	}
}
