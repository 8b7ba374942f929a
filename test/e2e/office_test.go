package e2e

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/insight"
	"kentongan/internal/media"
	"kentongan/internal/platform"
	"kentongan/internal/platform/mastodon"
	"kentongan/internal/safehttp"
	"kentongan/internal/vault"
	"kentongan/moderation"
	"kentongan/publisher"
	"kentongan/queue"
)

// office is every room on a real queue, as the program wires them: nobody in
// the test rings a promise.
type office struct {
	db         *db.DB
	people     *identity.Desk
	channels   *channel.Desk
	publisher  *publisher.Publisher
	inbox      *inbox.Inbox
	moderation *moderation.Moderation
	insight    *insight.Insight
	agency     identity.Agency
}

const password = "perahu kertas biru"

// openOffice opens the rooms and lets the queue run until the test ends.
func openOffice(t *testing.T, d *db.DB, redisURL string) *office {
	t.Helper()
	o := &office{db: d}
	folder, log := t.TempDir(), slog.New(slog.DiscardHandler)
	v, err := vault.Open(filepath.Join(folder, "key"))
	must(t, err)
	pictures, err := media.OpenStore(filepath.Join(folder, "media"))
	must(t, err)
	out := safehttp.New(safehttp.Options{AllowLoopback: true})
	o.channels = &channel.Desk{DB: d, Vault: v, Now: time.Now, Connectors: map[platform.Name]platform.Connector{mastodon.Name: mastodon.New(out)}}
	o.publisher = &publisher.Publisher{
		DB: d, Channels: o.channels, Media: pictures, Log: log, Now: time.Now, Lateness: 15 * time.Minute, MeasureAfter: time.Hour,
		Timing: func(platform.Name) publisher.Timing {
			return publisher.Timing{Lease: 30 * time.Second, CallTimeout: 15 * time.Second, Settle: 2 * time.Second}
		},
	}
	years, err := configs.Calendars()
	must(t, err)
	calendar, err := inbox.NewCalendar(years)
	must(t, err)
	o.inbox = &inbox.Inbox{DB: d, Vault: v, Channels: o.channels, Log: log, Now: time.Now, Every: 200 * time.Millisecond, Near: 15 * time.Minute, Calendar: calendar}
	o.channels.Connected = o.inbox.Connected
	policies, err := configs.Policies()
	must(t, err)
	rules, err := moderation.NewPolicy(policies[0])
	must(t, err)
	o.moderation = &moderation.Moderation{
		DB: d, Vault: v, Channels: o.channels, Inbox: o.inbox, Publisher: o.publisher,
		Classifier: moderation.NewClassifier(), Policy: rules, Log: log, Now: time.Now,
	}
	o.insight = &insight.Insight{DB: d, Channels: o.channels, Log: log, Now: time.Now, Cadence: insight.UsualCadence(), Near: o.inbox.Near}
	o.people = identity.NewDesk(d, v, time.Now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	o.agency, err = o.people.CreateAgency(t.Context(), identity.Operator(),
		identity.Agency{Slug: "diskominfo", Name: "Dinas Komunikasi dan Informatika", Zone: "Asia/Jakarta"})
	must(t, err)
	o.run(t, log, redisURL, folder)
	return o
}

// run keeps promises as they fall due, and stops cleanly with the test.
func (o *office) run(t *testing.T, log *slog.Logger, redisURL, folder string) {
	t.Helper()
	r, err := queue.OpenRedis(t.Context(), log, redisURL, string(queue.Embedded), folder)
	must(t, err)
	q := queue.New(o.db, r, log, time.Now, queue.Settings{Workers: 4})
	for kind, verb := range map[string]queue.Verb{
		publisher.KindDeliver:  o.publisher.Deliver,
		publisher.KindWatch:    o.publisher.Watch,
		publisher.KindMeasure:  o.insight.Measure,
		publisher.KindAnswered: o.moderation.Answered,
		inbox.KindPoll:         o.inbox.Poll,
		inbox.KindParse:        o.inbox.Parse,
		inbox.KindTriage:       o.moderation.Triage,
		moderation.KindEnforce: o.moderation.Enforce,
	} {
		q.Handle(kind, verb)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the queue ended with %v", err)
		}
		if err := r.Close(); err != nil {
			t.Errorf("Redis: %v", err)
		}
	})
}

// person joins the office and signs in with the password, as on the page.
func (o *office) person(t *testing.T, username, name string, role identity.Role) identity.Actor {
	t.Helper()
	_, err := o.people.AddPerson(t.Context(), identity.Operator(), identity.Appointment{
		Agency: o.agency.ID, Username: username, Name: name, Password: password, Role: role})
	must(t, err)
	session, err := o.people.SignIn(t.Context(), username, password)
	must(t, err)
	actor, _, err := o.people.Session(t.Context(), session)
	must(t, err)
	return actor
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until asks look again and again until it says true.
func until(t *testing.T, what string, look func() bool) {
	t.Helper()
	limit, tick := time.After(60*time.Second), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for !look() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("did not happen: %s", what)
		}
	}
}
