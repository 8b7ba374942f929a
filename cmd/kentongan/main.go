// Kentongan carries a government office's approved posts to its platforms,
// each exactly once, and brings citizens' words back to one inbox.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"kentongan/internal/fault"
	"kentongan/internal/locale"
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "dev"

// command is one thing that the program does.
type command struct {
	name  string // "user add"
	usage string // its flags and arguments
	run   func(ctx context.Context, c *call) error
}

// call is one invocation: what was typed, and where to write.
type call struct {
	args     []string
	out, err io.Writer
	environ  []string
	words    *locale.Printer
}

// commands in the order help lists them. What each is for stands in the
// locale under "cmd.<name>".
func commands() []command {
	return []command{
		{"demo", "[--once] [--listen ADDR] [--data FOLDER]", demo},
		{"serve", "[--config FILE] [--role all|web|worker]", serve},
		{"sandbox", "[--listen ADDR] [--seed N] [--data FOLDER]", sandboxAlone},
		{"migrate", "[--config FILE]", migrate},
		{"user add", "--username NAME --name NAME --role ROLE --agency SLUG [--agency-name NAME] [--zone ZONE]", userAdd},
		{"doctor", "[--config FILE]", doctor},
		{"audit verify", "[--config FILE]", auditVerify},
		{"moderation dry-run", "--agency SLUG [--config FILE] [--policy FILE] [--rule NAME] [--days N]", moderationDryRun},
		{"moderation classify", "[--free-weights]", moderationClassify},
		{"moderation explain", "[--free-weights] TEXT", moderationExplain},
		{"moderation eval", "FILE | --data FOLDER [--seed N] [--free-weights]", moderationEval},
		{"moderation train", "--data FOLDER --out FOLDER [--seed N]", moderationTrain},
		{"config", "", printConfig},
		{"version", "", printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Main(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Environ()))
}

// Main runs one command and returns the process's exit code: 0 done, 1 failed,
// 2 typed wrongly.
func Main(ctx context.Context, args []string, out, err io.Writer, environ []string) int {
	words := locale.New(language(environ))
	if len(args) == 0 {
		help(err, words)
		return 2
	}
	if slices.Contains([]string{"help", "--help", "-help", "-h"}, args[0]) {
		help(out, words)
		return 0
	}
	failure := run(ctx, &call{args: args, out: out, err: err, environ: environ, words: words})
	if failure == nil || errors.Is(failure, context.Canceled) || errors.Is(failure, flag.ErrHelp) {
		return 0
	}
	for _, s := range words.Fault(failure) {
		if s.Field != "" && !strings.HasPrefix(s.Text, s.Field) {
			fmt.Fprintf(err, "%s: ", s.Field)
		}
		fmt.Fprintln(err, s.Text)
	}
	if fault.KindOf(failure) == fault.Internal {
		fmt.Fprintln(err, failure) // whoever types commands may see what broke
	}
	if typedWrongly(failure) {
		return 2
	}
	return 1
}

func run(ctx context.Context, c *call) error {
	command, rest, ok := find(c.args)
	if !ok {
		return fault.New(fault.Invalid, "cmd.unknown", fault.Arg("word", c.args[0]))
	}
	c.args = rest
	return command.run(ctx, c)
}

// typedWrongly tells a slip of the keyboard from work that failed.
func typedWrongly(err error) bool {
	return slices.Contains([]string{"cmd.unknown", "cmd.left_over", "cmd.flag_unknown", "cmd.flag_needs_value", "cmd.flag_bad_value"}, fault.Code(err))
}

// find picks the command that the first words name.
func find(args []string) (command, []string, bool) {
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return c, args[len(words):], true
		}
	}
	return command{}, nil, false
}

func help(w io.Writer, words *locale.Printer) {
	fmt.Fprintln(w, words.T("cmd.usage"))
	fmt.Fprintln(w)
	for _, c := range commands() {
		c.print(w, words)
	}
}

func (c command) print(w io.Writer, words *locale.Printer) {
	fmt.Fprintln(w, strings.TrimRight("  kentongan "+c.name+" "+c.usage, " "))
	fmt.Fprintln(w, "      "+words.T("cmd."+strings.ReplaceAll(c.name, " ", "_")))
}

// language is what the terminal speaks: Indonesian unless it says English.
func language(environ []string) string {
	for _, key := range []string{"LC_ALL=", "LC_MESSAGES=", "LANG="} {
		for _, e := range environ {
			if v, ok := strings.CutPrefix(e, key); ok && v != "" {
				if strings.HasPrefix(v, "en") {
					return "en"
				}
				return "id"
			}
		}
	}
	return "id"
}

// flags parses the call's flags; what is left over is refused. Asked for help
// it prints them, and flag.ErrHelp says that nothing is to be run.
func (c *call) flags(name string, define func(*flag.FlagSet)) error {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard) // it speaks English only
	define(f)
	err := f.Parse(c.args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.usage(f)
		return err
	case err != nil:
		return misused(err)
	case f.NArg() > 0:
		return fault.New(fault.Invalid, "cmd.left_over", fault.Arg("word", f.Arg(0)))
	}
	return nil
}

func (c *call) usage(f *flag.FlagSet) {
	if command, _, ok := find(strings.Fields(f.Name())); ok {
		command.print(c.out, c.words)
	}
	f.SetOutput(c.out)
	f.PrintDefaults()
}

// misused says in the reader's language what package flag has one English
// sentence for.
func misused(err error) error {
	if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
		return fault.Wrap(fault.Invalid, "cmd.flag_unknown", err, fault.Arg("flag", name))
	}
	if name, ok := strings.CutPrefix(err.Error(), "flag needs an argument: "); ok {
		return fault.Wrap(fault.Invalid, "cmd.flag_needs_value", err, fault.Arg("flag", name))
	}
	_, rest, _ := strings.Cut(err.Error(), " for flag ")
	name, _, _ := strings.Cut(rest, ":")
	return fault.Wrap(fault.Invalid, "cmd.flag_bad_value", err, fault.Arg("flag", name))
}
