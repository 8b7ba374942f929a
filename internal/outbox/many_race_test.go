//go:build race

package outbox_test

const many = 300
