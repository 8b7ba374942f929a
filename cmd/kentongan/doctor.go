package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kentongan/internal/fault"
	"kentongan/internal/telemetry"
)

// doctor says what would stop a post from going out now.
func doctor(ctx context.Context, c *call) error {
	cfg, err := c.settings("doctor", nil)
	if err != nil {
		return err
	}
	a, err := build(ctx, cfg, telemetry.Logger(c.err, "error", cfg.LogFormat))
	if err != nil {
		return err
	}
	defer a.close()
	channels, err := a.channelChecks(ctx)
	if err != nil {
		return err
	}
	checks := slices.DeleteFunc(append(a.checks(), channels...), func(k telemetry.Check) bool { return k.Name == "clock" }) // it ticks in serve
	found, _ := telemetry.Ready(ctx, checks)
	bad := 0
	fmt.Fprintln(c.out, c.words.T("cmd.doctor.redis", "mode", string(a.queue.Where())))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		said := found[name]
		if said == "ok" {
			fmt.Fprintf(c.out, "%s  %s\n", c.words.T("cmd.doctor.ok"), name)
			continue
		}
		bad++
		for _, s := range c.words.Fault(fault.New(fault.Transient, said)) {
			fmt.Fprintf(c.out, "%s  %s: %s\n", c.words.T("cmd.doctor.bad"), name, s.Text)
		}
	}
	if len(channels) == 0 {
		bad++
		fmt.Fprintf(c.out, "%s  %s\n", c.words.T("cmd.doctor.bad"), c.words.T("cmd.doctor.no_channel"))
	}
	aging, err := a.versions(ctx)
	if err != nil {
		return err
	}
	for _, err := range aging {
		mark := "cmd.doctor.soon"
		if fault.KindOf(err) == fault.Conflict { // it has ended
			mark = "cmd.doctor.bad"
			bad++
		}
		for _, s := range c.words.Fault(err) {
			fmt.Fprintf(c.out, "%s  %s\n", c.words.T(mark), s.Text)
		}
	}
	if bad > 0 {
		return fault.New(fault.Conflict, "cmd.doctor_found", fault.Arg("n", bad))
	}
	return nil
}
