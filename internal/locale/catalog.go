package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"sync"
)

//go:embed messages
var fragments embed.FS

// catalog is every fragment merged, and what was wrong with them. A broken
// fragment is left out rather than stopping the program; a test finds it.
type catalog struct {
	texts    map[string]map[string]string // language -> key -> text
	problems []string
}

var messages = sync.OnceValue(func() catalog {
	c := catalog{texts: map[string]map[string]string{}}
	for _, lang := range Languages() {
		c.texts[lang] = map[string]string{}
		files, err := fragments.ReadDir(path.Join("messages", lang))
		if err != nil {
			c.problems = append(c.problems, err.Error())
			continue
		}
		for _, f := range files {
			c.merge(lang, path.Join("messages", lang, f.Name()))
		}
	}
	return c
})

func (c *catalog) merge(lang, name string) {
	raw, err := fragments.ReadFile(name)
	if err != nil {
		c.problems = append(c.problems, err.Error())
		return
	}
	var part map[string]string
	if err := json.Unmarshal(raw, &part); err != nil {
		c.problems = append(c.problems, fmt.Sprintf("%s: %v", name, err))
		return
	}
	for key, text := range part {
		if _, twice := c.texts[lang][key]; twice {
			c.problems = append(c.problems, fmt.Sprintf("%s: %q is in another fragment, too", name, key))
		}
		c.texts[lang][key] = text
	}
}
