package outbox

import (
	"context"
	"errors"
	"time"

	"awassiber/bot"
)

// fetch brings a file here and tells of it, or that it will never come. What one fetch learns of a network's
// file is known when the next of the same file begins.
func (ob *Outbox) fetch(hard context.Context, d bot.Delivery) {
	if f := d.Job.File; f.Unique != "" {
		done, err := ob.same.take(hard, string(f.Network)+"/"+f.Unique)
		if err != nil {
			ob.putOff(hard, d, 0)
			return
		}
		defer done()
	}
	ob.files.RLock()
	defer ob.files.RUnlock()
	ctx, stop := context.WithTimeout(hard, fetchLimit)
	file, err := ob.bring(ctx, d)
	stop()
	if err == nil {
		file = ob.examined(hard, d, file)
	}
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
	if got, ok := ob.known(ctx, file); ok {
		return got, nil
	}
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

// known fills a file from what was remembered when the network handed it over before, without asking the
// network. It is known while somebody refers to it, or may in a moment: no unlink runs meanwhile.
func (ob *Outbox) known(ctx context.Context, file bot.Attachment) (bot.Attachment, bool) {
	var got bot.Attachment
	err := ob.store.View(ctx, func(tx bot.Tx) (err error) {
		got, err = tx.KnownFile(file.Network, file.Unique)
		return err
	})
	if err != nil || !ob.o.Evidence.Has(got.SHA256) { // a disk that lost the file is given it again
		return file, false
	}
	file.SHA256, file.Size, file.MIME, file.State = got.SHA256, got.Size, got.MIME, bot.FileStored
	file.Text, file.Prints = got.Text, got.Prints
	return file, true
}

// examined looks into a stored file, unless the same content was looked into before and said something.
func (ob *Outbox) examined(hard context.Context, d bot.Delivery, file bot.Attachment) (out bot.Attachment) {
	if out = file; ob.o.Examine == nil || file.Read() {
		return file
	}
	var same bot.Attachment
	err := ob.store.View(hard, func(tx bot.Tx) (err error) {
		same, err = tx.KnownContent(file.SHA256)
		return err
	})
	if err == nil && same.Read() {
		file.Text, file.Prints = same.Text, same.Prints
		return file
	}
	limit := examineLimit
	if ob.o.Now().Sub(d.Since) > backlog {
		limit = examineHaste
	}
	ctx, stop := context.WithTimeout(hard, limit)
	defer stop()
	defer func() {
		if v := recover(); v != nil {
			ob.panicked(d.ID, v)
			out = file
		}
	}()
	got := ob.o.Examine(ctx, file)
	file.Text, file.Prints = got.Text, got.Prints
	return file
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
		if file.State == bot.FileStored {
			if err := tx.KnowFile(file); err != nil {
				return err
			}
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
