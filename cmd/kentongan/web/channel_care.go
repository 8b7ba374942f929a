package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
)

const (
	quotaWait  = 4 * time.Second     // a page does not wait longer for a platform
	endsWithin = 14 * 24 * time.Hour // a credential that ends so soon is told
)

// channelPage is one account: how it is, what is left, what it can.
func (p *Pages) channelPage(r *Request) (Answer, error) {
	f := r.Frame
	var ch channel.Channel
	var cost channel.Cost
	err := p.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		if ch, err = channel.Load(r.Context(), tx, r.By.Agency, channel.ID(r.PathValue("id"))); err != nil {
			return err
		}
		cost, err = channel.Spending(r.Context(), tx, ch.ID, channel.Month(p.Now()))
		return err
	})
	if err != nil {
		return nil, err
	}
	v := ChannelView{Row: p.channelRow(r, ch, cost), Facts: p.channelFacts(f, ch, cost), Help: p.helpPath(ch.Platform), Disconnect: r.By.May(identity.Connect, ch.Agency)}
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil || ch.Manual() {
		v.Can = byHandTable(f)
		return Show{View: v}, nil
	}
	v.Can = capTable(f, connector, platform.Account{Platform: ch.Platform, BaseURL: ch.BaseURL, Mode: ch.Mode, RemoteID: ch.RemoteID, Handle: ch.Handle})
	if quoter, ok := connector.(platform.Quoter); ok && r.By.May(identity.Connect, ch.Agency) {
		v.Quota, v.NoQuota = p.quota(r, ch, quoter)
	}
	return Show{View: v}, nil
}

// quota asks the platform now; what cannot be had is said, not guessed.
func (p *Pages) quota(r *Request, ch channel.Channel, quoter platform.Quoter) (rows []QuotaRow, why string) {
	f := r.Frame
	ctx, stop := context.WithTimeout(r.Context(), quotaWait)
	defer stop()
	account, err := p.Channels.Account(ctx, ch)
	var all []platform.Allowance
	if err == nil {
		all, err = quoter.Quota(p.Channels.Spending(ctx, ch.ID), account)
	}
	switch refusal := platform.AsRefusal(err); {
	case refusal != nil:
		return nil, wordOr(f, "fault."+refusal.Code, f.T("channel.quota.unknown"))
	case err != nil:
		return nil, f.T("channel.quota.unknown")
	}
	for _, a := range all {
		row := QuotaRow{Name: wordOr(f, "quota."+a.Name, a.Name), Say: f.T("channel.quota.of", "used", a.Used, "limit", a.Limit)}
		if a.Limit > 0 {
			row.Percent = int(min(a.Used*100/a.Limit, 100))
		} else {
			row.Say = f.T("channel.quota.used", "used", a.Used)
		}
		switch {
		case a.Reset.After(p.Now()):
			row.Say += " · " + f.T("channel.quota.until", "time", f.DateTime(a.Reset))
		case a.Window > 0:
			row.Say += " · " + f.T("channel.quota.window", "span", f.Duration(a.Window))
		}
		rows = append(rows, row)
	}
	return rows, ""
}

func (p *Pages) channelFacts(f *Frame, ch channel.Channel, cost channel.Cost) []ChannelFact {
	facts := []ChannelFact{{f.T("channel.fact.account"), strings.TrimSpace(ch.Name + " · " + ch.RemoteID)}}
	if len(ch.Also) > 0 {
		facts = append(facts, ChannelFact{f.T("channel.fact.also"), strings.Join(ch.Also, ", ")})
	}
	if ch.Manual() {
		return facts
	}
	facts = append(facts, ChannelFact{f.T("channels.base_url"), ch.BaseURL}, ChannelFact{f.T("channel.fact.token"), tokenFact(f, p, ch)})
	switch {
	case ch.PushCode != "":
		facts = append(facts, ChannelFact{f.T("channel.fact.push"), f.T("channel.push.refused") + " " + wordOr(f, "fault."+ch.PushCode, "")})
	case !ch.PushAt.IsZero():
		facts = append(facts, ChannelFact{f.T("channel.fact.push"), f.T("channel.push.since", "when", f.DateTime(ch.PushAt))})
	}
	if line := p.costLine(f, ch.Platform, cost); line != "" {
		facts = append(facts, ChannelFact{f.T("channel.fact.cost"), line})
	}
	return facts
}

