package outbox

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"awassiber/bot"
)

// Reasons of the outbox's own, besides those of bot.SendError. They are stored and shown to the
// desk as a word.
const (
	ReasonExpired     = "expired"     // still failing when it was too old
	ReasonLate        = "late"        // the answer to a button press came too late to be seen
	ReasonTimeout     = "timeout"     // the network did not answer in time
	ReasonInterrupted = "interrupted" // the program was stopped during the attempt
	ReasonPanic       = "panic"       // the adapter panicked
	ReasonError       = "error"       // the adapter returned some other error
	ReasonNoNetwork   = "no-network"  // no adapter for this network is configured
)

// panicTries is after how many attempts a message whose adapter panics is given up: it is not the
// network that refuses it, so waiting a day helps nobody behind it.
const panicTries = 5

// giveUpTries is how many attempts a message gets at least, however old it is: what was held, or
// waited while the process was down, is no less wanted. A network that only asks for patience
// (SendError.After) never makes it give up.
const giveUpTries = 10

// moveTries is how many attempts may be repeated at once because the chat moved.
const moveTries = 3

// errPanic stands for a panic that was recovered and counted.
var errPanic = errors.New("adapter panicked")

// send waits for the rate limits, asks the network and settles what it said.
func (ob *Outbox) send(ctx, hard context.Context, d bot.Delivery) {
	net, ok := ob.o.Networks[d.To.Network]
	if !ok || net.Sender == nil {
		ob.failed(hard, d, &bot.SendError{Reason: ReasonNoNetwork})
		return
	}
	waiting, stop := context.WithTimeout(ctx, limitWait)
	err := ob.limits[d.To.Network].wait(waiting, d.To, d.Message.Answer != "")
	stop()
	switch {
	case ctx.Err() != nil: // the program stops; the next run sends it at once
		ob.putOff(hard, d, 0)
		return
	case err != nil: // its turn is further away than a claim should wait
		ob.putOff(hard, d, limitWait/2+rand.N(limitWait/2))
		return
	}
	if until := ob.pausedUntil(d.To, ob.o.Now()); !until.IsZero() {
		ob.putOff(hard, d, until.Sub(ob.o.Now()))
		return
	}
	sending, stop := context.WithTimeout(hard, sendTimeout)
	ref, err := ob.call(sending, net.Sender, d)
	timeout := sending.Err() != nil
	stop()
	if err == nil {
		ob.commit(hard, d.ID, func(tx bot.Tx) error { return tx.Sent(d.ID, ref) })
		ob.sent.Add(1)
		return
	}
	ob.failed(hard, d, ob.classify(hard, err, timeout))
}

// call asks the adapter, and contains a panic of it.
func (ob *Outbox) call(ctx context.Context, s Sender, d bot.Delivery) (ref bot.MessageRef, err error) {
	defer func() {
		if v := recover(); v != nil {
			ob.panicked(d.ID, v)
			err = errPanic
		}
	}()
	return s.Send(ctx, d)
}

// panicked counts and logs a panic: its type only, since its value may quote what was to be sent.
func (ob *Outbox) panicked(id bot.QueueID, value any) {
	ob.panics.Add(1)
	ob.o.Log.Error("outbox: adapter panicked", "delivery", id, "type", fmt.Sprintf("%T", value),
		"stack", string(debug.Stack()))
}

// classify makes a SendError of any error.
func (ob *Outbox) classify(hard context.Context, err error, timeout bool) *bot.SendError {
	var se *bot.SendError
	switch {
	case errors.As(err, &se):
		return se
	case errors.Is(err, errPanic):
		return &bot.SendError{Reason: ReasonPanic}
	case hard.Err() != nil:
		return &bot.SendError{Reason: ReasonInterrupted}
	case timeout:
		return &bot.SendError{Reason: ReasonTimeout}
	}
	return &bot.SendError{Reason: ReasonError}
}

// failed settles an attempt that did not succeed.
func (ob *Outbox) failed(hard context.Context, d bot.Delivery, se *bot.SendError) {
	age := ob.o.Now().Sub(d.Since)
	switch {
	case !se.Moved.IsZero() && se.Moved != d.To && d.Tries <= moveTries:
		ob.moved(hard, d, se.Moved)
		return
	case se.Permanent, se.Reason == ReasonPanic && d.Tries >= panicTries:
		ob.retire(hard, d, se.Reason)
		return
	case se.Reason == ReasonInterrupted:
		ob.putOff(hard, d, 0)
		return
	case age >= ob.o.GiveUp && d.Tries >= giveUpTries && se.After == 0:
		ob.retire(hard, d, ReasonExpired)
		return
	}
	wait := backoff(d.Tries)
	if se.After > 0 {
		wait = se.After + rand.N(time.Second)
	}
	if se.WholeNetwork {
		ob.pause(silenced{network: d.To.Network, persons: se.PersonsOnly}, ob.o.Now().Add(wait))
	}
	ob.o.Log.Warn("outbox: attempt failed", "delivery", d.ID, "network", d.To.Network, "reason", se.Reason,
		"tries", d.Tries, "wait", wait, "whole_network", se.WholeNetwork)
	ob.putOff(hard, d, wait)
	ob.retried.Add(1)
}

