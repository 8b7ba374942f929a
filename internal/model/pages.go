//go:build !linux

package model

// inGreatPages is advice that only Linux takes.
func inGreatPages([]uint64) {}
