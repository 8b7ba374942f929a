// Package web is the door for people with a browser.
//
// A handler reads the request, calls one verb and returns an Answer: a typed
// page, a way to go, or a fragment; or an error. server.go frames pages and
// answers errors, once for all. Each page is a view_*.go (what it prints), a
// *.templ (how) and a page_*.go (where it comes from).
//
// Pages work without JavaScript and under a content policy without any unsafe
// part: there is no inline script or style anywhere.
package web

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate
