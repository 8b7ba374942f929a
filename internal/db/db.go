// Package db is the only door to database/sql. One SQL text runs on both
// SQLite and PostgreSQL: placeholders are $1, $2, …; times are BIGINT
// microseconds; identifiers are TEXT. What differs is asked of Tx.Engine.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"kentongan/internal/fault"
)

// Engine is the database behind the door.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. SQLite has one writer and a few readers; PostgreSQL
// has one pool that does both.
type DB struct {
	engine Engine
	write  *sql.DB
	read   *sql.DB

	mu       sync.Mutex
	watchers map[string][]chan struct{}
}

// Tx is one transaction. A function that takes a *Tx writes inside its
// caller's transaction; a function that does not opens its own.
type Tx struct {
	tx      *sql.Tx
	engine  Engine
	signals map[string]bool
}

// NewID makes an identifier that sorts by time (UUIDv7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Engine says which database runs.
func (d *DB) Engine() Engine { return d.engine }

// Close closes both pools.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Ping asks whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.write.PingContext(ctx); err != nil {
		return fault.Wrap(fault.Transient, "db.unreachable", err)
	}
	return nil
}

// Update runs f in a transaction and commits it if f returns nil. A panic in
// f rolls back and keeps unwinding.
func (d *DB) Update(ctx context.Context, f func(*Tx) error) error {
	t, err := d.run(ctx, d.write, nil, f)
	if err != nil {
		return err
	}
	d.signal(t.signals)
	return nil
}

// View runs f in a transaction that cannot write.
func (d *DB) View(ctx context.Context, f func(*Tx) error) error {
	_, err := d.run(ctx, d.read, &sql.TxOptions{ReadOnly: d.engine == Postgres}, f)
	return err
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, f func(*Tx) error) (*Tx, error) {
	tx, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return nil, wrap("begin", err)
	}
	defer tx.Rollback() // after a commit this does nothing
	t := &Tx{tx: tx, engine: d.engine}
	if err := f(t); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			err = ctx.Err() // whoever stopped us had it rolled back already
		}
		return nil, wrap("commit", err)
	}
	return t, nil
}

// Engine says which database the transaction runs on.
func (t *Tx) Engine() Engine { return t.engine }

// SkipLocked is the clause that keeps parallel claimers from waiting for each
// other. SQLite has one writer and needs none.
func (t *Tx) SkipLocked() string {
	if t.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Exec runs one statement and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, wrap(brief(query), err)
	}
	n, err := res.RowsAffected()
	return n, wrap(brief(query), err)
}

// Try runs f and, when it fails, undoes what f did and lets the transaction go
// on. Without it one refused statement ends the whole transaction on
// PostgreSQL, but not on SQLite.
func (t *Tx) Try(ctx context.Context, f func() error) error {
	if _, err := t.tx.ExecContext(ctx, "SAVEPOINT try"); err != nil {
		return wrap("savepoint", err)
	}
	failed := f()
	end := "RELEASE SAVEPOINT try"
	if failed != nil {
		end = "ROLLBACK TO SAVEPOINT try"
	}
	if _, err := t.tx.ExecContext(ctx, end); err != nil {
		return errors.Join(failed, wrap("savepoint", err))
	}
	return failed
}

// Scan reads one row into a value.
type Scan[T any] func(scan func(...any) error) (T, error)

// All returns every row. It closes the rows and reports what ended them.
func All[T any](ctx context.Context, t *Tx, read Scan[T], query string, args ...any) ([]T, error) {
	rows, err := t.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(brief(query), err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := read(rows.Scan)
		if err != nil {
			return nil, wrap(brief(query), err)
		}
		all = append(all, v)
	}
	return all, wrap(brief(query), rows.Err())
}

// One returns the only row, or a NotFound fault with the given code.
func One[T any](ctx context.Context, t *Tx, code string, read Scan[T], query string, args ...any) (T, error) {
	v, err := read(t.tx.QueryRowContext(ctx, query, args...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, code)
	}
	return v, wrap(brief(query), err)
}

// Value reads a single column: db.One(ctx, tx, code, db.Value[int64], …).
func Value[T any](scan func(...any) error) (v T, err error) {
	err = scan(&v)
	return v, err
}

// Signal wakes whoever subscribes to name, after this transaction has committed.
func (t *Tx) Signal(name string) {
	if t.signals == nil {
		t.signals = map[string]bool{}
	}
	t.signals[name] = true
}

// Subscribe returns a channel that receives after commits that signalled name
// in this process, and a function that ends it. Signals are merged; other
// processes' commits are not seen.
func (d *DB) Subscribe(name string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.watchers == nil {
		d.watchers = map[string][]chan struct{}{}
	}
	d.watchers[name] = append(d.watchers[name], c)
	return c, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.watchers[name] = slices.DeleteFunc(d.watchers[name], func(o chan struct{}) bool { return o == c })
	}
}

func (d *DB) signal(names map[string]bool) {
	if len(names) == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for name := range names {
		for _, c := range d.watchers[name] {
			select {
			case c <- struct{}{}:
			default: // one waiting signal is enough
			}
		}
	}
}

// brief is the start of a statement: enough to find it, without its arguments.
func brief(query string) string {
	q := strings.Join(strings.Fields(query), " ")
	if len(q) > 60 {
		q = q[:60] + "…"
	}
	return q
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	if fault.Find(err) != nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return fmt.Errorf("db: %s: %w", what, err)
}
