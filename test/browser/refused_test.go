package browser

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kentongan/internal/audit"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/vault"
)

// TestNotYourOwnPost proves the two-person rule and the wall between agencies
// where people meet them: on the pages. The author holds the approver's role
// too, so that nothing but authorship refuses.
func TestNotYourOwnPost(t *testing.T) {
	t.Parallel()
	tw, chrome := openTown(t), openBrowser(t)
	tw.alsoApprover(t, "rina")
	rina, lestari, agus := enter(t, chrome, tw, "rina"), enter(t, chrome, tw, "lestari"), enter(t, chrome, tw, "agus")
	rina.signIn()
	post := composes(t, rina)
	rina.visit("/persetujuan/" + post)
	rina.reads(".decision", "prinsip dua orang")
	rina.sees("no button to sign with", `!document.querySelector("[data-confirm]")`)
	digest := rina.digest()
	rina.content()

	// The button is missing; whoever sends its form nevertheless is refused.
	rina.do("send the form", chromedp.Evaluate[chromedp.Void](`(() => {
		const form = Object.assign(document.createElement("form"), { method: "post", action: location.pathname + "/setujui" });
		form.append(Object.assign(document.createElement("input"), { name: "digest", value: "`+digest+`" }));
		document.body.append(form);
		form.submit();
	})()`))
	rina.arrives("/persetujuan/" + post + "/setujui")
	rina.reads("body", "prinsip dua orang")
	agus.signIn()
	agus.visit("/jejak?tentang=post/" + post)
	agus.reads(".trail-table tr", "ditolak menyetujui")
	agus.sees("that nobody signed", `![...document.querySelectorAll(".trail-table td")].some(e => e.textContent.trim() === "menyetujui unggahan")`)

	lestari.signIn()
	for _, path := range []string{"/unggahan/" + post, "/unggahan/" + post + "/susun", "/persetujuan/" + post} {
		answer, err := chromedp.Run(lestari.ctx, chromedp.NavigateResponse(tw.base+path))
		if err != nil || answer.Status != http.StatusNotFound {
			t.Errorf("another agency's officer on %s: %+v %v", path, answer, err)
		}
		if lestari.ask(`document.body.textContent.includes("` + postTitle + `")`) {
			t.Errorf("another agency's officer reads the title on %s", path)
		}
	}
	yusuf := tw.visitor(t, "yusuf")
	if answer := yusuf.send(t, "/persetujuan/"+post+"/setujui", url.Values{"digest": {digest}}); answer.StatusCode != http.StatusNotFound {
		t.Errorf("another agency's approver signs: %s", answer.Status)
	}
	for _, p := range tw.posts(t) {
		if strings.HasPrefix(p.Text, postText) {
			t.Errorf("%s has what nobody approved", p.Platform)
		}
	}
}

// digest is what the page says would be signed.
func (p *person) digest() string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.TextContent(chromedp.CSS(".decision .digest code")))
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.Join(strings.Fields(text), "")
}

// alsoApprover gives somebody of the demo a second role, as the operator of
// the machine would. No page grants roles yet, and it is not what is tested.
func (tw town) alsoApprover(t *testing.T, name string) {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(tw.data, "kentongan.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	v, err := vault.Open(filepath.Join(tw.data, "key"))
	if err != nil {
		t.Fatal(err)
	}
	g := identity.Grant{Role: identity.Approver}
	err = d.View(t.Context(), func(tx *db.Tx) error {
		agency, err := identity.AgencyBySlug(t.Context(), tx, "diskominfo")
		if err != nil {
			return err
		}
		who, err := identity.PersonByUsername(t.Context(), tx, name)
		g.Agency, g.Person = agency.ID, who.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	desk := identity.NewDesk(d, v, time.Now, func(ctx context.Context, tx *db.Tx, by identity.Actor, at time.Time, deed identity.Deed) error {
		return audit.Note(ctx, tx, by, at, audit.Deed{Name: deed.Name, Subject: deed.Subject, Detail: deed.Detail})
	})
	if err := desk.Grant(t.Context(), identity.Operator(), g); err != nil {
		t.Fatal(err)
	}
}
