package main

import (
	"context"
	"path/filepath"
	"sync"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/outbox"
	"awassiber/bot/whatsapp"
)

// whatsappNetwork is WhatsApp as this program uses it: a client, and whether the admins were told of
// a trouble that is not over.
type whatsappNetwork struct {
	*whatsapp.Client
	p *program

	mu     sync.Mutex
	uneasy bool
}

// whatsappDevice is how the phone lists this program among its linked devices.
const whatsappDevice = "Awas Siber"

// newWhatsApp opens the session file. A limited network keeps the pace and the habits that numbers
// live by; one without is for tests against a stand-in.
func newWhatsApp(p *program) (*whatsappNetwork, error) {
	w := &whatsappNetwork{p: p}
	c := whatsapp.Config{
		Path: p.cfg.session(), Deliverer: p.inbox, Evidence: p.files, MaxFile: p.cfg.MaxFile,
		Changed: w.changed, Log: p.log, Now: p.now,
	}
	if !p.cfg.RateLimits {
		c.Habits = whatsapp.Habits{ReadAfter: -1, TypeFrom: -1, TypePerRune: -1, TypeMax: -1, Jitter: -1}
	}
	if p.cfg.WhatsAppTest.address != "" {
		c.HTTP = p.cfg.WhatsAppTest.client()
	}
	whatsapp.Prepare(whatsappDevice, p.log)
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
	n := outbox.Network{Sender: w.Client, Fetcher: w.Client}
	if limited {
		l := whatsapp.SafeLimits()
		n.Limits = outbox.Limits{
			Overall: outbox.Rate{Every: l.Every, Burst: l.Burst},
			Chat:    outbox.Rate{Every: l.ChatEvery, Burst: l.ChatBurst},
			Group:   outbox.Rate{Every: l.GroupEvery, Burst: l.GroupBurst},
			IsGroup: whatsapp.IsGroup,
		}
	}
	return n
}

// changed tells the admins of a trouble that somebody must mend or should know of, and of its end. What
// they are told on WhatsApp itself waits like everything else; the other network has it at once.
func (w *whatsappNetwork) changed(from, to whatsapp.Status) {
	w.p.log.Info("whatsapp", "from", string(from.State), "to", string(to.State), "code", to.Code)
	if key := w.occasion(to.State); key != "" {
		w.p.notice(bot.WhatsApp, key, to.Since, "until", calendar.Moment(to.Until, w.p.zone))
	}
}

// occasion is the sentence for a new state, empty if it needs none.
func (w *whatsappNetwork) occasion(s whatsapp.State) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch s {
	case whatsapp.LoggedOut, whatsapp.Replaced, whatsapp.BannedUntil, whatsapp.TimeLocked, whatsapp.Outdated:
		w.uneasy = true
		return "notice.whatsapp_" + string(s)
	case whatsapp.Connected:
		if w.uneasy {
			w.uneasy = false
			return "notice.whatsapp_connected"
		}
	}
	return ""
}

// ready is the network's line of /readyz: tips come in, even while nothing may be said to persons.
func (w *whatsappNetwork) ready() (ok bool, note string) {
	s := w.Status().State
	return s == whatsapp.Connected || s == whatsapp.TimeLocked, string(s)
}
