package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"gopkg.in/yaml.v3"

	"kentongan/internal/fault"
)

// decodeStrict reads one YAML document and refuses fields nobody knows: a
// misspelt name must not silently mean a default.
func decodeStrict(raw []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errors.New("the file is empty")
		}
		return err
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return errors.New("the file has more than one document")
	}
	return nil
}

// wrong collects everything wrong in one file, each named by its field.
type wrong struct {
	file, code string
	list       fault.List
}

func (w *wrong) unless(ok bool, field, want string) {
	if !ok {
		w.list.Add(fault.Wrap(fault.Invalid, w.code, fmt.Errorf("%s: want %s", w.file, want),
			fault.Field(field), fault.Arg("file", w.file), fault.Arg("field", field), fault.Arg("want", want)))
	}
}

func (w *wrong) err() error { return w.list.Err() }

var scope = regexp.MustCompile(`^(national|province:\d\d|city:\d\d\.\d\d)$`)

func isScope(s string) bool { return scope.MatchString(s) }
