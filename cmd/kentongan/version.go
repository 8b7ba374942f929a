package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
)

func printVersion(_ context.Context, c *call) error {
	if err := c.flags("version", func(*flag.FlagSet) {}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "kentongan %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