func tokenFact(f *Frame, p *Pages, ch channel.Channel) string {
	switch {
	case ch.TokenExpires.IsZero():
		return f.T("channel.token.stays")
	case p.renews(ch):
		return f.T("channel.token.renews", "when", f.DateTime(ch.TokenExpires))
	case ch.TokenExpires.Before(p.Now()):
		return f.T("channel.token.ended", "when", f.DateTime(ch.TokenExpires))
	}
	return f.T("channel.token.ends", "when", f.DateTime(ch.TokenExpires))
}

// renews says that the credential is changed for a new one before it ends.
func (p *Pages) renews(ch channel.Channel) bool {
	connector, err := p.Channels.Connector(ch.Platform)
	if err != nil {
		return false
	}
	_, ok := connector.(platform.Refresher)
	return ok
}

func (p *Pages) endsSoon(ch channel.Channel) bool {
	return !ch.Manual() && !ch.TokenExpires.IsZero() && !p.renews(ch) && ch.TokenExpires.Sub(p.Now()) < endsWithin
}

// advice is what will not work soon, before it does not.
func (p *Pages) advice(f *Frame, ch channel.Channel) (all []string) {
	if ch.Manual() {
		return nil
	}
	if p.endsSoon(ch) {
		all = append(all, f.T("channel.advice.token", "when", f.Day(ch.TokenExpires)))
	}
	if len(ch.Missing) > 0 {
		all = append(all, missingWords(f, ch.Missing))
	}
	if err := p.Channels.CheckVersion(ch.Platform); err != nil {
		for _, s := range f.Fault(err) {
			all = append(all, s.Text)
		}
	}
	return all
}

// missingWords names permissions that were not given, and what does not work
// without them.
func missingWords(f *Frame, scopes []string) string {
	var stops []string
	for _, s := range scopes {
		word := wordOr(f, "channel.missing."+s, "")
		if word == "" {
			word = f.T("channel.missing." + abilityOf(s))
		}
		if !slices.Contains(stops, word) {
			stops = append(stops, word)
		}
	}
	return f.T("channel.missing", "scopes", strings.Join(scopes, ", "), "stops", f.List(stops))
}

// abilityOf is what a permission is for, by the words that platforms build
// their names from: instagram_manage_comments, tweet.moderate.write,
// w_organization_social, write:statuses.
func abilityOf(scope string) string {
	s := strings.ToLower(scope)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	switch {
	case has("offline"):
		return "stay"
	case has("moderate", "hide"):
		return "hide"
	case has("dm", "messag", "convo", "conversation"):
		return "direct"
	case has("comment", "repl", "engagement", "force-ssl", "notification", "mention"):
		return "comments"
	case has("insight", "analytics", "stat") && !has("status"):
		return "figures"
	case has("media", "upload"):
		return "media"
	case strings.HasPrefix(s, "w_"), has("publish", "write", "content", "manage_posts"):
		return "publish"
	}
	return "read"
}

// costLine is what the month's calls cost; "" where nothing costs anything.
func (p *Pages) costLine(f *Frame, name platform.Name, cost channel.Cost) string {
	budget := int64(0)
	if p.Budget != nil {
		budget = p.Budget(name)
	}
	switch {
	case cost.USDMicros == 0 && budget == 0:
		return ""
	case budget == 0:
		return f.T("channel.cost", "cost", p.money(f, cost.USDMicros), "n", cost.Calls)
	}
	return f.T("channel.cost.of", "cost", p.money(f, cost.USDMicros), "budget", p.money(f, budget))
}

// money is an amount in the office's own currency, or in dollars where the
// settings name no rate.
func (p *Pages) money(f *Frame, usdMicros int64) string {
	if p.RupiahPerUSD > 0 {
		return f.Rupiah((usdMicros*int64(p.RupiahPerUSD) + 500_000) / 1_000_000)
	}
	return "US$" + f.Decimal(float64(usdMicros)/1e6, 2)
}

// byHandTable is what an account without an interface can.
func byHandTable(f *Frame) []CapRow {
	return []CapRow{
		{f.T("can.publish"), f.T("can.no"), f.T("can.publish.hand"), false},
		{f.T("can.reply"), f.T("can.no"), f.T("can.reply.hand"), false},
		{f.T("can.hide"), f.T("can.no"), f.T("can.hide.hand"), false},
		{f.T("can.figures"), f.T("can.no"), f.T("can.figures.hand"), false},
	}
}

