package sandbox

import (
	"context"
	"net/http"
	"slices"
	"time"
)

type Hook struct {
	Platform string `json:"platform"`
	URL      string `json:"url"`
	Shape    string `json:"shape"`
}
type push struct{}

func (s *Sandbox) Register(context.Context, Hook) error { return nil }
func (s *Sandbox) tell(*Post, string, time.Time)        {}
func (w *world) setHook(h Hook) {
	w.hooks = append(slices.DeleteFunc(w.hooks, func(o Hook) bool { return o == h }), h)
}
func (s *Sandbox) deliverLoop(ctx context.Context) { <-ctx.Done() }
func (s *Sandbox) live(ctx context.Context)        { <-ctx.Done() }
func (s *Sandbox) Answer(int) []string             { return nil }
func displayName(h string) string                  { return h }
func (s *Sandbox) facebookRoutes(*http.ServeMux)   {}
func (s *Sandbox) app(platform string) *App {
	if a := s.world.account(platform, ""); a != nil {
		return &a.App
	}
	return nil
}
