package identity_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/vault"
)

const password = "perahu kertas biru"

// office is a city above two agencies, on a clock that tests move.
type office struct {
	*identity.Desk
	clock                 *atomic.Int64
	city, info, protokol  identity.Agency
	officer, admin, mayor identity.Person
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{clock: &atomic.Int64{}}
	o.clock.Store(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC).UnixMicro())
	now := func() time.Time { return time.UnixMicro(o.clock.Load()).UTC() }
	o.Desk = identity.NewDesk(d, v, now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	op := identity.Operator()
	o.city = o.agency(t, op, identity.Agency{Slug: "tirtawangi", Name: "Kota Tirtawangi"})
	o.info = o.agency(t, op, identity.Agency{Parent: o.city.ID, Slug: "diskominfo", Name: "Dinas Komunikasi dan Informatika"})
	o.protokol = o.agency(t, op, identity.Agency{Parent: o.city.ID, Slug: "protokol", Name: "Bagian Protokol dan Komunikasi Pimpinan"})
	o.officer = o.person(t, o.info, "ratih", identity.Officer)
	o.admin = o.person(t, o.info, "bayu", identity.Admin)
	o.mayor = o.person(t, o.city, "seno", identity.Leader)
	return o
}

func (o *office) agency(t *testing.T, by identity.Actor, a identity.Agency) identity.Agency {
	t.Helper()
	a, err := o.CreateAgency(t.Context(), by, a)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (o *office) person(t *testing.T, a identity.Agency, name string, r identity.Role) identity.Person {
	t.Helper()
	p, err := o.AddPerson(t.Context(), identity.Operator(), identity.Appointment{Agency: a.ID, Username: name, Name: strings.ToTitle(name), Password: password, Role: r})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (o *office) pass(d time.Duration) { o.clock.Add(d.Microseconds()) }

func (o *office) signIn(t *testing.T, name string) (string, identity.Actor) {
	t.Helper()
	cookie, err := o.SignIn(t.Context(), name, password)
	if err != nil {
		t.Fatal(err)
	}
	by, _, err := o.Session(t.Context(), cookie)
	if err != nil {
		t.Fatal(err)
	}
	return cookie, by
}

// trail is every deed noted about a person, oldest first.
func (o *office) trail(t *testing.T, id identity.PersonID) (deeds []string) {
	t.Helper()
	err := o.DB.View(t.Context(), func(tx *db.Tx) error {
		for _, a := range []identity.AgencyID{o.city.ID, o.info.ID, o.protokol.ID} {
			all, err := audit.List(t.Context(), tx, audit.Query{Agency: a, Subject: "person/" + string(id), Limit: 100})
			if err != nil {
				return err
			}
			for _, e := range all {
				deeds = append(deeds, e.Deed)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(deeds)
	return deeds
}

func TestARoleHoldsInEveryAgencyBelow(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		_, mayor := o.signIn(t, "seno")
		_, officer := o.signIn(t, "ratih")
		for _, c := range []struct {
			name string
			got  bool
			want bool
		}{
			{"the leader of the city signs in the city", mayor.May(identity.Approve, o.city.ID), true},
			{"the leader of the city signs in an agency below", mayor.May(identity.Approve, o.protokol.ID), true},
			{"an officer composes at home", officer.May(identity.Compose, o.info.ID), true},
			{"an officer composes nowhere beside it", officer.May(identity.Compose, o.protokol.ID), false},
			{"an officer composes nowhere above it", officer.May(identity.Compose, o.city.ID), false},
			{"the operator composes nowhere", identity.Operator().May(identity.Compose, o.info.ID), false},
		} {
			if c.got != c.want {
				t.Errorf("%s: %v", c.name, c.got)
			}
		}
		var members []identity.Member
		var children []identity.Agency
		err := d.View(t.Context(), func(tx *db.Tx) (err error) {
			if members, err = identity.Members(t.Context(), tx, o.info.ID); err != nil {
				return err
			}
			children, err = identity.Children(t.Context(), tx, o.city.ID)
			return err
		})
		if err != nil || len(members) != 3 || len(children) != 2 {
			t.Fatalf("members %v, children %v, %v", members, children, err)
		}
		if members[2].ID != o.mayor.ID || !slices.Equal(members[2].Roles, []identity.Role{identity.Leader}) {
			t.Errorf("the leader from above is not a member: %+v", members)
		}
	})
}

func TestAddPersonNamesEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	ok := identity.Appointment{Agency: o.info.ID, Username: "wulan", Name: "Wulan", Password: password, Role: identity.Officer}
	for name, c := range map[string]struct {
		change func(*identity.Appointment)
		want   []string
	}{
		"nothing at all is filled in": {func(a *identity.Appointment) { *a = identity.Appointment{Agency: o.info.ID} },
			[]string{"person.username_malformed", "person.name_missing", "person.password_short", "person.role_unknown"}},
		"a name with a space":                  {func(a *identity.Appointment) { a.Username = "wu lan" }, []string{"person.username_malformed"}},
		"a name that is taken, in capitals":    {func(a *identity.Appointment) { a.Username = " Ratih " }, []string{"person.username_taken"}},
		"a password of eleven letters":         {func(a *identity.Appointment) { a.Password = "abcdefghijk" }, []string{"person.password_short"}},
		"a password with the name in it":       {func(a *identity.Appointment) { a.Password = "si-Wulan-cantik" }, []string{"person.password_holds_name"}},
		"a password that everybody tries":      {func(a *identity.Appointment) { a.Password = "Diskominfo2026" }, []string{"person.password_common"}},
		"one letter, twelve times":             {func(a *identity.Appointment) { a.Password = "aaaaaaaaaaaa" }, []string{"person.password_common"}},
		"a password longer than anybody types": {func(a *identity.Appointment) { a.Password = strings.Repeat("lima kata ", 13) }, []string{"person.password_long"}},
		"an agency that is not there":          {func(a *identity.Appointment) { a.Agency = "none" }, []string{"agency.not_found"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := ok
			c.change(&a)
			_, err := o.AddPerson(t.Context(), identity.Operator(), a)
			var got []string
			for _, f := range fault.All(err) {
				got = append(got, f.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	if _, err := o.AddPerson(t.Context(), identity.Operator(), ok); err != nil {
		t.Errorf("the valid one is refused: %v", err)
	}
}

func TestWhoMayAppoint(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	ctx := t.Context()
	_, officer := o.signIn(t, "ratih")
	_, admin := o.signIn(t, "bayu")
	other := o.person(t, o.protokol, "galih", identity.Moderator)
	add := func(by identity.Actor, a identity.AgencyID) error {
		_, err := o.AddPerson(ctx, by, identity.Appointment{Agency: a, Username: "p" + db.NewID()[30:], Name: "Baru", Password: password, Role: identity.Officer})
		return err
	}
	tree := func(by identity.Actor, parent identity.AgencyID) error {
		_, err := o.CreateAgency(ctx, by, identity.Agency{Parent: parent, Slug: "a" + db.NewID()[30:], Name: "Seksi"})
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"an administrator adds a person at home", add(admin, o.info.ID), ""},
		{"an officer adds nobody", add(officer, o.info.ID), "person.no_power"},
		{"an administrator does not see the agency beside", add(admin, o.protokol.ID), "agency.not_found"},
		{"an administrator makes an agency below", tree(admin, o.info.ID), ""},
		{"an administrator starts no tree", tree(admin, ""), "agency.not_found"},
		{"a role for oneself, by an officer", o.Grant(ctx, officer, identity.Grant{Agency: o.info.ID, Person: officer.ID, Role: identity.Approver}), "person.no_power"},
		{"a role for another agency's person", o.Grant(ctx, admin, identity.Grant{Agency: o.info.ID, Person: other.ID, Role: identity.Officer}), "person.not_found"},
		{"an administrator signs as well", o.Grant(ctx, admin, identity.Grant{Agency: o.info.ID, Person: admin.ID, Role: identity.Approver}), "person.admin_stands_apart"},
		{"an officer moderates as well", o.Grant(ctx, admin, identity.Grant{Agency: o.info.ID, Person: o.officer.ID, Role: identity.Moderator}), ""},
		{"another agency's person is disabled", o.Disable(ctx, admin, other.ID), "person.not_found"},
		{"another agency's sessions are ended", o.RevokeAll(ctx, admin, other.ID), "person.not_found"},
		{"another agency's password is set", o.SetPassword(ctx, admin, other.ID, "sepeda tua merah"), "person.not_found"},
	} {
		if got := fault.Code(c.err); got != c.want || (c.want == "" && c.err != nil) {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.want)
		}
	}
	// A refused grant leaves neither the role nor a row in the trail.
	if _, again := o.signIn(t, "bayu"); again.May(identity.Approve, o.info.ID) {
		t.Error("the refused role is held")
	}
	if trail := o.trail(t, admin.ID); slices.Index(trail, "role.grant") != slices.Index(trail, "person.add")+1 || strings.Count(strings.Join(trail, " "), "role.grant") != 1 {
		t.Errorf("the trail of the administrator: %v", trail)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx := t.Context()
		_, admin := o.signIn(t, "bayu")
		for name, end := range map[string]func(t *testing.T, cookie string, by identity.Actor) error{
			"signed out":               func(t *testing.T, c string, _ identity.Actor) error { return o.SignOut(ctx, c) },
			"all revoked by oneself":   func(t *testing.T, _ string, by identity.Actor) error { return o.RevokeAll(ctx, by, by.ID) },
			"all revoked by the admin": func(t *testing.T, _ string, by identity.Actor) error { return o.RevokeAll(ctx, admin, by.ID) },
			"a new password": func(t *testing.T, _ string, by identity.Actor) error {
				return o.SetPassword(ctx, admin, by.ID, password)
			},
			"not used for long": func(*testing.T, string, identity.Actor) error { o.pass(o.Idle); return nil },
			"the last role withdrawn": func(t *testing.T, _ string, by identity.Actor) error {
				t.Cleanup(func() {
					if err := o.Grant(ctx, identity.Operator(), identity.Grant{Agency: o.info.ID, Person: by.ID, Role: identity.Officer}); err != nil {
						t.Error(err)
					}
				})
				return o.Withdraw(ctx, identity.Operator(), identity.Grant{Agency: o.info.ID, Person: by.ID, Role: identity.Officer})
			},
		} {
			t.Run(name, func(t *testing.T) {
				cookie, by := o.signIn(t, "ratih")
				if err := end(t, cookie, by); err != nil {
					t.Fatal(err)
				}
				if _, _, err := o.Session(ctx, cookie); fault.Code(err) != "session.ended" {
					t.Errorf("the session still opens: %v", err)
				}
			})
		}
		cookie, _ := o.signIn(t, "ratih")
		for range 3 { // in use all day: not idle, until it is too old
			o.pass(o.Age / 4)
			if _, _, err := o.Session(ctx, cookie); err != nil {
				t.Fatalf("ended while in use: %v", err)
			}
		}
		o.pass(o.Age / 4)
		if _, _, err := o.Session(ctx, cookie); fault.Code(err) != "session.ended" {
			t.Errorf("older than a session may be: %v", err)
		}
		if err := o.SignOut(ctx, "no such cookie"); err != nil {
			t.Errorf("signing out twice: %v", err)
		}
		cookie, _ = o.signIn(t, "ratih")
		if err := o.Disable(ctx, admin, o.officer.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.Session(ctx, cookie); fault.Code(err) != "session.ended" {
			t.Errorf("a disabled person's session opens: %v", err)
		}
		if _, err := o.SignIn(ctx, "ratih", password); fault.Code(err) != "sign_in.wrong" {
			t.Errorf("a disabled person signs in: %v", err)
		}
	})
}

func TestEverySignInHasANewCookieAndTheDatabaseHoldsNone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	first, _ := o.signIn(t, "ratih")
	second, _ := o.signIn(t, "ratih")
	if first == second || len(first) != 43 {
		t.Errorf("cookies %q, %q", first, second)
	}
	err := o.DB.View(t.Context(), func(tx *db.Tx) error {
		n, err := db.One(t.Context(), tx, "", db.Value[int64], `SELECT count(*) FROM session WHERE id IN ($1, $2)`, first, second)
		if n != 0 {
			t.Error("a cookie stands in the database")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWrongSignInsTellNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	for _, c := range []struct{ why, name, password string }{
		{"the password of somebody else", "ratih", "perahu kertas hijau"},
		{"nobody of that name", "tidak-ada", password},
		{"a password typed as the name", "perahu kertas biru", password},
		{"nothing typed", "", ""},
	} {
		if cookie, err := o.SignIn(t.Context(), c.name, c.password); fault.Code(err) != "sign_in.wrong" || cookie != "" {
			t.Errorf("%s: %q, %v", c.why, cookie, err)
		}
	}
	if trail := o.trail(t, o.officer.ID); trail[len(trail)-1] != "session.refuse" {
		t.Errorf("no trail of the failed try: %v", trail)
	}
	err := o.DB.View(t.Context(), func(tx *db.Tx) error {
		names, err := db.All(t.Context(), tx, db.Value[string], `SELECT name_hash FROM sign_in_failure`)
		if len(names) != 4 {
			t.Errorf("%d names counted", len(names))
		}
		for _, n := range names {
			if strings.Contains(n, "ratih") || strings.Contains(n, "perahu") {
				t.Errorf("a name in clear: %q", n)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Ten guesses at once must not pass while the first is still being hashed.
func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		var looked, closed atomic.Int64
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := o.SignIn(t.Context(), "ratih", "bukan kata sandinya")
				switch fault.Code(err) {
				case "sign_in.wrong":
					looked.Add(1)
				case "sign_in.throttled":
					closed.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if looked.Load() != 5 || closed.Load() != 5 {
			t.Fatalf("%d guesses looked at, %d refused", looked.Load(), closed.Load())
		}
		_, err := o.SignIn(t.Context(), "ratih", password)
		f := fault.Find(err)
		if f == nil || f.Code != "sign_in.throttled" || !f.RetryAt.Equal(o.Now().Add(30*time.Second)) {
			t.Fatalf("closed, even for the right password, for 30 s: %v", err)
		}
		if _, err := o.SignIn(t.Context(), "bayu", password); err != nil {
			t.Errorf("another name is closed, too: %v", err)
		}
		o.pass(30 * time.Second)
		o.signIn(t, "ratih")
		if _, err := o.SignIn(t.Context(), "ratih", "bukan kata sandinya"); fault.Code(err) != "sign_in.wrong" {
			t.Errorf("a success must start the count again: %v", err)
		}
	})
}

func TestSwitchAgencyAndPreference(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	ctx := t.Context()
	cookie, mayor := o.signIn(t, "seno")
	if mayor.Agency != o.city.ID {
		t.Errorf("starts at %s, not at home", mayor.Agency)
	}
	if err := o.Switch(ctx, cookie, o.protokol.ID); err != nil {
		t.Fatal(err)
	}
	if err := o.Prefer(ctx, mayor, identity.Preference{Language: "en", Theme: "dark"}); err != nil {
		t.Fatal(err)
	}
	by, s, err := o.Session(ctx, cookie)
	if err != nil || by.Agency != o.protokol.ID || s.Language != "en" || s.Theme != "dark" {
		t.Errorf("%+v, %+v, %v", by, s, err)
	}
	officer, _ := o.signIn(t, "ratih")
	if err := o.Switch(ctx, officer, o.protokol.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an officer works in an agency without a role there: %v", err)
	}
	if err := o.Prefer(ctx, mayor, identity.Preference{Language: "de", Theme: "loud"}); len(fault.All(err)) != 2 {
		t.Errorf("got %v", err)
	}
}

func TestChangingOnesOwnPassword(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	ctx := t.Context()
	cookie, by := o.signIn(t, "ratih")
	if err := o.ChangePassword(ctx, by, "bukan yang lama", "gerobak sayur pagi"); fault.Code(err) != "person.old_password_wrong" {
		t.Errorf("the old one is not asked for: %v", err)
	}
	if err := o.ChangePassword(ctx, by, password, "pendek"); fault.Code(err) != "person.password_short" {
		t.Errorf("got %v", err)
	}
	if err := o.ChangePassword(ctx, by, password, "gerobak sayur pagi"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.Session(ctx, cookie); fault.Code(err) != "session.ended" {
		t.Errorf("who knew the old password is still in: %v", err)
	}
	if _, err := o.SignIn(ctx, "ratih", password); fault.Code(err) != "sign_in.wrong" {
		t.Errorf("the old password opens: %v", err)
	}
	if _, err := o.SignIn(ctx, "ratih", "gerobak sayur pagi"); err != nil {
		t.Errorf("the new password does not open: %v", err)
	}
}
