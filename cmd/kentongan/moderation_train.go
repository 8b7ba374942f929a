package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"kentongan/internal/fault"
	"kentongan/internal/model"
	"kentongan/internal/model/train"
)

// moderationTrain learns all heads from the labelled sets in a folder, and
// writes the two weights files and the model card. The same sets and the same
// seed give the same bytes.
func moderationTrain(ctx context.Context, c *call) error {
	var data, out string
	var seed uint64
	if err := c.flags("moderation train", func(f *flag.FlagSet) {
		f.StringVar(&data, "data", "", c.words.T("cmd.flag.train_data"))
		f.StringVar(&out, "out", "", c.words.T("cmd.flag.train_out"))
		f.Uint64Var(&seed, "seed", 1, c.words.T("cmd.flag.train_seed"))
	}); err != nil {
		return err
	}
	for _, f := range [...]struct{ name, value string }{{"--data", data}, {"--out", out}} {
		if f.value == "" {
			return fault.New(fault.Invalid, "train.needs_folder", fault.Arg("flag", f.name))
		}
	}
	sets, err := train.ReadFolder(data)
	if err != nil {
		return err
	}
	r, err := train.Run(sets, seed, true, nil, c.telling(ctx))
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err // stopped by a person: nothing half is written
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fault.Wrap(fault.Invalid, "train.cannot_write", err, fault.Arg("file", out))
	}
	for _, f := range [...]struct {
		name string
		part *model.Part
	}{{filepath.Base(model.FreeFile), r.Free}, {filepath.Base(model.NonCommercialFile), r.NonCommercial}} {
		var file bytes.Buffer
		if err := f.part.Write(&file); err != nil {
			return err
		}
		if err := c.wrote(filepath.Join(out, f.name), file.Bytes()); err != nil {
			return err
		}
	}
	var card bytes.Buffer
	train.Card(&card, sets, seed, r.Figures)
	if err := c.wrote(filepath.Join(out, "CARD.md"), card.Bytes()); err != nil {
		return err
	}
	train.Print(c.out, r.Figures)
	return nil
}

// telling says on the error stream what is being done: it takes minutes.
func (c *call) telling(ctx context.Context) func(string) {
	return func(what string) {
		if ctx.Err() == nil {
			fmt.Fprintf(c.err, "… %s\n", what)
		}
	}
}

// wrote puts a whole file in place of another, or leaves that as it was.
func (c *call) wrote(path string, body []byte) error {
	bad := func(err error) error {
		return fault.Wrap(fault.Invalid, "train.cannot_write", err, fault.Arg("file", path))
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return bad(err)
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(body); err != nil {
		f.Close()
		return bad(err)
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return bad(err)
	}
	if err := f.Close(); err != nil {
		return bad(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return bad(err)
	}
	fmt.Fprintln(c.err, c.words.T("cmd.train.wrote", "file", path, "bytes", len(body)))
	return nil
}
