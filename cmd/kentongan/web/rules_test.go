package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func TestTheRulesPageIsReadByManyAndGovernedByOne(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		o := newReadingOffice(t, d)
		for _, role := range identity.Roles {
			want := http.StatusOK
			if role == identity.Officer {
				want = http.StatusForbidden
			}
			w := ask(o, "GET", "/moderasi/aturan", string(role)+".diskominfo")
			if w.Code != want {
				t.Errorf("%s: %d, want %d", role, w.Code, want)
			}
			if got := strings.Contains(w.Body.String(), "/moderasi/aturan/mode"); got != (role == identity.Admin) {
				t.Errorf("%s is offered to switch rules: %v", role, got)
			}
			if role == identity.Admin {
				continue
			}
			if w := o.post("/moderasi/aturan/mode", string(role)+".diskominfo", url.Values{"rule": {"judi-daring"}, "mode": {"off"}}); w.Code != http.StatusForbidden {
				t.Errorf("%s switches a rule: %d", role, w.Code)
			}
		}
		if w := o.post("/moderasi/aturan/mode", "admin.diskominfo", url.Values{"rule": {"judi-daring"}, "mode": {"auto"}, "confirm": {"1"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Ketepatan terukur aturan ini 0 % dari 0 putusan") {
			t.Errorf("automatic without a verdict: %d", w.Code)
		}
		if w := o.post("/moderasi/aturan/mode", "admin.diskominfo", url.Values{"rule": {"judi-daring"}, "mode": {"shadow"}}); w.Code != http.StatusSeeOther {
			t.Errorf("shadow: %d", w.Code)
		}
		if got := ruleModeOf(t, o, "diskominfo", "judi-daring"); got != moderation.Shadow {
			t.Errorf("mode %s", got)
		}
		if got := ruleModeOf(t, o, "protokol", "judi-daring"); got != moderation.Suggests {
			t.Errorf("the other office's rule was switched, too: %s", got)
		}
	})
}

func ruleModeOf(t *testing.T, o *readingOffice, slug, rule string) moderation.Mode {
	t.Helper()
	_, all, err := o.pages.Moderation.RuleStates(context.Background(), o.actor("admin."+slug))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Name == rule {
			return r.Mode
		}
	}
	return ""
}

func TestADraftIsTriedAndARefusedOneStaysOnThePage(t *testing.T) {
	t.Parallel()
	o := newReadingOffice(t, dbtest.New(t))
	draft := "- {name: coba, title: {id: Coba saja, en: Try}, when: 'labels.gambling >= 0.6', clause: \"3.4\", suggest: hide}"
	w := o.post("/moderasi/aturan/uji", "moderator.diskominfo", url.Values{"draft": {draft}, "days": {"0"}})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Sembunyikan: 0 dari 0 pesan") || !strings.Contains(w.Body.String(), "Coba saja") {
		t.Errorf("%d", w.Code)
	}
	bad := strings.ReplaceAll(draft, "labels.gambling >= 0.6", "labels.negative >= 0.6")
	w = o.post("/moderasi/aturan/uji", "moderator.diskominfo", url.Values{"draft": {bad}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "perasaan atau pendapat") || !strings.Contains(w.Body.String(), "labels.negative") {
		t.Errorf("%d", w.Code)
	}
	if w := o.post("/moderasi/aturan/uji", "auditor.diskominfo", url.Values{}); w.Code != http.StatusForbidden {
		t.Errorf("an auditor: %d", w.Code)
	}
	if w := o.post("/moderasi/aturan/berlaku", "moderator.diskominfo", url.Values{}); w.Code != http.StatusForbidden {
		t.Errorf("a moderator puts a policy in force: %d", w.Code)
	}
	if w := o.post("/moderasi/aturan/berlaku", "admin.diskominfo", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("an administrator: %d", w.Code)
	}
}
