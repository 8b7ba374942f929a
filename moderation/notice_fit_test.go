package moderation

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kentongan/configs"
	"kentongan/internal/platform"
	"kentongan/internal/platform/instagram"
	"kentongan/internal/safehttp"
)

// TestANoticeFitsTheSmallestPlatform: Instagram's comments have 300 letters. A
// short reason is told, a long one is left to the case's page; the number and
// the way to object are always there.
func TestANoticeFitsTheSmallestPlatform(t *testing.T) {
	t.Parallel()
	rules, err := configs.ObjectionData("")
	if err != nil {
		t.Fatal(err)
	}
	connector := instagram.New(safehttp.New(safehttp.Options{}))
	e := exchange{connector: connector, account: platform.Account{Platform: instagram.Name}}
	e.can = connector.Capabilities(e.account)
	link := "https://kentongan.tirtawangikab.go.id/t/diskominfo/kasus/MOD-2026-00042-K7QX"
	for _, act := range []Act{Hide, Remove, Warn, Block} {
		for name, c := range map[string]struct{ clause, reason, says, not string }{
			"a short reason": {"3.4 Judi daring", "Promosi judi.", "tindakan", "…"},
			"a long reason":  {"3.4 Judi daring", strings.Repeat("Promosi judi daring di kolom komentar, ", 12), "Dasar: 3.4", "komentar, Promosi judi daring di kolom komentar, Promosi"},
			"a long clause":  {"3.4 " + strings.Repeat("Judi daring dan sejenisnya ", 12), "Promosi judi.", "Dasar: 3.4.", "sejenisnya"},
		} {
			s := saying{office: "Dinas Komunikasi dan Informatika", clause: c.clause, reason: c.reason, days: " dalam 30 hari kerja", number: "MOD-2026-00042-K7QX", link: link}
			text, err := e.fitted(Privately, []string{rules.Notices[string(act)], rules.Notices["short"]}, s)
			if name == "a short reason" {
				if c.says = "Alasan"; act == Hide || act == Warn || act == Block {
					c.says = "Alasan: Promosi judi."
				}
			}
			if n := utf8.RuneCountInString(text); err != nil || n > 300 || !strings.Contains(text, c.says) || strings.Contains(text, c.not) || !strings.Contains(text, link) || !strings.Contains(text, "kasus "+s.number) {
				t.Errorf("%s, %s: %d letters: %q, %v", act, name, n, text, err)
			}
		}
	}
}
