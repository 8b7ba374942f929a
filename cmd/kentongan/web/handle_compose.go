package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/media"
	"kentongan/publisher"
)

func (p *Pages) composeRoutes() []Route {
	compose := []identity.Power{identity.Compose}
	return []Route{
		{Pattern: "GET /unggahan/baru", Powers: compose, Do: p.composeNew},
		{Pattern: "GET /unggahan/{id}/susun", Powers: compose, Do: p.composeEdit},
		{Pattern: "POST /unggahan/simpan", Powers: compose, Largest: largestFilmForm, Do: p.composeSave},
		{Pattern: "POST /unggahan/periksa", Powers: compose, Do: p.composeCheck},
		{Pattern: "POST /unggahan/{id}/tarik", Powers: compose, Do: p.withdraw},
		{Pattern: "GET /gambar/{id}", Powers: []identity.Power{identity.ReadPosts}, Do: p.picture},
		{Pattern: "GET /m/{name}", Public: true, Do: p.publicMedia},
	}
}

func (p *Pages) composeNew(r *Request) (Answer, error) {
	v, err := p.composeView(r, publisher.DraftInput{When: publisher.When{}}, publisher.Post{})
	return Show{View: v}, err
}

func (p *Pages) composeEdit(r *Request) (Answer, error) {
	full, err := p.Publisher.LoadPost(r.Context(), r.By, publisher.PostID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	if err := full.MayEdit(r.By); err != nil {
		return nil, err
	}
	if some, _ := left(full); some {
		return nil, fault.New(fault.Conflict, "post.leaving")
	}
	v, err := p.composeView(r, inputOf(full.Post), full.Post)
	if err != nil {
		return nil, err
	}
	p.savedPost(r, &v, full)
	return Show{View: v}, nil
}

// savedPost adds what only a stored post has.
func (p *Pages) savedPost(r *Request, v *ComposeView, full publisher.View) {
	f := r.Frame
	v.State = Tag{Text: f.T("post.status." + string(full.Status)), Tone: statusTones[full.Status]}
	v.Saved = f.T("compose.saved", "time", f.Clock(full.UpdatedAt), "revision", full.Revision)
	v.Voids = full.State == publisher.PostScheduled
	_, v.MayWithdraw = full.State.Next(publisher.DeedWithdraw)
	v.Chain = chainOf(f, full)
	if full.State == publisher.PostReturned {
		for _, n := range full.Notes {
			if n.Deed == publisher.DeedReturn {
				v.Returned = f.T("compose.returned_by", "name", n.ByName, "reason", n.Text)
			}
		}
	}
}

func inputOf(post publisher.Post) publisher.DraftInput {
	in := publisher.DraftInput{ID: post.ID, Revision: post.Revision, Title: post.Title, Text: post.Text, Link: post.Link, Parts: post.Parts, Comment: post.Comment, Media: post.Media, When: post.When}
	for _, v := range post.Variants {
		in.Variants = append(in.Variants, publisher.VariantContent{Channel: v.Channel, Own: v.Own, Text: v.Text})
	}
	return in
}

// composeSave is every button of the page: save, upload, submit; and autosave,
// which the page's script sends.
func (p *Pages) composeSave(r *Request) (Answer, error) {
	in, refused, err := p.formInput(r)
	if err != nil {
		return nil, err
	}
	auto := r.Header.Get("HX-Request") != ""
	post, err := p.Publisher.Draft(r.Context(), r.By, in)
	if err == nil && refused != nil {
		in.ID, in.Revision = post.ID, post.Revision // what was written is kept
		return p.notSaved(r, in, post, refused, auto)
	}
	if err == nil && r.PostFormValue("deed") == "submit" && !auto {
		if post, err = p.Publisher.Submit(r.Context(), r.By, post.ID, post.Revision); err == nil {
			return GoTo{Path: "/unggahan/" + string(post.ID), Flash: &Flash{Key: "flash.submitted"}}, nil
		}
		if post.ID != "" {
			in.ID, in.Revision = post.ID, post.Revision // the draft is kept, whatever is missing
		}
	}
	if err == nil {
		return p.saved(r, post, auto)
	}
	return p.notSaved(r, in, post, err, auto)
}

func (p *Pages) saved(r *Request, post publisher.Post, auto bool) (Answer, error) {
	if !auto {
		below := ""
		if r.PostFormValue("deed") == "part" {
			below = "#f-below"
		}
		return GoTo{Path: "/unggahan/" + string(post.ID) + "/susun" + below, Flash: &Flash{Key: "flash.draft_kept"}}, nil
	}
	// What was saved is a draft again, whatever was signed before.
	v := ComposeView{ID: string(post.ID), Revision: post.Revision, State: Tag{Text: r.Frame.T("post.status." + string(post.State))}, Saved: r.Frame.T("compose.saved", "time", r.Frame.Clock(post.UpdatedAt), "revision", post.Revision)}
	return Part{composeAutosaved(r.Frame, v)}, nil
}

// notSaved shows the page again with every word the person wrote.
func (p *Pages) notSaved(r *Request, in publisher.DraftInput, newer publisher.Post, err error, auto bool) (Answer, error) {
	kind := fault.KindOf(err)
	if all := fault.All(err); kind == fault.Internal && len(all) > 0 {
		kind = all[0].Kind // several findings joined
	}
	if kind != fault.Invalid && kind != fault.Conflict {
		return nil, err
	}
	problems := Problems(r.Frame.Fault(err))
	if auto {
		why := r.Frame.T("compose.not_saved")
		if len(problems) > 0 {
			why = problems[0].Text
		}
		return Part{composeNotSaved(r.Frame, why)}, nil
	}
	v, verr := p.composeView(r, in, newer)
	if verr != nil {
		return nil, errors.Join(err, verr)
	}
	v.Problems = problems
	if fault.Code(err) == "post.changed" && newer.ID != "" {
		p.conflict(r, &v, in, newer)
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}

// conflict compares what is stored with what the person was about to store.
func (p *Pages) conflict(r *Request, v *ComposeView, in publisher.DraftInput, newer publisher.Post) {
	full, err := p.Publisher.LoadPost(r.Context(), r.By, newer.ID)
	if err != nil || len(full.Revisions) == 0 {
		return
	}
	last := full.Revisions[0]
	mine := publisher.Content{Title: in.Title, Text: in.Text, Link: in.Link, Parts: in.Parts, Comment: in.Comment, When: in.When, Variants: in.Variants, Media: in.Media}
	v.Conflict = &ComposeConflict{Who: last.ByName, When: r.Frame.Clock(last.At), Revision: full.Revision, Fields: comparedFields(r.Frame, p.channelNames(r), publisher.Compare(last.Content, mine))}
}

func (p *Pages) composeCheck(r *Request) (Answer, error) {
	in, _, err := p.formInput(r)
	if err != nil {
		return nil, err
	}
	v, err := p.composeView(r, in, publisher.Post{})
	return Part{composeChecked(r.Frame, v)}, err
}

func (p *Pages) withdraw(r *Request) (Answer, error) {
	id := publisher.PostID(r.PathValue("id"))
	done, err := p.Publisher.Withdraw(r.Context(), r.By, id)
	if err != nil {
		return nil, err
	}
	flash := &Flash{Key: "flash.withdrawn"}
	if n := len(done.NotStopped); n > 0 {
		flash = &Flash{Key: "flash.withdrawn_partly", Args: map[string]string{"n": strconv.Itoa(n)}, Bad: true}
	}
	return GoTo{Path: "/unggahan/" + string(id), Flash: flash}, nil
}

// picture shows a picture or film of the agency.
func (p *Pages) picture(r *Request) (Answer, error) {
	var pic media.Picture
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		pic, err = media.Find(r.Context(), tx, r.By, media.ID(r.PathValue("id")))
		return err
	})
	if err != nil {
		return nil, err
	}
	body, err := p.Media.Open(pic.SHA256)
	if err != nil {
		return nil, err
	}
	return Stream{Type: pic.Type, Body: body, Cache: "private, max-age=3600"}, nil
}

