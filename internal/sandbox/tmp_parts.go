package sandbox

import "context"

func (s *Sandbox) live(ctx context.Context) { <-ctx.Done() }
func (s *Sandbox) Answer(int) []string      { return nil }
func displayName(h string) string           { return h }
