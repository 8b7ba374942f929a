package model

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// embedded holds the weights that come with the program, and their notice.
//
//go:embed weights
var embedded embed.FS

// The two files. What was learned from sets that may not be used commercially
// is kept apart, so that an office can do without.
const (
	FreeFile          = "weights/free.weights"
	NonCommercialFile = "weights/noncommercial.weights"
)

// Notice is the licence and origin of the weights inside the program.
func Notice() string {
	text, err := embedded.ReadFile("weights/NOTICE.md")
	if err != nil {
		return ""
	}
	return string(text)
}

// Open joins the weights inside the program: the free ones, and where the
// office may use them those that are not for commercial use (the twelve
// toxicity labels).
func Open(noncommercial bool) (*Model, error) {
	names := []string{FreeFile}
	if noncommercial {
		names = append(names, NonCommercialFile)
	}
	var parts []*Part
	for _, name := range names {
		file, err := embedded.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("model: this program was built without %s (kentongan moderation train writes it)", strings.TrimPrefix(name, "weights/"))
		}
		if err != nil {
			return nil, fmt.Errorf("model: %s: %w", name, err)
		}
		p, err := Read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		parts = append(parts, p)
	}
	return Join(parts...)
}

// Built says whether the program holds the weights that Open would join. A
// program built from a bare checkout has the rules alone.
func Built(noncommercial bool) bool {
	_, err := fs.Stat(embedded, FreeFile)
	if err == nil && noncommercial {
		_, err = fs.Stat(embedded, NonCommercialFile)
	}
	return err == nil
}
