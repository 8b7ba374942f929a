// Package fault names the few ways a request can go wrong, so that a page, a
// queue and a command can each decide what to do without reading messages.
//
// A fault carries a kind (what sort of failure), a code (stable, translated by
// internal/locale under "fault.<code>"), the field it concerns, and arguments
// for the sentence. The inner error is for the log only: it never reaches a
// person.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is the class of a fault. The zero Kind is Internal: what nobody
// classified is our own mistake.
type Kind string

const (
	Internal  Kind = ""
	Invalid   Kind = "invalid"   // the request itself is wrong
	Denied    Kind = "denied"    // the actor may not do this
	NotFound  Kind = "not_found" // no such thing, or not yours to see
	Conflict  Kind = "conflict"  // the thing has changed meanwhile
	Transient Kind = "transient" // worth trying again later
)

// Fault is one failure.
type Fault struct {
	Kind    Kind
	Code    string         // stable and translatable: "post.changed_since_review"
	Field   string         // the form field or setting it concerns, if any
	Args    map[string]any // values for the sentence; never personal data
	RetryAt time.Time      // when trying again makes sense, if known
	Err     error          // for the log only
}

// Option completes a fault.
type Option func(*Fault)

// New returns a fault whose code the interface translates for the person.
func New(kind Kind, code string, options ...Option) error {
	f := &Fault{Kind: kind, Code: code}
	for _, o := range options {
		o(f)
	}
	return f
}

// Wrap gives err a kind and a code and keeps it for errors.Is and the log.
func Wrap(kind Kind, code string, err error, options ...Option) error {
	return New(kind, code, append(options, func(f *Fault) { f.Err = err })...)
}

// Field names the form field or setting concerned.
func Field(name string) Option { return func(f *Fault) { f.Field = name } }

// Word is a value for a sentence that each language says its own way, with a
// name after it: a platform and an account there.
type Word struct{ Key, Name string }

// Arg adds a value for the sentence.
func Arg(name string, value any) Option {
	return func(f *Fault) {
		if f.Args == nil {
			f.Args = map[string]any{}
		}
		f.Args[name] = value
	}
}

// RetryAt says when trying again makes sense.
func RetryAt(t time.Time) Option { return func(f *Fault) { f.RetryAt = t } }

func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Code)
	if f.Field != "" {
		fmt.Fprintf(&b, " (%s)", f.Field)
	}
	if f.Err != nil {
		fmt.Fprintf(&b, ": %v", f.Err)
	}
	return b.String()
}

func (f *Fault) Unwrap() error { return f.Err }

// Is lets errors.Is match a fault by its code.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// Find returns the outermost fault in err's chain, or nil.
func Find(err error) *Fault {
	f, _ := errors.AsType[*Fault](err)
	return f
}

// KindOf returns the kind of the outermost fault in err's chain.
func KindOf(err error) Kind {
	if f := Find(err); f != nil {
		return f.Kind
	}
	return Internal
}

// Code returns the code that is safe to show; "" for Internal.
func Code(err error) string {
	if f := Find(err); f != nil && f.Kind != Internal {
		return f.Code
	}
	return ""
}

// List collects several faults, so that everything missing is named at once.
type List struct{ faults []error }

// Add keeps err if there is one.
func (l *List) Add(err error) {
	if err != nil {
		l.faults = append(l.faults, err)
	}
}

// Err is nil when nothing was added.
func (l *List) Err() error { return errors.Join(l.faults...) }

// All returns every fault in err, in order, looking inside joined errors.
func All(err error) []*Fault {
	switch e := err.(type) {
	case nil:
		return nil
	case *Fault:
		return []*Fault{e}
	case interface{ Unwrap() []error }:
		var all []*Fault
		for _, inner := range e.Unwrap() {
			all = append(all, All(inner)...)
		}
		return all
	default:
		return All(errors.Unwrap(err))
	}
}
