package pii

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// unmaskOnce opens one message for a purpose: she is seen, once, and no copy
// of the page may be kept on the way.
func unmaskOnce(t *testing.T, v *visitor, path string) {
	t.Helper()
	_, page := v.read(t, path)
	reveals := regexp.MustCompile(`action="(/kotak-masuk/[^"]+/buka-pii)"`).FindAllStringSubmatch(page, -1)
	if len(reveals) == 0 {
		t.Fatal("nobody offers to open what is masked")
	}
	if answer, _ := v.send(t, reveals[0][1], url.Values{"purpose": {" "}}); answer.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a purpose: %s", answer.Status)
	}
	var answer *http.Response
	shown := false
	for _, m := range reveals {
		var opened string
		answer, opened = v.send(t, m[1], url.Values{"purpose": {"verify"}, "detail": {"mencocokkan NIK " + typed["NIK that an officer types"]}})
		shown = shown || answer.StatusCode == http.StatusOK && strings.Contains(opened, hers["NIK"])
	}
	if !shown {
		t.Errorf("opened for a purpose, her number is not shown: %s", answer.Status)
	}
	if kept := answer.Header.Get("Cache-Control"); !strings.Contains(kept, "no-store") {
		t.Errorf("Cache-Control: %q", kept)
	}
	if _, page := v.read(t, path); strings.Contains(page, hers["NIK"]) {
		t.Error("the next loading still shows it")
	}
}

// thread is the path of a conversation whose first message can be opened.
func thread(t *testing.T, v *visitor, path string) string {
	t.Helper()
	answer, _ := v.read(t, path)
	return answer.Request.URL.Path
}

// crawl reads every page and file that a person can reach by links, and none
// of them may hold a secret.
func crawl(t *testing.T, v *visitor, secrets needles) (read int) {
	t.Helper()
	const most = 160
	link := regexp.MustCompile(`(?:href|src|action|data-[a-z]+)="(/[^"#]*)`)
	queue, known := []string{"/hari-ini", "/t/diskominfo", "/jejak", "/moderasi"}, map[string]bool{}
	kinds := map[string]int{}
	for len(queue) > 0 && read < most {
		path := queue[0]
		queue = queue[1:]
		plain := strings.ReplaceAll(path, "&amp;", "&")
		shape := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*`).ReplaceAllString(plain, "*")
		if known[plain] || strings.HasPrefix(plain, "/aset/") || plain == "/alur" || strings.HasPrefix(plain, "/bantuan") || kinds[shape] >= 25 {
			continue
		}
		known[plain] = true
		kinds[shape]++
		answer, page := v.read(t, plain)
		read++
		if found := secrets.in([]byte(page)); len(found) > 0 {
			t.Errorf("%s reads at %s: %q", v.name, plain, found)
		}
		if answer.StatusCode >= 500 {
			t.Errorf("%s at %s: %s", v.name, plain, answer.Status)
		}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			queue = append(queue, m[1])
		}
	}
	return read
}

// listen reads the event stream beside everything else.
func listen(t *testing.T, tw *town) (said func() string) {
	t.Helper()
	v := tw.visitor(t, "rina")
	v.Timeout = 0
	ctx, stop := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, tw.base+"/alur", nil)
	must(t, err)
	answer, err := v.Do(r)
	must(t, err)
	var mu sync.Mutex
	var all strings.Builder
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			mu.Lock()
			all.WriteString(lines.Text() + "\n")
			mu.Unlock()
		}
	}()
	t.Cleanup(func() { stop(); answer.Body.Close(); <-ended })
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		if !strings.Contains(all.String(), "event") && !strings.Contains(all.String(), "data") {
			t.Error("the stream told nothing: the test is blind for it")
		}
		return all.String()
	}
}
