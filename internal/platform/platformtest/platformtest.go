// Package platformtest is the suite that every connector passes. It runs a
// connector against a pretended platform (internal/sandbox), asks that
// platform what really became public, and disturbs it: what a connector says
// about an outcome must be true, above all when it says "not published".
//
// Capabilities decide which parts apply, and an ability that is claimed and
// missing, or there and not claimed, fails. What a whole run found is the
// platform's column of the manual's support matrix.
package platformtest

import (
	"context"
	"sync"
	"testing"

	"kentongan/internal/platform"
)

// Setup is one connector, one of its accounts and the pretended platform.
type Setup struct {
	Connector platform.Connector
	Account   platform.Account
	Control   string                    // address of the sandbox's control pages
	Deliver   func(context.Context) int // pushes what is due; nil where nothing is pushed

	// Pushed are the kinds that the platform pushes, where they are not all
	// that it Hears and our own posts. Silent says that it pushes no deletion.
	Pushed []platform.ItemKind
	Silent bool
	// Film says that what carries something carries a film, where the platform
	// takes either (TikTok publishes films by a call that can be asked about).
	Film bool
	// Form is what a person types to connect the account; for a Signer.
	Form platform.Form
}

// suite is a Setup at work.
type suite struct {
	Setup
	caps  platform.Capabilities
	shelf *shelf
	heard heard // of our own posts, where only that proves anything
	cells map[string]Cell
}

// part is one story of the suite.
type part struct {
	name string
	run  func(*testing.T, *suite)
}

func parts() []part {
	return []part{
		{"the credential's owner is known", verify},
		{"what is claimed is there, and what is there is claimed", abilities},
		{"texts, links and files arrive as written, once", publishing},
		{"as many pictures as fit, in their order", album},
		{"a film arrives whole", filming},
		{"what the platform would refuse is refused before it leaves", tooMuch},
		{"staging can be interrupted and repeated", staging},
		{"a thread and a first comment hang below their post", continuing},
		{"an answer goes below its question and is found there", answering},
		{"a private message is answered between the two", direct},
		{"a public comment is answered privately", privately},
		{"only the attempt's own post is adopted", adopting},
		{"disturbed calls never claim what is not true", disturbed},
		{"whatever the answer, it is there exactly once", exactlyOnce},
		{"what cannot be looked up is heard", sightings},
		{"a dead address means that nothing left", unsent},
		{"a text sent twice is evidence, not a second post", duplicate},
		{"citizens are heard once each, over many pages", hearing},
		{"a thread is read without loss or double", threads},
		{"what citizens change or take away is seen", altered},
		{"a stranger's post on our account is seen", sighting},
		{"what a person took away of ours is not counted as there", vanished},
		{"hiding and showing again", hiding},
		{"deleting somebody's comment", removing},
		{"blocking and letting again", blocking},
		{"changing a published text", editing},
		{"deleting", deleting},
		{"counting reactions", measuring},
		{"what is pushed is heard, and nothing forged", pushed},
		{"a kept connection tells at once", streaming},
		{"a token that ran out is renewed, each refresh once", refreshing},
		{"a withdrawn credential is told as lost, everywhere", revoked},
		{"the platform's own limits are told", limits},
		{"approved templates are listed", templates},
		{"a consent opens the account, and each failure has its sentence", consenting},
		{"what is typed opens the account", typing},
		{"no error shows the credential", secrets},
	}
}

// Run runs the suite; open makes a fresh platform for each part.
func Run(t *testing.T, open func(t *testing.T) Setup) {
	found := &record{cells: map[string]Cell{}}
	t.Cleanup(func() { found.compare(t, len(parts())) }) // runs when every part has ended
	run(t, open, nil, found.add)
}

// RunForeign runs the suite against a server that somebody else wrote, with
// something in front of it that answers for the sandbox's control page.
// excused are the parts that this server cannot pass, with its answer.
func RunForeign(t *testing.T, open func(t *testing.T) Setup, excused map[string]string) {
	names := map[string]bool{}
	for _, p := range parts() {
		names[p.name] = true
	}
	for name := range excused {
		if !names[name] {
			t.Errorf("excused is %q, which is no part of the suite", name)
		}
	}
	run(t, open, excused, func(*suite) {})
}

func run(t *testing.T, open func(t *testing.T) Setup, excused map[string]string, passed func(*suite)) {
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			if why := excused[p.name]; why != "" {
				t.Skip("this server: " + why)
			}
			s := &suite{Setup: open(t), shelf: &shelf{}, cells: map[string]Cell{}}
			s.caps = s.Connector.Capabilities(s.Account)
			defer func() {
				if !t.Failed() {
					passed(s)
				}
			}()
			p.run(t, s)
		})
	}
}

// Notes keeps notes in memory.
type Notes struct {
	mu     sync.Mutex
	values map[string]string
	Saved  int
}

// Value implements platform.Notes.
func (n *Notes) Value(name string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.values[name]
}

// Save implements platform.Notes.
func (n *Notes) Save(_ context.Context, name, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.values == nil {
		n.values = map[string]string{}
	}
	n.values[name] = value
	n.Saved++
	return nil
}

// posts skips a part about posts where the platform is an inbox only.
func (s *suite) posts(t *testing.T, rows ...string) {
	t.Helper()
	if !s.caps.NoPosts {
		return
	}
	for _, row := range rows {
		s.no(row, "post", "")
	}
	t.Skip("an inbox only")
}