// capTable is a connector's own word on what its platform can, with the way
// around what it cannot.
func capTable(f *Frame, connector platform.Connector, a platform.Account) []CapRow {
	c := connector.Capabilities(a)
	_, prices := connector.(platform.Pricer)
	yes, no := f.T("can.yes"), f.T("can.no")
	var rows []CapRow
	add := func(what string, can bool, say, note string) {
		if say == "" {
			say = map[bool]string{true: yes, false: no}[can]
		}
		if note == "" && !can {
			note = wordOr(f, "can."+what+".hand", "")
		}
		rows = append(rows, CapRow{f.T("can." + what), say, note, can})
	}
	if !c.NoPosts {
		text := ""
		if c.MaxText > 0 {
			text = f.T("can.text.max", "n", c.MaxText, "unit", wordOr(f, "unit."+c.TextUnit, c.TextUnit))
		}
		add("publish", true, text, wordOr(f, "can.needs."+c.NeedsMedia, ""))
		add("pictures", c.MaxMedia > 0 && len(c.MediaTypes) > 0, upTo(f, c.MaxMedia, c.MaxMediaBytes, 0), publicNote(f, c.PublicMedia))
		add("film", len(c.VideoTypes) > 0, upTo(f, 0, c.MaxVideoBytes, c.MaxVideo), publicNote(f, c.PublicVideo))
		add("thread", c.Thread, "", "")
		add("first_comment", c.FirstComment, "", "")
		add("edit", c.Edit, "", "")
		add("delete", c.Delete, "", "")
	} else {
		add("publish", false, "", f.T("can.publish.inbox_only"))
	}
	add("hear", len(c.Hears) > 0 || c.Reply, hears(f, c.Hears), "")
	add("reply", c.Reply || c.ReplyDirect, "", cond(c.ReplyNote != "", wordOr(f, c.ReplyNote, "")))
	add("direct", c.ReplyDirect, window(f, c.ReplyDirect, c.ReplyWindow), "")
	add("private", c.PrivateReply > 0, window(f, c.PrivateReply > 0, c.PrivateReply), "")
	if c.Templates {
		add("templates", true, "", f.T("can.templates.note"))
	}
	add("hide", c.Hide, "", cond(c.HideNote != "", wordOr(f, c.HideNote, "")))
	add("remove", c.Remove, "", "")
	add("block", c.Block, "", "")
	add("figures", len(c.Metrics) > 0, metrics(f, c.Metrics), "")
	add("push", c.Push || c.Stream, "", "")
	add("certain", c.Idempotency != "", wordOr(f, "can.certain."+strings.ReplaceAll(c.Idempotency, "-", "_"), ""), "")
	if prices {
		add("cost", true, f.T("can.cost.counted"), "")
	}
	return rows
}

func cond(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

func publicNote(f *Frame, public bool) string { return cond(public, f.T("can.public")) }

func upTo(f *Frame, n int, bytes int64, length time.Duration) string {
	var parts []string
	if n > 0 {
		parts = append(parts, f.T("can.files", "n", n))
	}
	if length > 0 {
		parts = append(parts, f.Duration(length))
	}
	if bytes > 0 {
		parts = append(parts, f.Bytes(bytes))
	}
	if len(parts) == 0 {
		return ""
	}
	return f.T("can.up_to", "what", strings.Join(parts, " · "))
}

func window(f *Frame, can bool, span time.Duration) string {
	if !can || span == 0 {
		return ""
	}
	return f.T("can.within", "span", f.Duration(span))
}

func hears(f *Frame, kinds []platform.ItemKind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, wordOr(f, "can.hears."+string(k), string(k)))
	}
	return f.List(words)
}

func metrics(f *Frame, names []string) string {
	var words []string
	for _, n := range names {
		words = append(words, strings.ToLower(wordOr(f, "count."+n, n)))
	}
	return f.List(words)
}

// connectPath is where an account of a platform is connected.
func connectPath(name platform.Name, mode string) string {
	path := "/pengaturan/hubungkan/" + string(name)
	if mode != "" && mode != platform.Manual {
		path += "?mode=" + mode
	}
	return path
}