// putOff moves the next attempt.
func (ob *Outbox) putOff(hard context.Context, d bot.Delivery, wait time.Duration) {
	ob.commit(hard, d.ID, func(tx bot.Tx) error { return tx.Reschedule(d.ID, tx.Now().Add(wait)) })
}

// moved records a chat's new address and lets the message go there at once.
func (ob *Outbox) moved(hard context.Context, d bot.Delivery, to bot.Address) {
	ok := ob.commit(hard, d.ID, func(tx bot.Tx) error {
		if err := tx.Moved(d.To, to); err != nil {
			return err
		}
		_, err := tx.Deliver(bot.Update{
			Network: d.To.Network,
			ID:      bot.UpdateID("moved/" + d.To.Chat + "/" + to.Chat),
			Kind:    bot.KindMoved,
			Chat:    d.To,
			At:      tx.Now(),
			MovedTo: to,
		})
		if err != nil {
			return err
		}
		return tx.Reschedule(d.ID, tx.Now())
	})
	if ok {
		ob.o.Log.Info("outbox: a group moved", "network", d.To.Network)
		ob.delivered()
	}
}

// NoticeDesk is the locale key of the notice to the admins that the desk's group cannot be reached.
const NoticeDesk = "notice.desk_unreachable"

// deskLost tells the admins, once a day, that the coordinators' group refuses what is sent to it.
func (ob *Outbox) deskLost(tx bot.Tx, d bot.Delivery, reason string) error {
	_, err := tx.Deliver(bot.Update{
		Network: d.To.Network,
		ID:      bot.UpdateID("desk-lost/" + tx.Now().Format(time.DateOnly)),
		Kind:    bot.KindNotice,
		At:      tx.Now(),
		Notice:  &bot.Notice{Key: NoticeDesk, Args: map[string]string{"reason": reason}},
	})
	return err
}

// retire gives a message up and tells the desk, or the admins if it is the desk that cannot be
// reached. Nobody waits for an answer to a press.
func (ob *Outbox) retire(hard context.Context, d bot.Delivery, reason string) {
	ok := ob.commit(hard, d.ID, func(tx bot.Tx) error {
		if err := tx.Retire(d.ID, reason); err != nil {
			return err
		}
		desk, err := ob.desk(tx)
		switch {
		case err != nil || d.Message.Answer != "":
			return err
		case d.To == desk:
			return ob.deskLost(tx, d, reason)
		}
		f := bot.Failed{Reason: reason, Case: d.Message.Case, Person: d.Message.Person}
		if f.Person == "" {
			f.To = d.To
		}
		_, err = tx.Deliver(bot.Update{
			Network: d.To.Network,
			ID:      bot.UpdateID("failed/" + d.Unique),
			Kind:    bot.KindFailed,
			At:      tx.Now(),
			Failed:  &f,
		})
		return err
	})
	if ok {
		ob.retired.Add(1)
		ob.o.Log.Error("outbox: message given up", "delivery", d.ID, "network", d.To.Network, "reason", reason,
			"tries", d.Tries)
		ob.delivered()
	}
}

func (ob *Outbox) delivered() {
	if ob.o.Delivered != nil {
		ob.o.Delivered()
	}
}

// commit writes down what happened, and keeps trying while the store fails: what was sent and not
// written down is sent again. It gives up when the claim runs out or the program must end. That
// the row is gone (erased at its owner's wish meanwhile) is success.
func (ob *Outbox) commit(hard context.Context, id bot.QueueID, fn func(bot.Tx) error) bool {
	began, pause := time.Now(), storePause
	for {
		err := ob.store.Update(context.WithoutCancel(hard), fn)
		if err == nil || errors.Is(err, bot.ErrNotFound) {
			return err == nil
		}
		ob.o.Log.Error("outbox: store failed, waiting", "delivery", id, "err", err, "wait", pause)
		if hard.Err() != nil || time.Since(began) > claimFor {
			return false
		}
		sleep(hard, pause, nil)
		pause = min(2*pause, storePauseMax)
	}
}

// backoff is the wait after the failed attempt of that number: 2, 4, 8 … seconds, at most ten
// minutes, up to a quarter more at random so that chats that failed together do not return together.
func backoff(tries int) time.Duration {
	d := min(time.Second<<min(max(tries, 1), 10), 10*time.Minute)
	return d + rand.N(d/4)
}
