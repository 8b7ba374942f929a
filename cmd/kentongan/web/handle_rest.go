package web

// resting shows the reminder instead of the next message, when it is time.
func (p *Pages) resting(r *Request) (Answer, error) {
	rest, err := p.Moderation.RestDue(r.Context(), r.By)
	if err != nil || !rest.Due {
		return nil, err
	}
	return Show{View: RestView{Items: rest.Items, Span: r.Frame.Span(rest.For), MayPostpone: rest.MayPostpone}}, nil
}

// rest takes the break, or puts it off once.
func (p *Pages) rest(r *Request) (Answer, error) {
	if r.PostFormValue("do") == "later" {
		return GoTo{Path: "/moderasi"}, p.Moderation.PostponeRest(r.Context(), r.By)
	}
	if err := p.Moderation.TakeRest(r.Context(), r.By); err != nil {
		return nil, err
	}
	if err := p.Moderation.Leave(r.Context(), r.By); err != nil {
		return nil, err
	}
	return GoTo{Path: "/hari-ini", Flash: &Flash{Key: "flash.rest"}}, nil
}

// veil sets whether every message is veiled for this person.
func (p *Pages) veil(r *Request) (Answer, error) {
	return GoTo{Path: "/moderasi"}, p.Moderation.Veil(r.Context(), r.By, r.PostFormValue("always") != "")
}
