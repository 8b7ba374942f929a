package contract

import "regexp"

// None is for a platform that publishes no specification: every kind of
// exchange is unknown and needs its reason, so that the list is complete.
type None struct{}

var urn = regexp.MustCompile(`urn:li:[A-Za-z]+:[^/]+|C5F[0-9]+`)

// Judge implements Specification.
func (None) Judge(e Exchange) (string, bool, error) {
	return e.Method + " " + plain(urn.ReplaceAllString(e.Path, "{}")), false, nil
}
