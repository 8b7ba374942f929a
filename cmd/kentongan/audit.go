package main

import (
	"context"
	"fmt"

	"kentongan/internal/audit"
	"kentongan/internal/fault"
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
	return nil
}
