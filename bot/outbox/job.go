package outbox

import (
	"context"
	"errors"
	"time"

	"awassiber/bot"
)

// ReasonJob retires a job of a kind this version does not know.
const ReasonJob = "unknown-job"

// unlinkWait is how long an unlink is put off while a fetch result that may be about the same
// content waits to be handled.
const unlinkWait = 2 * time.Second

// work does a job on a file.
func (ob *Outbox) work(hard context.Context, d bot.Delivery) {
	switch d.Job.Kind {
	case bot.JobFetch:
		ob.fetch(hard, d)
	case bot.JobUnlink:
		ob.unlink(hard, d)
	default:
		ob.o.Log.Error("outbox: unknown job", "delivery", d.ID)
		ob.commit(hard, d.ID, func(tx bot.Tx) error { return tx.Retire(d.ID, ReasonJob) })
	}
}

// unlink removes a file nothing refers to. A fetch may just have found the same content stored
// already and its result not been counted yet; so no fetch may run meanwhile, and every update as
// old as the last fetch result must have been handled.
func (ob *Outbox) unlink(hard context.Context, d bot.Delivery) {
	ob.files.Lock()
	defer ob.files.Unlock()
	sha := d.Job.File.SHA256
	used, open, err := ob.needed(hard, sha)
	if err == nil && used == 0 && !open { // it is forgotten by now: no fetch will find it known
		err = ob.o.Evidence.Remove(sha)
		if errors.Is(err, bot.ErrNotFound) {
			err = nil
		}
	}
	switch {
	case err != nil:
		ob.o.Log.Error("outbox: unlink failed", "delivery", d.ID, "tries", d.Tries)
		ob.putOff(hard, d, backoff(d.Tries))
		ob.retried.Add(1)
	case used == 0 && open:
		ob.putOff(hard, d, unlinkWait)
	default:
		ob.commit(hard, d.ID, func(tx bot.Tx) error { return tx.Sent(d.ID, bot.MessageRef{}) })
		ob.jobs.Add(1)
	}
}

// needed tells how many references a file has, and whether there may be one not counted yet. The
// second is asked first: what was handled by then is counted after it. What nobody needs is forgotten.
func (ob *Outbox) needed(hard context.Context, sha string) (used int, open bool, err error) {
	ctx := context.WithoutCancel(hard)
	err = ob.store.View(ctx, func(tx bot.Tx) error {
		q, err := tx.Queues()
		open = !q.OldestInbox.IsZero() && !q.OldestInbox.After(ob.lastFetch())
		return err
	})
	if err != nil {
		return 0, false, err
	}
	err = ob.store.Update(ctx, func(tx bot.Tx) (err error) {
		if used, err = tx.FileUsed(sha, 0); err != nil || used > 0 || open {
			return err
		}
		return tx.ForgetFile(sha)
	})
	return used, open, err
}

// lastFetch is when a fetch result was last put into the inbox; before the first of this process,
// when the process began, since the one before may have left some.
func (ob *Outbox) lastFetch() time.Time {
	ob.mu.Lock()
	defer ob.mu.Unlock()
	if ob.fetched.IsZero() {
		return ob.born
	}
	return ob.fetched
}
