package web

import "github.com/a-h/templ"

// TodayView is Hari Ini: what this person should do next, by deadline.
type TodayView struct {
	Lead     string // one sentence on how things stand
	Queue    Tag    // whether a due post would go out now
	Figures  []Figure
	Tasks    []Task
	More     int // tasks beyond those listed
	Slots    []Slot
	Channels []ChannelLine
}

// Figure is one number with what it means.
type Figure struct {
	Label, Value, Unit string
	Note, Tone, Icon   string
}

// Task is one thing to do.
type Task struct {
	Icon, Tone  string
	Title, Line string
	When        Tag    // the deadline or the state; Text "" for none
	Beats       *Beats // progress instead of a deadline
	Path, Verb  string
	Life        bool // somebody's life is in danger: before everything else
}

// Slot is one post of today's plan.
type Slot struct {
	Clock     string
	Title     string
	Path      string
	Platforms []string
	Line      string
	Beats     Beats
	Past      bool
	Next      bool
}

// ChannelLine is how one channel is.
type ChannelLine struct {
	Platform, Handle string
	Health           Tag
}

// greetings by hour, in local time: pagi until 11, siang until 15, sore until
// 18, then malam.
func greeting(hour int) string {
	switch {
	case hour < 4 || hour >= 18:
		return "today.greeting.night"
	case hour < 11:
		return "today.greeting.morning"
	case hour < 15:
		return "today.greeting.noon"
	}
	return "today.greeting.afternoon"
}

func (v TodayView) Head(f *Frame) Head {
	return Head{Title: f.T("nav.today"), Sub: f.Date(f.Now) + " · " + f.Time(f.Now), Nav: "today"}
}

func (v TodayView) Body(f *Frame) templ.Component { return todayPage(f, v) }
