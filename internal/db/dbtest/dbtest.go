// Package dbtest gives a test a migrated, empty database of its own: a copy of
// a template that is migrated once per test binary.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"kentongan/internal/db"
	"kentongan/test/real"
)

// New returns an empty database on SQLite, closed when the test ends.
func New(t testing.TB) *db.DB {
	t.Helper()
	return open(t, SQLite(t))
}

// NewPostgres returns an empty database on PostgreSQL.
func NewPostgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, Postgres(t))
}

// Both runs f on SQLite and on PostgreSQL, side by side.
func Both(t *testing.T, f func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, New(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, NewPostgres(t)) })
}

func open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// SQLite is the path of a fresh, migrated file: for tests that open the
// database themselves, or from a second process.
func SQLite(t testing.TB) string {
	t.Helper()
	whole, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kentongan.db")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var template = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "kt")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // closing it has folded the write-ahead log in
})

func migrate(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.Migrate(ctx)
	return err
}

// Postgres is the URL of a fresh, migrated database, dropped when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	server := real.Postgres(t)
	from, err := postgresTemplate(server)
	if err != nil {
		t.Fatal(err)
	}
	name := newName()
	if err := admin(server, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, from)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	return within(server, name)
}

// templates holds the one template of this test binary. On a server that a
// variable names it stays behind as kt_…; the server is the caller's.
var templates struct {
	once sync.Once
	name string
	err  error
}

func postgresTemplate(server string) (string, error) {
	templates.once.Do(func() {
		templates.name = newName()
		templates.err = admin(server, "CREATE DATABASE "+templates.name+" TEMPLATE template0")
		if templates.err == nil {
			templates.err = migrate(within(server, templates.name))
		}
	})
	return templates.name, templates.err
}

func newName() string {
	id := db.NewID()
	return "kt_" + id[len(id)-12:]
}

func within(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

// admin runs one statement outside any transaction.
func admin(server, statement string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, statement)
	return err
}
