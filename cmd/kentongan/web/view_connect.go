package web

import (
	"slices"

	"github.com/a-h/templ"
)

// PlatformsView is Hubungkan: which platform?
type PlatformsView struct{ Tiles []PlatformTile }

// PlatformTile is one platform to choose.
type PlatformTile struct {
	Name, Path, Way string // Way: "lewat halaman izin", "dengan token", "dengan tangan"
	Connected       int
}

func (v PlatformsView) Head(f *Frame) Head {
	return Head{Title: f.T("connect.title"), Sub: f.T("connect.sub"), Nav: "channels"}
}

func (v PlatformsView) Body(f *Frame) templ.Component { return platformsPage(f, v) }

// The ways an account is connected: the value of a form's "way".
const (
	byConsent = "izin"
	byTyping  = "isian"
	byHand    = "tangan"
)

// ConnectView is connecting one account of a platform.
type ConnectView struct {
	Platform string
	Modes    []Link // variants of its API, when there is more than one
	Mode     string
	Ways     []string // which of the three it offers
	Server   FormField
	Home     bool        // the platform has one address of its own: ours is asked for only on request
	App      []FormField // our registration, for the consent page
	OwnApp   bool        // the server gives us a registration by itself
	Typed    []FormField
	Page     []FormField // of an account written by hand
	Scopes   []string
	Redirect string // to copy into the platform's settings; "" when nobody has to
	Webhook  string // how the platform reaches us, in words or as an address
	Help     string
	Sandbox  bool   // the demo's own platform fills what is left empty
	Way      string // which form the problems belong to
	Problems Problems
}

// FormField is one thing to type.
type FormField struct {
	Name, Label, Hint, Value, Holder string
	Type                             string // of the input: "text", "password", "url"
	Required                         bool
}

func (v ConnectView) offers(way string) bool { return slices.Contains(v.Ways, way) }

// in are the problems of one of the forms.
func (v ConnectView) in(way string) Problems {
	if v.Way != way {
		return nil
	}
	return v.Problems
}

func (v ConnectView) Head(f *Frame) Head {
	return Head{Title: f.T("connect.one", "platform", f.T("platform."+v.Platform)), Nav: "channels"}
}

func (v ConnectView) Body(f *Frame) templ.Component { return connectPage(f, v) }

// DepartureView is the last page of ours before a platform's consent page. A
// form may not lead to another site here (form-action 'self'), and a person
// should see where they are about to type a password: so it is a link.
type DepartureView struct {
	Platform, Address, Host string
	Scopes                  []string
}

func (v DepartureView) Head(f *Frame) Head {
	return Head{Title: f.T("connect.leave", "platform", f.T("platform."+v.Platform)), Nav: "channels"}
}

func (v DepartureView) Body(f *Frame) templ.Component { return departurePage(f, v) }

// ArrivalView is what came back from a consent page: accounts to choose from,
// or why there are none.
type ArrivalView struct {
	Platform string
	Path     string // where the choice is sent
	Accounts []OfferedAccount
	Again    string // where to begin anew
	Lacking  string // permissions that were not given, and what stops without them
	Problems Problems
}

// OfferedAccount is one account that the consent opened.
type OfferedAccount struct {
	ID, Name, Handle string
	Missing          string // what will not work, in words
	Picked           bool
}

func (v ArrivalView) Head(f *Frame) Head {
	if len(v.Accounts) > 0 {
		return Head{Title: f.T("connect.choose", "platform", f.T("platform."+v.Platform)), Nav: "channels"}
	}
	return Head{Title: f.T("connect.failed"), Nav: "channels"}
}

func (v ArrivalView) Body(f *Frame) templ.Component { return arrivalPage(f, v) }
