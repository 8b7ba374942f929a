package main

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/configs"
	"kentongan/internal/channel"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/internal/sandbox"
	"kentongan/internal/telemetry"
	"kentongan/publisher"
	"kentongan/test/real"
)

// machine is a computer with a data folder of its own, on a shared database
// and a shared Redis.
func machine(t *testing.T, database, redis string) (folder string, environ []string) {
	t.Helper()
	folder = t.TempDir()
	return folder, []string{"LANG=en", "KENTONGAN_DATA=" + folder, "KENTONGAN_DATABASE_URL=" + database, "KENTONGAN_REDIS_URL=" + redis,
		"KENTONGAN_LISTEN=127.0.0.1:0", "KENTONGAN_LOG_LEVEL=warn"}
}

// Pages on one machine, work on another: what is approved on the first leaves
// from the second. A machine with another key is not let in.
func TestPagesAndWorkOnTwoMachines(t *testing.T) {
	t.Parallel()
	_, socket := real.Redis(t)
	database, redis := dbtest.Postgres(t), "unix://"+socket
	first, onFirst := machine(t, database, redis)
	second, onSecond := machine(t, database, redis)

	pages := startOn(t, onFirst, "serve", "--role", "web")
	answers(t, pages.address(t)+"/readyz")
	o := anOffice(t, onFirst)
	post, approver := o.approved(t)

	refused := startOn(t, onSecond, "serve", "--role", "worker")
	if code := <-refused.ended; code != 1 || !strings.Contains(refused.log.String(), "is not the key that sealed this data") {
		t.Fatalf("a worker with a key of its own: %d\n%s", code, refused.log)
	}
	key, err := os.ReadFile(filepath.Join(first, "key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(second, "key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := o.delivery(t, approver, post); d.State != publisher.Waiting {
		t.Errorf("without a worker the delivery is %s", d.State)
	}
	work := startOn(t, onSecond, "serve", "--role", "worker")
	err = until(t.Context(), func() (bool, error) { return o.delivery(t, approver, post).State == publisher.Published, nil })
	if err != nil {
		t.Errorf("not published: %v", err)
	}
	there := 0
	for _, p := range o.box.World() {
		if p.Ours {
			there++
		}
	}
	if there != 1 {
		t.Errorf("%d posts on the platform", there)
	}
	work.end(t)
	pages.end(t)
}

// startOn is start with a machine's settings; nobody reads what it says.
func startOn(t *testing.T, environ []string, args ...string) *started {
	t.Helper()
	s := startWith(t, environ, args...)
	if args[len(args)-1] != "web" {
		go func() {
			for s.said.Scan() {
			}
		}()
	}
	return s
}

type sharedOffice struct {
	*app
	box       *sandbox.Sandbox
	platforms string // where the pretended platforms answer
	agency    identity.Agency
}

// anOffice works on the first machine's data as its pages do.
func anOffice(t *testing.T, environ []string) *sharedOffice {
	t.Helper()
	cfg, err := configs.Load("", environ)
	if err != nil {
		t.Fatal(err)
	}
	a, err := build(t.Context(), cfg, telemetry.Logger(os.Stderr, "error", "text"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.close() })
	o := &sharedOffice{app: a}
	if o.box, err = sandbox.New(sandbox.Options{Seed: 3}); err != nil {
		t.Fatal(err)
	}
	platforms := httptest.NewServer(o.box.Handler())
	o.platforms = platforms.URL
	t.Cleanup(func() { platforms.Close(); o.box.Close() })
	if o.agency, err = a.people.CreateAgency(t.Context(), identity.Operator(), offices[0]); err != nil {
		t.Fatal(err)
	}
	for _, c := range o.box.Credentials(platforms.URL) {
		if c.Platform != "mastodon" {
			continue
		}
		if _, err := a.channels.ConnectSandbox(t.Context(), o.agency.ID, channel.Credential{
			Platform: platform.Name(c.Platform), BaseURL: c.BaseURL, Token: platform.Token{Access: c.Token.Access},
			App: platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret},
		}); err != nil {
			t.Fatal(err)
		}
		break
	}
	return o
}

func (o *sharedOffice) member(t *testing.T, username string, role identity.Role) identity.Actor {
	t.Helper()
	p, err := o.people.AddPerson(t.Context(), identity.Operator(), identity.Appointment{
		Agency: o.agency.ID, Username: username, Name: username, Password: demoPassword, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return identity.NewActor(p.ID, p.Name, o.agency.ID, identity.Web, map[identity.AgencyID][]identity.Role{o.agency.ID: {role}})
}

// approved takes a post to a second person's signature.
func (o *sharedOffice) approved(t *testing.T) (publisher.PostID, identity.Actor) {
	t.Helper()
	ctx := t.Context()
	author, approver := o.member(t, "rina", identity.Officer), o.member(t, "hendra", identity.Approver)
	d := demonstration{app: o.app}
	all, err := d.fitting(ctx, o.agency.ID, script{})
	if err != nil {
		t.Fatal(err)
	}
	post, err := o.publisher.Draft(ctx, author, publisher.DraftInput{
		Text: "Pasar Melati buka sampai malam.", Variants: all, When: publisher.When{Zone: o.agency.Zone}})
	if err == nil {
		post, err = o.publisher.Submit(ctx, author, post.ID, post.Revision)
	}
	if err == nil {
		err = o.publisher.Approve(ctx, approver, post.ID, post.Digest)
	}
	if err != nil {
		t.Fatal(err)
	}
	return post.ID, approver
}

func (o *sharedOffice) delivery(t *testing.T, by identity.Actor, id publisher.PostID) publisher.Delivery {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	v, err := o.publisher.LoadPost(ctx, by, id)
	if err != nil || len(v.Channels) != 1 || v.Channels[0].Delivery == nil {
		t.Fatalf("%+v, %v", v.Channels, err)
	}
	return *v.Channels[0].Delivery
}
