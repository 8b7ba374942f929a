package queue

import (
	"context"

	"github.com/hibiken/asynq"

	"kentongan/internal/outbox"
)

// Bell is what the queue page shows of one class: how many rings are in Redis.
type Bell struct {
	Class           outbox.Class
	Pending, Active int
	Paused          bool
}

// Inspect asks Redis what is being rung. An unknown class has not been used
// since Redis started, which is no failure.
func (q *Queue) Inspect(context.Context) ([]Bell, error) {
	inspector := asynq.NewInspector(q.redis.asynq())
	defer inspector.Close()
	known, err := inspector.Queues()
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, name := range known {
		used[name] = true
	}
	var all []Bell
	for _, class := range outbox.Classes {
		b := Bell{Class: class}
		if used[string(class)] {
			info, err := inspector.GetQueueInfo(string(class))
			if err != nil {
				return nil, err
			}
			b.Pending, b.Active, b.Paused = info.Pending, info.Active, info.Paused
		}
		all = append(all, b)
	}
	return all, nil
}

// Where says which Redis rings: for the queue page and doctor.
func (q *Queue) Where() Mode { return q.redis.Mode }

// Ping asks whether Redis answers.
func (q *Queue) Ping(ctx context.Context) error { return q.redis.Ping(ctx) }
