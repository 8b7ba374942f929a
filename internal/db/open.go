package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"modernc.org/sqlite"

	"kentongan/internal/fault"
)

// Open opens the database at address: a postgres:// URL, or the path of a
// SQLite file, which is made when it is not there. It does not migrate.
func Open(ctx context.Context, address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address)
	}
	return openSQLite(ctx, address)
}

func openPostgres(ctx context.Context, address string) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		// The driver's error may repeat the password of the address.
		return nil, fault.New(fault.Invalid, "db.bad_address", fault.Field("database.url"))
	}
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(8)
	d := &DB{engine: Postgres, write: pool, read: pool}
	if err := d.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return d, nil
}

// openSQLite opens one writer (BEGIN IMMEDIATE, so that two writers queue and
// never fail half-way) and a small pool of readers. synchronous=FULL: what a
// platform was told must survive a power cut.
func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, "db.no_folder", err, fault.Field("data"), fault.Arg("path", filepath.Dir(path)))
	}
	// SQLite would let everybody on the machine read it, and so its log beside it.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "db.cannot_open", err, fault.Field("data"), fault.Arg("path", path))
	}
	file.Close()
	base := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-4000)"
	write, err := sql.Open("sqlite", base+"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate")
	if err != nil {
		return nil, wrap("open", err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, fault.Wrap(fault.Invalid, "db.cannot_open", err, fault.Field("data"), fault.Arg("path", path))
	}
	read, err := sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		write.Close()
		return nil, wrap("open", err)
	}
	read.SetMaxOpenConns(4)
	return &DB{engine: SQLite, write: write, read: read}, nil
}

// IsUnique says whether err comes from a unique index: somebody else was first.
func IsUnique(err error) bool {
	if p, ok := errors.AsType[*pgconn.PgError](err); ok {
		return p.Code == "23505"
	}
	if s, ok := errors.AsType[*sqlite.Error](err); ok {
		return s.Code() == 2067 || s.Code() == 1555 // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY
	}
	return false
}

// IsBusy says whether trying the whole transaction again may help.
func IsBusy(err error) bool {
	if p, ok := errors.AsType[*pgconn.PgError](err); ok {
		return p.Code == "40001" || p.Code == "40P01"
	}
	if s, ok := errors.AsType[*sqlite.Error](err); ok {
		return s.Code()&0xff == 5 || s.Code()&0xff == 6 // SQLITE_BUSY, SQLITE_LOCKED
	}
	return false
}
