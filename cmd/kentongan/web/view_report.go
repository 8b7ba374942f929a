package web

import "github.com/a-h/templ"

// ReportView is Laporan: what a leader reads about a stretch of time.
type ReportView struct {
	Headline  string // the finding
	Lead      string // what it rests on
	Spans     []Link
	From, To  string // as the fields take them
	Figures   []Figure
	Channels  []ChannelFigures
	Days      []DayFigures
	Waiting   []Fact
	Response  []ResponseLine
	Target    string
	Problems  Problems
	FirstDay  string
	LastDay   string
	HasDays   bool
	Tallest   int64
	SpanWords string
}

// ChannelFigures is one channel's part. Shares are of the largest, 0 to 100.
type ChannelFigures struct {
	Platform, Handle          string
	Posts, Replies            int64
	Reach                     string // "–" where the platform does not tell
	ReachShare, ReactionShare int
	Reactions                 int64
	Named                     string // "12 suka, 3 dibagikan"
}

// DayFigures is one day.
type DayFigures struct {
	Day                       string
	Posts, Messages, Answered int64
}

// ResponseLine is how long citizens of one channel waited.
type ResponseLine struct {
	Platform, Handle string
	Answered         int64
	Within, Median   string
	Share            int
	Tone             string
}

// ChartBar is one bar of the days' chart, in its own coordinates.
type ChartBar struct {
	X, Y, Width, Height string
	Class               string
}

func (v ReportView) Head(f *Frame) Head {
	return Head{Title: f.T("report.title"), Sub: v.SpanWords, Nav: "report"}
}

func (v ReportView) Body(f *Frame) templ.Component { return reportPage(f, v) }
