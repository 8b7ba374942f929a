package sandbox

import (
	"slices"
	"time"
)

// publish adds a post of ours and tells the webhooks.
func (s *Sandbox) publish(p *Post, now time.Time) error {
	if err := s.world.say(p, now); err != nil {
		return err
	}
	s.tell(p, "add", now)
	return nil
}

// edit changes a text.
func (s *Sandbox) edit(p *Post, text string, now time.Time) error {
	err := s.world.change(p, func(p *Post) {
		p.History = append(slices.Clip(p.History), Version{Text: p.Text, At: p.since()})
		p.Text, p.EditedAt = text, now
	})
	if err != nil {
		return err
	}
	s.tell(p, "edited", now)
	return nil
}

// remove takes a post away; it stays in the world's record.
func (s *Sandbox) remove(p *Post, now time.Time) error {
	if err := s.world.change(p, func(p *Post) {
		p.Deleted = true
		if h := habitOf(p.Platform); h.gone != nil {
			h.gone(s.world, p, now)
		}
	}); err != nil {
		return err
	}
	s.tell(p, "remove", now)
	return nil
}

// setHidden hides a comment or shows it again.
func (s *Sandbox) setHidden(p *Post, hidden bool, now time.Time) error {
	if p.Hidden == hidden {
		return nil
	}
	if err := s.world.change(p, func(p *Post) { p.Hidden = hidden }); err != nil {
		return err
	}
	verb := "unhide"
	if hidden {
		verb = "hide"
	}
	s.tell(p, verb, now)
	return nil
}
