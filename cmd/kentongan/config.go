package main

import (
	"context"
	"flag"
	"fmt"

	"kentongan/configs"
)

// printConfig prints the commented example of every setting.
func printConfig(_ context.Context, c *call) error {
	if err := c.flags("config", func(*flag.FlagSet) {}); err != nil {
		return err
	}
	_, err := fmt.Fprint(c.out, configs.Example())
	return err
}

// settings are the flags and the settings of a command that works on an
// office's data.
func (c *call) settings(name string, more func(*flag.FlagSet)) (configs.Config, error) {
	var file string
	err := c.flags(name, func(f *flag.FlagSet) {
		f.StringVar(&file, "config", "", c.words.T("cmd.flag.config"))
		if more != nil {
			more(f)
		}
	})
	if err != nil {
		return configs.Config{}, err
	}
	return configs.Load(file, c.environ)
}
