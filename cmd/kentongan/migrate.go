package main

import (
	"context"
	"fmt"

	"kentongan/configs"
	"kentongan/internal/db"
)

// migrate brings the schema up to date.
func migrate(ctx context.Context, c *call) error {
	cfg, err := c.settings("migrate", nil)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, databaseOf(cfg))
	if err != nil {
		return err
	}
	defer d.Close()
	n, err := d.Migrate(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.words.T("cmd.migrated", "steps", n, "engine", string(d.Engine())))
	return nil
}

// openData opens the office's database as it stands, migrated.
func openData(ctx context.Context, cfg configs.Config) (*db.DB, error) {
	d, err := db.Open(ctx, databaseOf(cfg))
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}
