package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/outbox"
	"awassiber/bot/whatsapp"
)

// whatsappNetwork is WhatsApp as this program uses it: a client, and what the admins were told of it.
type whatsappNetwork struct {
	*whatsapp.Client
	p    *program
	link link
}

// whatsappDevice is how the phone lists this program among its linked devices.
const whatsappDevice = "Awas Siber"

// newWhatsApp opens the session file. A limited network keeps the pace and the habits that numbers
// live by; one without is for tests against a stand-in.
func newWhatsApp(p *program) (*whatsappNetwork, error) {
	w := &whatsappNetwork{p: p}
	w.link = link{p: p, network: bot.WhatsApp, trouble: w.trouble}
	if err := w.link.resume(context.Background()); err != nil {
		return nil, err
	}
	c := whatsapp.Config{
		Path: p.cfg.session(), Deliverer: p.inbox, Evidence: p.files, MaxFile: p.cfg.MaxFile,
		Changed: w.changed, Log: p.log, Now: p.now, Habits: p.cfg.Habits, Pseudonym: p.keys.Pseudonym,
	}
	if !p.cfg.RateLimits {
		c.Habits = whatsapp.Habits{ReadAfter: -1, TypeFrom: -1, TypePerRune: -1, TypeMax: -1, Jitter: -1}
	}
	if p.cfg.WhatsAppTest.address != "" {
		c.HTTP = p.cfg.WhatsAppTest.client()
	}
	var err error
	if w.Client, err = whatsapp.Open(context.Background(), c); err != nil {
		return nil, err
	}
	return w, nil
}

// session is the file that links the bot to a phone.
func (c *Config) session() string { return filepath.Join(c.Data, "whatsapp.db") }

// out is the way out, at a pace numbers live with unless it is lifted for a stand-in.
func (w *whatsappNetwork) out(limited bool) outbox.Network {
	n := outbox.Network{Sender: w.Client, Fetcher: w.Client, Limits: outbox.Limits{IsGroup: whatsapp.IsGroup}}
	if limited {
		l := w.p.cfg.WhatsAppPace
		n.Limits.Overall = outbox.Rate{Every: l.Every, Burst: l.Burst}
		n.Limits.Chat = outbox.Rate{Every: l.ChatEvery, Burst: l.ChatBurst}
		n.Limits.Group = outbox.Rate{Every: l.GroupEvery, Burst: l.GroupBurst}
	}
	return n
}

// changed tells the admins of a trouble that somebody must mend or should know of, and of its end. What
// they are told on WhatsApp itself waits like everything else; the other network has it at once.
func (w *whatsappNetwork) changed(from, to whatsapp.Status) {
	w.p.log.Info("whatsapp", "from", string(from.State), "to", string(to.State), "code", to.Code)
	switch s := to.State; s {
	case whatsapp.LoggedOut, whatsapp.Replaced, whatsapp.BannedUntil, whatsapp.TimeLocked, whatsapp.Outdated:
		w.link.down("notice.whatsapp_"+string(s), to.Since, "until", calendar.Moment(to.Until, w.p.zone))
	case whatsapp.Connected:
		w.link.up("notice.whatsapp_connected", to.Since)
	}
}

// trouble is since when messages do not come and go. A time-lock is told as it begins.
func (w *whatsappNetwork) trouble() time.Time {
	if ok, _ := w.ready(); ok {
		return time.Time{}
	}
	return w.Status().Since
}

// ready is the network's line of /readyz: tips come in, even while nothing may be said to persons.
func (w *whatsappNetwork) ready() (ok bool, note string) {
	s := w.Status().State
	return s == whatsapp.Connected || s == whatsapp.TimeLocked, string(s)
}

// sweepEvery is how often the session file is looked through for people who are to be forgotten; it takes
// two looks.
const sweepEvery = 30 * time.Minute

// forgetStrangers removes from the session file who is no longer known, until ctx ends.
func (w *whatsappNetwork) forgetStrangers(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		n, err := w.Sweep(ctx, w.p.known)
		switch {
		case err != nil && ctx.Err() == nil:
			w.p.log.Error("whatsapp: forgetting", "err", err)
		case n > 0:
			w.p.log.Info("whatsapp: forgotten", "people", n)
		}
	}
}

// known tells who of these is somebody: a person who can be reached, a coordinator, or an admin.
func (p *program) known(ctx context.Context, who []bot.Address) (known []bool, err error) {
	err = p.store.View(ctx, func(tx bot.Tx) error {
		known = make([]bool, len(who))
		for i, a := range who {
			id := tx.Pseudonym(a)
			_, _, err := tx.Identity(id)
			if errors.Is(err, bot.ErrNotFound) {
				_, err = tx.Coordinator(id)
			}
			if err != nil && !errors.Is(err, bot.ErrNotFound) {
				return err
			}
			known[i] = err == nil || slices.Contains(p.cfg.Admins, a)
		}
		return nil
	})
	return known, err
}
