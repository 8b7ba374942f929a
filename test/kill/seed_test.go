package kill

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"sort"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// people are an author and an approver, and what became of their work.
type people struct {
	author, approver identity.Actor
	channels         []channel.Channel
	picture          media.ID
	approved         []approval
	n                int
}

type approval struct {
	id       publisher.PostID
	text     string
	due      time.Time
	pictures int
	part     string // what continues it; "" for nothing
}

// threaded says which platforms can be continued below a post.
func (r *run) threaded() map[string]bool {
	all := map[string]bool{}
	for _, ch := range r.people.channels {
		connector, err := r.office.publisher.Channels.Connector(ch.Platform)
		if err != nil {
			r.t.Fatal(err)
		}
		can := connector.Capabilities(platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode})
		all[string(ch.Platform)] = can.Thread
	}
	return all
}

// seedPeople makes an agency with an author and an approver, and connects one
// channel of each platform.
func (r *run) seedPeople() people {
	t, ctx := r.t, r.t.Context()
	t.Helper()
	desk := identity.NewDesk(r.office.db, nil, time.Now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, d identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: d.Name, Subject: d.Subject})
	})
	agency, err := desk.CreateAgency(ctx, identity.Operator(), identity.Agency{Slug: "diskominfo", Name: "Dinas Komunikasi dan Informatika"})
	if err != nil {
		t.Fatal(err)
	}
	var p people
	for _, who := range []struct {
		name string
		role identity.Role
		as   *identity.Actor
	}{{"rina", identity.Officer, &p.author}, {"hendra", identity.Approver, &p.approver}} {
		person, err := desk.AddPerson(ctx, identity.Operator(), identity.Appointment{
			Agency: agency.ID, Username: who.name, Name: who.name, Password: "bunyi-pukul-dua-kali", Role: who.role})
		if err != nil {
			t.Fatal(err)
		}
		*who.as = identity.NewActor(person.ID, who.name, agency.ID, identity.Web, map[identity.AgencyID][]identity.Role{agency.ID: {who.role}})
	}
	done := map[string]bool{}
	for _, c := range r.world.box.Credentials(r.world.server.URL) {
		if c.Mode != "" || done[c.Platform] || !slices.Contains(platformsUnder, c.Platform) {
			continue
		}
		done[c.Platform] = true
		ch, err := r.office.channels.ConnectSandbox(ctx, agency.ID, channel.Credential{
			Platform: platform.Name(c.Platform), BaseURL: c.BaseURL,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh},
			Of:    platform.Profile{RemoteID: c.AccountID, Handle: c.Handle},
		})
		if err != nil {
			t.Fatalf("%s: %v", c.Platform, err)
		}
		p.channels = append(p.channels, ch)
	}
	if len(p.channels) != len(platformsUnder) {
		t.Fatalf("connected %d channels, want %d", len(p.channels), len(platformsUnder))
	}
	var b bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	img.Set(1, 1, color.White)
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	pic, err := r.office.media.Add(ctx, r.office.db, p.author, "peta.png", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p.picture = pic.ID
	return p
}

// approveSome writes, submits and approves n posts, due within a second and a half; one
// more each time stays without approval and must never appear.
func (r *run) approveSome(n int) {
	t, ctx, p := r.t, r.t.Context(), r.office.publisher
	t.Helper()
	for i := range n + 1 {
		r.people.n++
		in := publisher.DraftInput{Text: fmt.Sprintf("Pengumuman nomor %d: puskesmas buka pukul %02d.00.", r.people.n, r.people.n%24), When: publisher.When{Zone: "Asia/Jakarta"}}
		for _, ch := range r.people.channels {
			in.Variants = append(in.Variants, publisher.VariantContent{Channel: ch.ID})
		}
		if r.people.n%2 == 0 && !r.plain {
			in.Media = []publisher.Attached{{Media: r.people.picture, Alt: "Peta puskesmas"}}
		}
		part := ""
		if i == 0 && !r.plain {
			part = fmt.Sprintf("Pengumuman nomor %d, bagian 2: bawa KTP.", r.people.n)
			in.Parts = []string{part}
		}
		post, err := p.Draft(ctx, r.people.author, in)
		if err != nil {
			t.Fatal(err)
		}
		if post, err = p.Submit(ctx, r.people.author, post.ID, post.Revision); err != nil {
			t.Fatal(err)
		}
		if i == n {
			return // waits for a second person for ever
		}
		due := time.Now().Add(time.Duration(400+r.rand.IntN(1000)) * time.Millisecond).UTC().Truncate(time.Microsecond)
		if _, err := p.Move(ctx, r.people.author, post.ID, due); err != nil {
			t.Fatal(err)
		}
		if err := p.Approve(ctx, r.people.approver, post.ID, post.Digest); err != nil {
			t.Fatal(err)
		}
		r.people.approved = append(r.people.approved, approval{post.ID, in.Text, due, len(in.Media), part})
	}
}

// count sums up the deliveries by state.
func (r *run) count() map[publisher.State]int {
	r.t.Helper()
	all := map[publisher.State]int{}
	err := r.office.db.View(r.t.Context(), func(tx *db.Tx) error {
		for _, a := range r.people.approved {
			ds, err := publisher.Deliveries(r.t.Context(), tx, r.people.author.Agency, publisher.OriginPost, string(a.id))
			if err != nil {
				return err
			}
			for _, d := range ds {
				all[d.State]++
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func (r *run) waiting() int { return r.count()[publisher.Waiting] }

func (r *run) underWay() int {
	c := r.count()
	return c[publisher.Waiting] + c[publisher.Sending] + c[publisher.Unconfirmed]
}

func (r *run) states() string {
	var all []string
	for s, n := range r.count() {
		all = append(all, fmt.Sprintf("%s:%d", s, n))
	}
	sort.Strings(all)
	return strings.Join(all, " ")
}
