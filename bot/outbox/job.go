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

// fetch brings a file here and tells of it, or that it will never come.
func (ob *Outbox) fetch(hard context.Context, d bot.Delivery) {
	ob.files.RLock()
	defer ob.files.RUnlock()
	ctx, stop := context.WithTimeout(hard, fetchLimit)
	file, err := ob.bring(ctx, d)
	stop()
	var se *bot.SendError
	permanent := errors.As(err, &se) && se.Permanent
	switch {
	case err == nil:
	case errors.Is(err, bot.ErrTooLarge):
		file.State = bot.FileTooLarge
	case errors.Is(err, bot.ErrRefused):
		file.State = bot.FileRefused
	case errors.Is(err, bot.ErrGone), permanent:
		file.State = bot.FileGone
	case hard.Err() != nil:
		ob.putOff(hard, d, 0)
		return
	case ob.o.Now().Sub(d.Since) >= ob.o.GiveUp:
		file.State = bot.FileGone
	default:
		wait := backoff(d.Tries)
		if se != nil && se.After > 0 {
			wait = se.After
		}
		ob.o.Log.Warn("outbox: fetch failed", "delivery", d.ID, "network", file.Network, "tries", d.Tries, "wait", wait)
		ob.putOff(hard, d, wait)
		ob.retried.Add(1)
		return
	}
	ob.arrived(hard, d, file)
}

// bring returns the job's attachment, filled from what was stored. After an error it is as it was.
func (ob *Outbox) bring(ctx context.Context, d bot.Delivery) (file bot.Attachment, err error) {
	file = d.Job.File
	defer func() {
		if v := recover(); v != nil {
			ob.panicked(d.ID, v)
			err = errPanic
		}
	}()
	f := ob.o.Networks[file.Network].Fetcher
	if f == nil {
		return file, &bot.SendError{Reason: ReasonNoNetwork}
	}
	r, err := f.Fetch(ctx, file)
	if err != nil {
		return file, err
	}
	got, err := ob.o.Evidence.Put(ctx, r)
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return file, err
	}
	file.SHA256, file.Size, file.MIME, file.State = got.SHA256, got.Size, got.MIME, bot.FileStored
	return file, nil
}

// arrived ends a fetch: its result goes to the inbox in the transaction that ends the job. The
// update's id comes from the delivery, so a fetch repeated after a crash is recognised.
func (ob *Outbox) arrived(hard context.Context, d bot.Delivery, file bot.Attachment) {
	var at time.Time
	ok := ob.commit(hard, d.ID, func(tx bot.Tx) error {
		at = tx.Now()
		_, err := tx.Deliver(bot.Update{
			Network: file.Network,
			ID:      bot.UpdateID("fetched/" + d.Unique),
			Kind:    bot.KindFetched,
			At:      at,
			Fetched: &bot.Fetched{Tip: d.Job.Tip, Item: d.Job.Item, File: file},
		})
		if err != nil {
			return err
		}
		return tx.Sent(d.ID, bot.MessageRef{})
	})
	if !ok {
		return
	}
	ob.mu.Lock()
	ob.fetched = at
	ob.mu.Unlock()
	ob.jobs.Add(1)
	ob.delivered()
}

// unlink removes a file nothing refers to. A fetch may just have found the same content stored
// already and its result not been counted yet; so no fetch may run meanwhile, and every update as
// old as the last fetch result must have been handled.
func (ob *Outbox) unlink(hard context.Context, d bot.Delivery) {
	ob.files.Lock()
	defer ob.files.Unlock()
	sha := d.Job.File.SHA256
	used, open, err := ob.needed(hard, sha)
	if err == nil && used == 0 && !open {
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
// second is asked first: what was handled by then is counted after it.
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
		used, err = tx.FileUsed(sha, 0)
		return err
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
