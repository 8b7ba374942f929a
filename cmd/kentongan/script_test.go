package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kentongan/internal/db"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kentongan": main})
}

// The scripts are what a person types and sees, on the program itself.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("KENTONGAN_DATA", filepath.Join(e.WorkDir, "data"))
			e.Setenv("KENTONGAN_REDIS_MODE", "embedded")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "interrupt": interrupt, "lines": lines, "tamper": tamper,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// code N command...: the command ends with exit code N.
func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if failure, ok := errors.AsType[*exec.ExitError](ts.Exec(args[1], args[2:]...)); ok {
		got = failure.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// interrupt PATTERN command...: the command says a line that matches, is told
// to stop, as by Ctrl+C, and ends with exit code 0. What it said is kept.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	awaited, err := regexp.Compile(args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	path, err := findProgram(ts, args[1])
	ts.Check(err)
	cmd := exec.CommandContext(ctx, path, args[2:]...)
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), ts.Stderr()
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG", "KENTONGAN_DATA", "KENTONGAN_REDIS_MODE", "KENTONGAN_LISTEN"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	said, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	stopped := false
	for all := bufio.NewScanner(said); all.Scan(); {
		if _, err := ts.Stdout().Write(append(all.Bytes(), '\n')); err != nil {
			ts.Fatalf("%v", err)
		}
		if !stopped && awaited.Match(all.Bytes()) {
			stopped = true
			ts.Check(cmd.Process.Signal(syscall.SIGINT))
		}
	}
	ts.Check(cmd.Wait())
	if !stopped {
		ts.Fatalf("no line matches %s", awaited)
	}
}

func findProgram(ts *testscript.TestScript, name string) (string, error) {
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if path := filepath.Join(folder, name); exists(path) {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// lines N: the last command wrote N lines to standard output.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := strings.Count(ts.ReadFile("stdout"), "\n"); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%d lines, want %s", got, args[0])
	}
}

// tamper DEED: somebody with access to the database changes a row of the trail.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(ts.Getenv("KENTONGAN_DATA"), "kentongan.db"))
	ts.Check(err)
	defer d.Close()
	ts.Check(d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE audit SET detail = detail || ' (bukan saya)' WHERE deed = $1`, args[0])
		return err
	}))
}
