//go:build !race

package outbox_test

// many promises are claimed; with the race detector fewer, which is slow.
const many = 3000
