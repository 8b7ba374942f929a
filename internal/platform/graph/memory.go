package graph

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"kentongan/internal/platform"
)

// Memory is what a thread looked like when it was last read: every comment's
// id and a short print of its text and state. Meta tells nobody who polls that
// a comment was changed or taken away; reading the thread again and comparing
// does.
type Memory struct {
	Known map[string]string `json:"k,omitempty"`
}

// most bounds a memory: beyond it the oldest comments are forgotten, and a
// change to them is no longer seen.
const most = 2000

// ReadMemory reads a cursor. One that cannot be read starts anew.
func ReadMemory(cursor string) Memory {
	var m Memory
	if json.Unmarshal([]byte(cursor), &m) != nil || m.Known == nil {
		m.Known = map[string]string{}
	}
	return m
}

// String is the memory as a cursor.
func (m Memory) String() string {
	raw, _ := json.Marshal(m) // texts always marshal
	return string(raw)
}

func footprint(i platform.Item) string {
	h := fnv.New32a()
	h.Write([]byte(i.Text))
	mark := "v"
	if i.Hidden {
		mark = "h"
	}
	return mark + strconv.FormatUint(uint64(h.Sum32()), 36)
}

// Compare gives what is new or changed since the last reading, oldest first,
// and what is gone, if the thread was read whole. now is when it was read.
func (m Memory) Compare(read []platform.Item, whole bool, thread string, now time.Time) ([]platform.Item, Memory) {
	next := Memory{Known: map[string]string{}}
	var news []platform.Item
	slices.SortStableFunc(read, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	for _, i := range read {
		if i.RemoteID == "" || next.Known[i.RemoteID] != "" {
			continue
		}
		print := footprint(i)
		next.Known[i.RemoteID] = print
		old, known := m.Known[i.RemoteID]
		if known && old == print {
			continue
		}
		if known && (old == "" || old[1:] != print[1:]) {
			i.Edited = now
		}
		news = append(news, i)
	}
	for id, print := range m.Known {
		switch {
		case next.Known[id] != "":
		case whole:
			news = append(news, platform.Item{Kind: platform.Comment, RemoteID: id, Thread: thread, Deleted: true, At: now})
		default:
			next.Known[id] = print
		}
	}
	next.forget(read)
	return news, next
}

// forget keeps the newest only.
func (m Memory) forget(read []platform.Item) {
	for _, i := range read {
		if len(m.Known) <= most {
			return
		}
		delete(m.Known, i.RemoteID)
	}
}

// reread is how many pages of a thread are read again at every visit.
const reread = 20

// Enough says that a thread need not be read further back: what is older was
// given before. The first visit reads it to its end, or comments would be lost.
func (m Memory) Enough(pages int, read []platform.Item) bool {
	if pages < reread || len(m.Known) == 0 {
		return false
	}
	return slices.ContainsFunc(read, func(i platform.Item) bool { return m.Known[i.RemoteID] != "" })
}
