package web

import "github.com/a-h/templ"

// ChannelsView is Kanal: our accounts and how they are, and connecting one.
type ChannelsView struct {
	Rows      []ChannelRow
	Apps      []AppRow
	Connect   bool // this person may connect
	Platforms []Choice
	Form      ConnectForm
	Problems  Problems
}

// ChannelRow is one account.
type ChannelRow struct {
	ID, Platform, Handle, Name, URL string
	Mode                            string
	Health                          Tag
	Explain                         string // what is wrong and the way out; "" when nothing is
	Pace                            string // what the platform says is left
	Since                           string
	Sandbox                         bool
	Reopen                          bool // frozen, and this person may release it
}

// AppRow is one registration at a platform, with the address it pushes to.
type AppRow struct {
	Platform, BaseURL, Webhook string
}

// ConnectForm is what an administrator typed. Secrets are never printed back.
type ConnectForm struct {
	Platform, BaseURL, Mode, ClientID string
}

func (v ChannelsView) Head(f *Frame) Head {
	return Head{Title: f.T("channels.title"), Sub: f.T("channels.sub"), Nav: "channels"}
}

func (v ChannelsView) Body(f *Frame) templ.Component { return channelsPage(f, v) }
