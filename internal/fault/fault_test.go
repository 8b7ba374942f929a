package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestFault(t *testing.T) {
	inner := Wrap(Invalid, "post.text_too_long", io.EOF, Field("text"), Arg("limit", 280))
	err := fmt.Errorf("publisher: %w", inner)
	if KindOf(err) != Invalid || Code(err) != "post.text_too_long" || Find(err).Args["limit"] != 280 {
		t.Errorf("lost on the way: %v", err)
	}
	if !errors.Is(err, io.EOF) || !errors.Is(err, New(Invalid, "post.text_too_long")) {
		t.Error("errors.Is does not find the inner error or the code")
	}
	if KindOf(io.EOF) != Internal || Code(io.EOF) != "" {
		t.Error("an unclassified error must be internal and show nothing")
	}
}

func TestListNamesEverythingAtOnce(t *testing.T) {
	var l List
	if l.Err() != nil {
		t.Error("an empty list is no error")
	}
	l.Add(nil)
	l.Add(New(Invalid, "a"))
	l.Add(fmt.Errorf("wrapped: %w", New(Invalid, "b")))
	if all := All(fmt.Errorf("outer: %w", l.Err())); len(all) != 2 || all[0].Code != "a" || all[1].Code != "b" {
		t.Errorf("got %v", all)
	}
}
