package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// pleading is the citizen's side of an objection: pages without an account and
// without a name.
type pleading struct {
	*Pages
	gate *gate
}

func (p *Pages) objectionRoutes() []Route {
	c := pleading{Pages: p, gate: newGate(p.Now)}
	return []Route{
		{Pattern: "GET /t/{slug}/keberatan", Public: true, Do: c.form},
		{Pattern: "POST /t/{slug}/keberatan", Public: true, Do: c.file},
		{Pattern: "GET /t/{slug}/keberatan/tanda", Public: true, Do: c.receiptForm},
		{Pattern: "POST /t/{slug}/keberatan/tanda", Public: true, Do: c.byReceipt},
		{Pattern: "POST /t/{slug}/keberatan/tambah", Public: true, Do: c.add},
		{Pattern: "GET /t/{slug}/kasus", Public: true, Do: c.lookUp},
		{Pattern: "GET /t/{slug}/kasus/{number}", Public: true, Do: c.caseOf},
	}
}

// largestPlea is what an objection's form may send: 2,000 letters, each of
// which can be twelve bytes long in a form, and its names.
const largestPlea = 32 << 10

// office is the agency of a public page, with the frame on its wall clock.
// None of these pages is kept by a browser or found by a search engine.
func (c pleading) office(r *Request) (o Office, a identity.Agency, err error) {
	h := r.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	err = c.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		a, err = identity.AgencyBySlug(r.Context(), tx, r.PathValue("slug"))
		return err
	})
	if err != nil {
		return o, a, err
	}
	r.Frame.Printer = r.Frame.In(a.Location())
	return Office{ID: a.ID, Name: a.Name, Slug: a.Slug}, a, nil
}

// slow says when to come back, or nil. Nothing that was typed is kept of a
// request that came too soon; the page still holds it.
func (c pleading) slow(what, who string, q quota) error {
	if wait := c.gate.pass(what, who, q); wait > 0 {
		at := c.Now().Add(wait)
		return fault.New(fault.Transient, "objection.too_many", fault.Arg("at", at), fault.RetryAt(at))
	}
	return nil
}

// read takes a small form, and nothing but a form.
func (c pleading) read(r *Request) error {
	r.Body = http.MaxBytesReader(r.w, r.Body, largestPlea)
	err := r.ParseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.New(fault.Invalid, "objection.too_large", fault.Arg("limit", int64(largestPlea)))
	}
	if err != nil {
		return fault.New(fault.Invalid, "objection.unreadable")
	}
	return nil
}

// refused shows the form again with what was typed, or passes on what no form
// can mend.
func refused(r *Request, v View, problems *Problems, err error) (Answer, error) {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && kind != fault.Transient || fault.Find(err) == nil {
		return nil, err
	}
	*problems = r.Frame.Fault(err)
	status := statusOf(kind)
	if f := fault.Find(err); kind == fault.Transient && !f.RetryAt.IsZero() {
		status = http.StatusTooManyRequests
		r.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(f.RetryAt.Sub(r.Frame.Now)/time.Second))))
	}
	return Show{View: v, Status: status}, nil
}

func (c pleading) form(r *Request) (Answer, error) {
	o, _, err := c.office(r)
	if err != nil {
		return nil, err
	}
	v := c.plea(r, o)
	if number, ok := moderation.ReadNumber(r.FormValue("kasus")); ok {
		v.Number = number
	}
	return Show{View: v}, nil
}

// plea is an empty form. Its key is random: the same form is filed once,
// however often it is sent.
func (c pleading) plea(r *Request, o Office) *PleaView {
	return &PleaView{Office: o, Form: rand.Text(), Elsewhere: c.elsewhere(r.Frame), Notes: c.clockNotes(r.Frame)}
}

func (c pleading) file(r *Request) (Answer, error) {
	soon := c.slow("file", clientOf(r.Request), filings)
	o, a, err := c.office(r)
	if err != nil {
		return nil, err
	}
	v := c.plea(r, o)
	if err := c.read(r); err != nil {
		return refused(r, v, &v.Problems, err)
	}
	v.Number, v.Why = r.PostForm.Get("number"), r.PostForm.Get("why")
	if form := r.PostForm.Get("form"); form != "" {
		v.Form = form
	}
	if soon == nil {
		soon = c.slow("office", string(a.ID), perSlug)
	}
	if soon != nil {
		return refused(r, v, &v.Problems, soon)
	}
	f, err := moderation.ReadFiling(v.Number, v.Why, r.PostForm.Get("form"))
	if err != nil {
		if len(r.PostForm.Get("form")) < 20 {
			v.Form = rand.Text()
		}
		return refused(r, v, &v.Problems, err)
	}
	// A field that people do not see: what fills it in is a program. A person
	// whose browser did so sends the form again, with nothing lost.
	if r.PostForm.Get("alamat_situs") != "" {
		return refused(r, v, &v.Problems, fault.New(fault.Invalid, "objection.trap"))
	}
	if err := c.slow("case", string(a.ID)+"/"+f.Number, perCase); err != nil {
		return refused(r, v, &v.Problems, err)
	}
	if err := c.slow("miss", clientOf(r.Request), misses); err != nil {
		return refused(r, v, &v.Problems, err)
	}
	filed, err := c.Moderation.File(r.Context(), o.Slug, f)
	if fault.Code(err) != "objection.case_unknown" {
		c.gate.back("miss", clientOf(r.Request), misses)
	}
	if err != nil {
		return refused(r, v, &v.Problems, err)
	}
	return Show{View: &PleaFiledView{Office: o, Number: filed.Number, Receipt: filed.Receipt, Joined: filed.Joined, Deadline: deadline(r.Frame, filed.Clock, filed.Timed)}}, nil
}

