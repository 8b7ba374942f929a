package web

import "github.com/a-h/templ"

// ChannelsView is Kanal: our accounts and how they are.
type ChannelsView struct {
	Rows    []ChannelRow
	Apps    []AppRow
	Connect bool // this person may connect
}

// ChannelRow is one account.
type ChannelRow struct {
	ID, Platform, Handle, Name, URL string
	Mode                            string // as a word: "X v1.1", "dengan tangan"
	Health                          Tag
	Explain                         string   // what is wrong and the way out; "" when nothing is
	Advice                          []string // what will be wrong: a version or a token that ends
	Pace                            string   // what the platform says is left
	Cost                            string   // this month's calls, beside the budget
	Since                           string
	Sandbox                         bool
	Reopen                          bool   // frozen, and this person may release it
	Again                           string // where to connect it anew; "" when it need not or may not be
}

// AppRow is one registration at a platform, with the address it pushes to.
type AppRow struct {
	Platform, BaseURL, Webhook, VerifyToken string
}

func (v ChannelsView) Head(f *Frame) Head {
	h := Head{Title: f.T("channels.title"), Sub: f.T("channels.sub"), Nav: "channels"}
	if v.Connect {
		h.Actions = connectButton(f)
	}
	return h
}

func (v ChannelsView) Body(f *Frame) templ.Component { return channelsPage(f, v) }

// ChannelView is one account: what it can, what is left of its limits.
type ChannelView struct {
	Row     ChannelRow
	Facts   []ChannelFact
	Can     []CapRow
	Quota   []QuotaRow
	NoQuota string // why there are no figures; "" when the platform has none to give
	Help    string // where the steps of admission are told

	Disconnect bool // this person may
}

// ChannelFact is one line of what is known.
type ChannelFact struct{ Name, Value string }

// CapRow is one ability, or its absence and the way around it.
type CapRow struct {
	Name, Say, Note string
	Can             bool
}

// QuotaRow is one of the platform's own limits.
type QuotaRow struct {
	Name, Say string
	Percent   int
}

func (v ChannelView) Head(f *Frame) Head {
	return Head{Title: v.Row.Handle, Sub: f.T("platform." + v.Row.Platform), Nav: "channels"}
}

func (v ChannelView) Body(f *Frame) templ.Component { return channelPage(f, v) }
