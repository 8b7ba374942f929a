package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"

	"kentongan/internal/fault"
	"kentongan/internal/model"
	"kentongan/moderation"
)

// Lines are classified in bundles, so that both cores work and the order
// stays. A bundle goes out as soon as nothing more is waiting to be read: the
// answer to a line does not wait for the line after it.
const (
	bundleLines = 128
	bundleBytes = 256 << 10
	longestLine = 64 << 20
)

// byteOrderMark stands before what some editors save as UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// bundle is some lines in, and the same number out.
type bundle struct {
	first int // number of the first line, from 1
	lines [][]byte
	out   []byte
	bad   int
	done  chan struct{}
}

// moderationClassify reads JSON lines {id, text} and writes what the program
// thinks of each, in the same order. It needs no database and no settings.
func moderationClassify(ctx context.Context, c *call) error {
	free := false
	if err := c.flags("moderation classify", func(f *flag.FlagSet) { f.BoolVar(&free, "free-weights", false, c.words.T("cmd.flag.free_weights")) }); err != nil {
		return err
	}
	classifier, err := c.classifier(!free)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *bundle, workers), make(chan *bundle, 2*workers)
	for range workers {
		go func() {
			for b := range work {
				for i, line := range b.lines {
					var ok bool
					if b.out, ok = classifyLine(b.out, classifier, c.words, b.first+i, line); !ok {
						b.bad++
					}
				}
				b.lines = nil
				close(b.done)
			}
		}()
	}
	read := make(chan error, 1)
	go func() {
		err := bundles(os.Stdin, func(b *bundle) bool {
			for _, to := range [...]chan *bundle{order, work} {
				select {
				case to <- b:
				case <-ctx.Done():
					return false
				}
			}
			return true
		})
		close(order)
		close(work)
		read <- err
	}()
	bad, err := writeBundles(ctx, c.out, order)
	if err != nil {
		return err
	}
	if err := <-read; err != nil {
		return err
	}
	if bad > 0 {
		return fault.New(fault.Invalid, "classify.bad_lines", fault.Arg("lines", bad))
	}
	return nil
}

// classifier takes the first look with all that the program holds.
func (c *call) classifier(noncommercial bool) (*moderation.Classifier, error) {
	if !model.Built(noncommercial) {
		fmt.Fprintln(c.err, c.words.T("cmd.classify.rules_alone"))
	}
	return newClassifier(noncommercial)
}

// newClassifier joins the rules and the model. Where the program was built
// without weights, the rules remain.
func newClassifier(noncommercial bool) (*moderation.Classifier, error) {
	rules := moderation.NewClassifier()
	if !model.Built(noncommercial) {
		return rules, nil
	}
	m, err := model.Open(noncommercial)
	if err != nil {
		return nil, err
	}
	return rules.With(m), nil
}

// bundles reads lines until the end of r and passes them on, at least whenever
// reading on would have to wait.
func bundles(r io.Reader, pass func(*bundle) bool) error {
	in := bufio.NewReaderSize(r, 128<<10)
	if mark, _ := in.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		if _, err := in.Discard(len(byteOrderMark)); err != nil {
			return err
		}
	}
	b := &bundle{first: 1, done: make(chan struct{})}
	size, n := 0, 0
	for {
		line, err := readLine(in)
		if line != nil {
			b.lines = append(b.lines, line)
			n++
			size += len(line)
		}
		if err != nil || in.Buffered() == 0 || len(b.lines) >= bundleLines || size >= bundleBytes {
			if len(b.lines) > 0 && !pass(b) {
				return nil
			}
			b, size = &bundle{first: n + 1, done: make(chan struct{})}, 0
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readLine returns the next line without its end; nil at the end of the input.
// A line beyond every measure comes cut off, which is no JSON any more.
func readLine(in *bufio.Reader) ([]byte, error) {
	line := []byte{}
	for {
		part, err := in.ReadSlice('\n')
		if len(line) < longestLine {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(line) == 0:
			return nil, err
		}
		for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
			line = line[:len(line)-1]
		}
		return line, err
	}
}

// writeBundles writes what was found, in order, and empties its buffer when
// nothing more is ready.
func writeBundles(ctx context.Context, to io.Writer, order <-chan *bundle) (bad int, err error) {
	out := bufio.NewWriterSize(to, 256<<10)
	for {
		var b *bundle
		var more bool
		select {
		case b, more = <-order:
		default:
			if err := out.Flush(); err != nil {
				return bad, err
			}
			select {
			case b, more = <-order:
			case <-ctx.Done():
				return bad, ctx.Err()
			}
		}
		if !more {
			return bad, out.Flush()
		}
		select {
		case <-b.done:
		case <-ctx.Done():
			return bad, ctx.Err()
		}
		bad += b.bad
		if _, err := out.Write(b.out); err != nil {
			return bad, fmt.Errorf("classify: %w", err)
		}
	}
}