// publicMedia hands a file to a platform that fetches it by the name it was
// given.
func (p *Pages) publicMedia(r *Request) (Answer, error) {
	body, kind, err := p.Publisher.PublicMedia(r.Context(), r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return Stream{Type: kind, Body: body, Cache: "private, max-age=600"}, nil
}

// formInput reads the compose form, and takes in the files that came with it.
// refused is a file that was not taken; the rest of the form is whole.
func (p *Pages) formInput(r *Request) (in publisher.DraftInput, refused, err error) {
	taken, refused, err := p.takeForm(r)
	if err != nil {
		return in, refused, err
	}
	in = publisher.DraftInput{
		ID: publisher.PostID(r.PostFormValue("id")), Title: r.PostFormValue("title"), Text: r.PostFormValue("text"), Link: r.PostFormValue("link"),
		Parts: r.PostForm["part"], Comment: r.PostFormValue("first_comment"),
	}
	in.Revision, _ = strconv.ParseInt(r.PostFormValue("revision"), 10, 64) // "" for a new post
	if over, err := strconv.ParseInt(r.PostFormValue("overwrite"), 10, 64); err == nil {
		in.Revision = over // the person has seen the newer one and wants this one
	}
	for _, id := range r.PostForm["channels"] {
		in.Variants = append(in.Variants, publisher.VariantContent{Channel: channel.ID(id), Own: r.PostFormValue("own."+id) != "", Text: r.PostFormValue(variantField(id))})
	}
	for _, id := range r.PostForm["media"] {
		if !slices.Contains(r.PostForm["remove"], id) {
			in.Media = append(in.Media, publisher.Attached{Media: media.ID(id), Alt: r.PostFormValue("alt." + id), Decorative: r.PostFormValue("decorative."+id) != ""})
		}
	}
	for _, pic := range taken {
		in.Media = append(in.Media, publisher.Attached{Media: pic.ID})
	}
	in.When = p.formWhen(r)
	return in, refused, nil
}

func (p *Pages) formWhen(r *Request) publisher.When {
	w := publisher.When{Zone: p.zoneOf(r)}
	if r.PostFormValue("when") != "at" {
		return w
	}
	w.Wall = wall(r.PostFormValue("date"), r.PostFormValue("time"))
	if d, t := r.PostFormValue("until_date"), r.PostFormValue("until_time"); d != "" || t != "" {
		w.MoveUntil = wall(d, t)
	}
	return w
}

// wall joins the form's date and time; a missing part makes it unreadable,
// which the rule then names.
func wall(date, time string) string { return strings.TrimSpace(date) + "T" + strings.TrimSpace(time) }

func (p *Pages) zoneOf(r *Request) string {
	zone := "Asia/Jakarta"
	_ = p.DB.View(r.Context(), func(tx *db.Tx) error {
		a, err := identity.AgencyByID(r.Context(), tx, r.By.Agency)
		if err == nil && a.Zone != "" {
			zone = a.Zone
		}
		return err
	})
	return zone
}
