package web

// readingSamples are the calendar, moderation, reports, the register, the
// queue, the trail and channels.
func readingSamples() []sample {
	return nil
}