func (c pleading) receiptForm(r *Request) (Answer, error) {
	o, _, err := c.office(r)
	return Show{View: &ReceiptView{Office: o}}, err
}

func (c pleading) byReceipt(r *Request) (Answer, error) {
	soon := c.slow("receipt", clientOf(r.Request), receipts)
	o, _, err := c.office(r)
	if err != nil {
		return nil, err
	}
	v := &ReceiptView{Office: o}
	if err := c.read(r); err != nil {
		return refused(r, v, &v.Problems, err)
	}
	if v.Typed = r.PostForm.Get("receipt"); soon != nil {
		return refused(r, v, &v.Problems, soon)
	}
	found, err := c.Moderation.ByReceipt(r.Context(), o.Slug, v.Typed)
	if err != nil {
		return refused(r, v, &v.Problems, err)
	}
	return Show{View: c.holds(r, o, found, v.Typed)}, nil
}

// holds is a case as somebody sees it who holds a receipt.
func (c pleading) holds(r *Request, o Office, found moderation.PublicCase, receipt string) *PublicCaseView {
	v := c.caseView(r, o, found)
	v.Receipt, v.Form = receipt, rand.Text()
	v.MayAdd = found.Objection != nil && found.Objection.State == moderation.ObjectionOpen
	return v
}

func (c pleading) add(r *Request) (Answer, error) {
	soon := c.slow("receipt", clientOf(r.Request), receipts)
	o, _, err := c.office(r)
	if err != nil {
		return nil, err
	}
	again := &ReceiptView{Office: o}
	if err := c.read(r); err != nil {
		return refused(r, again, &again.Problems, err)
	}
	receipt, more := r.PostForm.Get("receipt"), r.PostForm.Get("why")
	again.Typed = receipt
	found, err := c.Moderation.ByReceipt(r.Context(), o.Slug, receipt)
	if err != nil {
		return refused(r, again, &again.Problems, err)
	}
	v := c.holds(r, o, found, receipt)
	if v.More = more; soon != nil {
		return refused(r, v, &v.Problems, soon)
	}
	if err := c.Moderation.Add(r.Context(), o.Slug, receipt, more, r.PostForm.Get("form")); err != nil {
		return refused(r, v, &v.Problems, err)
	}
	v.Added, v.More = true, ""
	return Show{View: v}, nil
}

// lookUp leads from a number to its page. A number is not personal, so it may
// stand in an address.
func (c pleading) lookUp(r *Request) (Answer, error) {
	o, _, err := c.office(r)
	if err != nil {
		return nil, err
	}
	typed := r.FormValue("nomor")
	v := &CaseLookView{Office: o, Typed: shorten(typed, 40)}
	if typed == "" {
		return Show{View: v}, nil
	}
	number, ok := moderation.ReadNumber(typed)
	if !ok {
		return refused(r, v, &v.Problems, fault.New(fault.Invalid, "objection.number_malformed", fault.Field("number")))
	}
	return GoTo{Path: "/t/" + o.Slug + "/kasus/" + url.PathEscape(number)}, nil
}

func (c pleading) caseOf(r *Request) (Answer, error) {
	soon := c.slow("case", clientOf(r.Request), lookUps)
	o, _, err := c.office(r)
	if err != nil {
		return nil, err
	}
	number := r.PathValue("number")
	v := &CaseLookView{Office: o, Typed: shorten(number, 40)}
	if soon != nil {
		return refused(r, v, &v.Problems, soon)
	}
	if clean, ok := moderation.ReadNumber(number); ok && clean != number {
		return GoTo{Path: "/t/" + o.Slug + "/kasus/" + clean}, nil
	}
	// A miss is taken beforehand and given back, so that many guesses at once
	// are no more than many after another.
	if soon := c.slow("miss", clientOf(r.Request), misses); soon != nil {
		return refused(r, v, &v.Problems, soon)
	}
	found, err := c.Moderation.Case(r.Context(), o.Slug, number)
	if err == nil {
		c.gate.back("miss", clientOf(r.Request), misses)
	}
	if fault.KindOf(err) == fault.NotFound {
		v.Problems = r.Frame.Fault(fault.New(fault.NotFound, "objection.case_unknown", fault.Field("number")))
		return Show{View: v, Status: http.StatusNotFound}, nil
	}
	if err != nil {
		return nil, err
	}
	return Show{View: c.caseView(r, o, found)}, nil
}
