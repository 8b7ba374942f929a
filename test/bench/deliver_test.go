// Package bench measures the whole way of approved posts: promise, clock, ring,
// claim and fence, the platform's wire protocol over HTTP, receipt.
package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/internal/outbox"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
	"kentongan/publisher"
	"kentongan/queue"
	"kentongan/test/real"
)

const agencies = 8 // a channel has one delivery in flight, so several are needed

// BenchmarkDeliveries publishes b.N posts that are all due at once. A figure is
// only printed when every post is on the platform exactly once.
func BenchmarkDeliveries(b *testing.B) {
	for _, c := range []struct {
		name     string
		database func(testing.TB) string
		redis    func(testing.TB) (url string)
	}{
		{"sqlite/embedded", dbtest.SQLite, func(testing.TB) string { return "" }},
		{"sqlite/redis", dbtest.SQLite, redisURL},
		{"postgres/embedded", dbtest.Postgres, func(testing.TB) string { return "" }},
		{"postgres/redis", dbtest.Postgres, redisURL},
	} {
		b.Run(c.name, func(b *testing.B) {
			o := open(b, c.database(b))
			o.seed(b)
			for i := range b.N {
				o.approve(b, i)
			}
			r, err := queue.OpenRedis(b.Context(), quiet, c.redis(b), string(queue.Embedded), b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer r.Close()
			b.ResetTimer()
			o.deliver(b, r)
			b.StopTimer()
			if got := len(o.published(b)); got != b.N {
				b.Fatalf("%d of %d posts are on the platform", got, b.N)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}

var quiet = slog.New(slog.DiscardHandler)

func redisURL(t testing.TB) string {
	network, address := real.Redis(t)
	if network == "unix" {
		return "unix://" + address
	}
	return "redis://" + address
}

type office struct {
	*publisher.Publisher
	box     *sandbox.Sandbox
	url     string
	done    chan struct{} // one for each post that is on the platform
	writers []writer
}

type writer struct {
	author, approver identity.Actor
	channel          channel.Channel
}

func open(b *testing.B, address string) *office {
	b.Helper()
	d, err := db.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	v, err := vault.Open(filepath.Join(b.TempDir(), "key"))
	if err != nil {
		b.Fatal(err)
	}
	files, err := media.OpenStore(filepath.Join(b.TempDir(), "media"))
	if err != nil {
		b.Fatal(err)
	}
	box, err := sandbox.New(sandbox.Options{Seed: 1, Log: quiet})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(box.Handler())
	b.Cleanup(func() { server.CloseClientConnections(); server.Close(); box.Close() })
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	o := &office{box: box, url: server.URL, done: make(chan struct{}, b.N)}
	o.Publisher = &publisher.Publisher{
		DB: d, Log: quiet, Now: time.Now, Lateness: time.Hour, MeasureAfter: time.Hour, Media: files,
		Channels: &channel.Desk{DB: d, Vault: v, Now: time.Now, Connectors: map[platform.Name]platform.Connector{mastodon.Name: mastodon.New(client)}},
		Timing: func(platform.Name) publisher.Timing {
			return publisher.Timing{Lease: time.Minute, CallTimeout: 30 * time.Second, Settle: 10 * time.Second}
		},
		Step: func(step string, _ platform.Name) {
			if step == "recorded" {
				o.done <- struct{}{}
			}
		},
	}
	return o
}

// seed makes agencies with an author, an approver and a channel each.
func (o *office) seed(b *testing.B) {
	b.Helper()
	desk := identity.NewDesk(o.DB, nil, time.Now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, d identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: d.Name, Subject: d.Subject})
	})
	for i := range agencies {
		a, err := desk.CreateAgency(b.Context(), identity.Operator(), identity.Agency{Slug: fmt.Sprintf("dinas-%d", i), Name: "Dinas"})
		if err != nil {
			b.Fatal(err)
		}
		actor := func(role identity.Role) identity.Actor {
			name := fmt.Sprintf("%s-%d", role, i)
			p, err := desk.AddPerson(b.Context(), identity.Operator(), identity.Appointment{
				Agency: a.ID, Username: name, Name: name, Password: "bunyi-pukul-dua-kali", Role: role})
			if err != nil {
				b.Fatal(err)
			}
			return identity.NewActor(p.ID, name, a.ID, identity.Web, map[identity.AgencyID][]identity.Role{a.ID: {role}})
		}
		w := writer{author: actor(identity.Officer), approver: actor(identity.Approver)}
		for _, c := range o.box.Credentials(o.url) {
			if c.Platform != string(mastodon.Name) || w.channel.ID != "" {
				continue
			}
			w.channel, err = o.Channels.ConnectSandbox(b.Context(), a.ID, channel.Credential{
				Platform: mastodon.Name, BaseURL: c.BaseURL, App: platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret},
				Token: platform.Token{Access: c.Token.Access},
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		o.writers = append(o.writers, w)
	}
}

func (o *office) approve(b *testing.B, n int) {
	b.Helper()
	w := o.writers[n%len(o.writers)]
	post, err := o.Draft(b.Context(), w.author, publisher.DraftInput{
		Text:     fmt.Sprintf("Pengumuman nomor %d: puskesmas buka hari ini.", n),
		Variants: []publisher.VariantContent{{Channel: w.channel.ID}}, When: publisher.When{Zone: "Asia/Jakarta"},
	})
	if err == nil {
		post, err = o.Submit(b.Context(), w.author, post.ID, post.Revision)
	}
	if err == nil {
		err = o.Approve(b.Context(), w.approver, post.ID, post.Digest)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// deliver runs the queue until every post was recorded.
func (o *office) deliver(b *testing.B, r *queue.Redis) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	q := queue.New(o.DB, r, quiet, time.Now, queue.Settings{Workers: 2 * agencies})
	q.Handle(publisher.KindDeliver, o.Deliver)
	q.Handle(publisher.KindMeasure, func(context.Context, outbox.Ring) error { return nil })
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	for range b.N {
		select {
		case <-o.done:
		case err := <-ended:
			b.Fatalf("the queue ended: %v", err)
		case <-time.After(time.Minute):
			b.Fatal("nothing was delivered for a minute")
		}
	}
	b.StopTimer()
	stop()
	<-ended
}

// published are the distinct texts on the platform; a second copy fails.
func (o *office) published(b *testing.B) map[string]bool {
	b.Helper()
	texts := map[string]bool{}
	for _, p := range worldPosts(b, o.url) {
		if texts[p] {
			b.Errorf("twice on the platform: %s", p)
		}
		texts[p] = true
	}
	return texts
}
