package main

import (
	"context"
	"fmt"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/moderation"
)

// auditVerify reads the whole trail and names every row that was changed after
// it was written.
func auditVerify(ctx context.Context, c *call) error {
	cfg, err := c.settings("audit verify", nil)
	if err != nil {
		return err
	}
	d, err := openData(ctx, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	rows, broken, err := audit.Verify(ctx, d)
	if err != nil {
		return err
	}
	for _, b := range broken {
		fmt.Fprintln(c.out, c.words.T("cmd.audit.broken", "id", b.ID, "deed", b.Deed, "subject", b.Subject))
	}
	if len(broken) > 0 {
		return fault.New(fault.Conflict, "audit.broken", fault.Arg("broken", len(broken)), fault.Arg("rows", rows))
	}
	fmt.Fprintln(c.out, c.words.T("cmd.audit.whole", "rows", rows))
	return accountAgrees(ctx, c, d)
}

// accountAgrees counts the public account twice, from the trail and from the
// tables, and names every decision of which they tell different things.
func accountAgrees(ctx context.Context, c *call, d *db.DB) error {
	subjects, differ, err := (&moderation.Moderation{DB: d}).CompareAccount(ctx)
	if err != nil {
		return err
	}
	for _, m := range differ {
		fmt.Fprintln(c.out, c.words.T("cmd.account.differs", "number", m.Number, "subject", m.Subject, "trail", m.Trail, "tables", m.Tables))
	}
	if len(differ) > 0 {
		return fault.New(fault.Conflict, "account.differs", fault.Arg("differ", len(differ)), fault.Arg("subjects", subjects))
	}
	fmt.Fprintln(c.out, c.words.T("cmd.account.whole", "subjects", subjects))
	return nil
}
