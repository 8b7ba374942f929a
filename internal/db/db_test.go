package db

import (
	"path/filepath"
	"testing"
)

func TestSignalsComeAfterTheCommit(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "k.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := d.Migrate(ctx); err != nil || n == 0 {
		t.Fatalf("migrated %d steps: %v", n, err)
	}
	bell, stop := d.Subscribe("outbox")
	defer stop()
	defer func() {
		if recover() == nil {
			t.Error("a panic in a transaction must keep unwinding")
		}
		if len(bell) != 1 {
			t.Error("the committed signal is gone, or the rolled-back one was sent")
		}
	}()
	if err := d.Update(ctx, func(tx *Tx) error { tx.Signal("outbox"); tx.Signal("outbox"); return nil }); err != nil {
		t.Fatal(err)
	}
	d.Update(ctx, func(tx *Tx) error { tx.Signal("outbox"); panic("on purpose") })
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "k.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = d.View(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO live (id, at, agency_id, kind, subject) VALUES ($1, $2, $3, $4, $5)`, NewID(), 1, "a", "k", "s")
		return err
	})
	if err == nil {
		t.Error("a view wrote a row")
	}
}
