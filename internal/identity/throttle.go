package identity

import "time"

// forgetFailures is after how long without a try the count starts again.
const forgetFailures = 24 * time.Hour

// wait is how long a name stays closed after so many failed tries in a row:
// five are free, then 30 s doubling to 15 minutes. It is never closed for good:
// that would let anybody lock an officer out.
func wait(failures int64) time.Duration {
	if failures < 5 {
		return 0
	}
	d := 30 * time.Second
	for n := failures - 5; n > 0 && d < 15*time.Minute; n-- {
		d *= 2
	}
	return min(d, 15*time.Minute)
}
