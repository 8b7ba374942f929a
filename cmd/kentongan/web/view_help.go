package web

import (
	"strconv"

	"github.com/a-h/templ"
)

// HelpView is what a platform wants before it admits an office's app.
type HelpView struct {
	Platform string
	Time     string // how long it takes
	Steps    []string
	Connect  string // where the account is connected; "" for who may not
}

// admission reads the steps of a platform; they are sentences of the locale,
// from which the manual's page is made, too.
func admission(f *Frame, platform string) HelpView {
	v := HelpView{Platform: platform, Time: wordOr(f, "admission."+platform+".time", "")}
	for n := 1; f.Printer.Has("admission." + platform + "." + strconv.Itoa(n)); n++ {
		v.Steps = append(v.Steps, f.T("admission."+platform+"."+strconv.Itoa(n)))
	}
	return v
}

func (v HelpView) Head(f *Frame) Head {
	return Head{Title: f.T("help.title", "platform", f.T("platform."+v.Platform)), Nav: "channels"}
}

func (v HelpView) Body(f *Frame) templ.Component { return helpPage(f, v) }
