//go:build !linux

package model

// inGreatPages is advice that only Linux takes.
func inGreatPages[T uint32 | uint64]([]T) {}
