package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// entry is one line of the journal: the new state of one thing.
type entry struct {
	Post  *Post  `json:"post,omitempty"`
	Media *Media `json:"media,omitempty"`
	Token *token `json:"token,omitempty"`
	Hook  *Hook  `json:"hook,omitempty"`
	// Update is something that a Telegram bot has not taken yet.
	Update *update   `json:"update,omitempty"`
	Block  *blocking `json:"block,omitempty"`
	// Record is something in an account's AT Protocol repository that is no post.
	Record *repoRecord `json:"record,omitempty"`
}

// journal appends entries. A write(2) that returned survives the death of the
// process, so nothing acknowledged is lost to kill -9. A nil journal keeps
// nothing.
type journal struct{ f *os.File }

const journalName = "world.jsonl"

func (j *journal) write(e entry) error {
	if j == nil {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("sandbox: journal: %w", err)
	}
	if _, err := j.f.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("sandbox: journal: %w", err)
	}
	return nil
}

func (w *world) close() error {
	if w.journal == nil {
		return nil
	}
	return w.journal.f.Close()
}

// openWorld replays the journal, writes it anew without the history, and
// goes on appending.
func openWorld(path string, seed int64) (*world, error) {
	w := newWorld(seed)
	if path == "" {
		return w, nil
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	name := filepath.Join(path, journalName)
	if err := w.replay(name); err != nil {
		return nil, err
	}
	f, err := w.compact(name)
	if err != nil {
		return nil, err
	}
	w.journal = &journal{f: f}
	return w, nil
}

// replay reads every whole line; a last line cut short was never acknowledged.
func (w *world) replay(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("sandbox: %w", err)
		}
		var e entry
		if err := json.Unmarshal(bytes.TrimSpace(line), &e); err != nil {
			return fmt.Errorf("sandbox: %s line %d: %w", name, n, err)
		}
		w.apply(e)
	}
}

func (w *world) apply(e entry) {
	switch {
	case e.Post != nil:
		if old := w.post(e.Post.Platform, e.Post.ID); old != nil {
			*old = *e.Post
		} else {
			w.put(e.Post)
		}
	case e.Media != nil:
		w.media[at(e.Media.Platform, e.Media.ID)] = e.Media
		w.sawID(e.Media.Platform, e.Media.ID)
	case e.Token != nil:
		w.tokens[e.Token.Access] = e.Token
	case e.Hook != nil:
		w.setHook(*e.Hook)
	case e.Update != nil:
		w.setUpdate(e.Update)
	case e.Block != nil && e.Block.Blocked:
		w.blocked[e.Block.Key] = true
	case e.Block != nil:
		delete(w.blocked, e.Block.Key)
	case e.Record != nil && e.Record.Deleted:
		delete(w.records, e.Record.URI)
	case e.Record != nil:
		w.records[e.Record.URI] = e.Record
	}
}

// compact writes the present state to a new file and puts it in the old one's
// place; the rename is whole or not at all.
func (w *world) compact(name string) (*os.File, error) {
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	b := bufio.NewWriter(f)
	enc := json.NewEncoder(b)
	var failed error
	put := func(e entry) { failed = errors.Join(failed, enc.Encode(e)) }
	for _, p := range w.order {
		put(entry{Post: p})
	}
	for _, m := range w.media {
		put(entry{Media: m})
	}
	for _, t := range w.tokens {
		put(entry{Token: t})
	}
	for i := range w.hooks {
		put(entry{Hook: &w.hooks[i]})
	}
	for key := range w.blocked {
		put(entry{Block: &blocking{Key: key, Blocked: true}})
	}
	for _, r := range w.records {
		put(entry{Record: r})
	}
	for _, u := range w.updates {
		put(entry{Update: u})
	}
	if err := errors.Join(failed, b.Flush(), f.Sync(), os.Rename(name+".new", name)); err != nil {
		f.Close()
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return f, nil
}
