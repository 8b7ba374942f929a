package web

import "github.com/a-h/templ"

// DeliveryView is one delivery by itself: an answer to a citizen that a person
// must decide about.
type DeliveryView struct {
	Row  DeliveryRow
	Text string
	Back string // the conversation or the post it belongs to
}

func (v DeliveryView) Head(f *Frame) Head { return Head{Title: f.T("delivery.title"), Nav: "inbox"} }

func (v DeliveryView) Body(f *Frame) templ.Component { return deliveryPage(f, v) }
