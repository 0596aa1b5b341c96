package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"golang.org/x/sync/errgroup"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/whatsapp"
)

// serve runs the bot until ctx ends. Order of stopping: nothing new is received, transactions and
// sends in hand are finished, the rest stays queued, the store is closed.
func serve(ctx context.Context, cfg Config, log *slog.Logger, out io.Writer) error {
	if cfg.WhatsApp {
		whatsapp.Prepare(whatsappDevice, log)
	}
	p, err := newProgram(cfg, parts{Log: log})
	if err != nil {
		return err
	}
	err = p.run(ctx, out)
	return errors.Join(err, p.Close())
}

func (p *program) run(ctx context.Context, out io.Writer) error {
	web, err := net.Listen("tcp", p.cfg.HTTP)
	if err != nil {
		return bot.Refuse("cli.error.listen", "address", p.cfg.HTTP, "cause", err.Error())
	}
	socket, err := listenControl(p.cfg.socket())
	if err != nil {
		return errors.Join(err, web.Close())
	}
	p.log.Info("listening", "address", web.Addr().String())
	p.greet(out, web.Addr().String())
	if err := p.enrolTrainees(ctx); err != nil {
		return errors.Join(err, web.Close(), socket.Close())
	}

	receive, receiveCtx := errgroup.WithContext(ctx)
	mux, err := p.mux()
	if err != nil {
		return errors.Join(err, web.Close(), socket.Close())
	}
	receive.Go(func() error { return serveWeb(receiveCtx, web, mux) })
	control := newControl(p.vault, mux, p.log)
	if p.whatsapp != nil {
		p.whatsapp.pairControl(control)
		receive.Go(func() error { return p.whatsapp.showPairing(receiveCtx, out) })
	}
	receive.Go(func() error { return serveWeb(receiveCtx, socket, control) })
	if p.telegram != nil {
		receive.Go(func() error { return p.telegram.run(receiveCtx) })
	}
	if p.whatsapp != nil {
		receive.Go(func() error { return p.whatsapp.Run(receiveCtx) })
		receive.Go(func() error { return p.whatsapp.forgetStrangers(receiveCtx) })
	}
	if p.training != nil {
		receive.Go(func() error { return p.training.Run(receiveCtx) })
	}
	// The loops that work on what was received stop only once nothing more can come.
	workCtx, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var work errgroup.Group
	work.Go(func() error { return p.inbox.Run(workCtx) })
	work.Go(func() error { return p.outbox.Run(workCtx) })
	work.Go(func() error { p.digest.Run(workCtx); return nil })
	work.Go(func() error { return p.catalog.Run(workCtx) })
	receive.Go(func() error { return p.watchLinks(receiveCtx) })
	defer p.watchClock()()

	err = receive.Wait()
	stopWork()
	err = errors.Join(err, work.Wait())
	if p.training != nil {
		err = errors.Join(err, p.training.Close())
	}
	if rm := os.Remove(p.cfg.socket()); rm != nil && !errors.Is(rm, os.ErrNotExist) {
		err = errors.Join(err, rm)
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// greet says on the terminal where the bot is, and on a first run that the key must be kept.
func (p *program) greet(out io.Writer, address string) {
	say := func(key string, args ...any) { fmt.Fprintln(out, bot.Unmark(p.text.Text(key, args...))) }
	if p.newKeys {
		say("cli.serve.new_key", "path", p.keyFileHint())
	}
	if p.training != nil {
		say("cli.serve.training", "url", "http://"+address)
	}
	if p.telegram != nil {
		say("cli.serve.telegram")
	}
	if p.whatsapp != nil {
		say("cli.serve.whatsapp")
		if loopback(p.cfg.HTTP) {
			say("cli.serve.pairing", "url", "http://"+address+pairPath)
		}
	}
}

// watchClock wakes every loop when the training clock is moved; the result ends that.
func (p *program) watchClock() (stop func()) {
	if p.training == nil {
		return func() {}
	}
	return p.training.Clock().OnChange(func() {
		p.inbox.Kick()
		p.outbox.Kick()
		p.digest.Kick()
	})
}

// enrolTrainees makes coordinators of the training network's staff on a first run, so that a
// newcomer can press the buttons at once. On real networks only an admin adds people.
func (p *program) enrolTrainees(ctx context.Context) error {
	if p.training == nil || !p.newKeys {
		return nil
	}
	return p.store.Update(ctx, func(tx bot.Tx) error {
		for _, chat := range []string{"petugas1", "petugas2"} {
			c := bot.Coordinator{ID: tx.Pseudonym(bot.Address{Network: bot.Sim, Chat: chat}), Role: bot.Officer, Added: tx.Now()}
			for _, who := range p.training.People() {
				if who.Address.Chat == chat {
					c.Name = who.Name
				}
			}
			if err := tx.PutCoordinator(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// mux is everything served over HTTP.
func (p *program) mux() (http.Handler, error) {
	var routes []Route
	if p.training != nil {
		// The page's event stream has no end; its other answers are quick and bounded by themselves.
		routes = append(routes, Route{Pattern: "/", Handler: p.training.Handler(), Stream: true})
	}
	if p.telegram != nil && p.telegram.webhook != nil {
		routes = append(routes, Route{Pattern: "POST " + webhookPath(p.cfg.TelegramWebhook), Handler: p.telegram.webhook})
	}
	if p.whatsapp != nil && loopback(p.cfg.HTTP) {
		page, err := p.whatsapp.pairPage()
		if err != nil {
			return nil, err
		}
		routes = append(routes, Route{Pattern: pairPath, Handler: page})
	}
	return newMux(p.parts(), queueMeters(p.meters(), p.now, p.queues), routes...), nil
}

func (p *program) queues(ctx context.Context) (q bot.Queues, err error) {
	err = p.store.View(ctx, func(tx bot.Tx) error {
		q, err = tx.Queues()
		return err
	})
	return q, err
}

// parts are the lines of /readyz.
func (p *program) parts() []Part {
	list := []Part{
		{Name: "store", Check: func() (bool, string) {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			if _, err := p.queues(ctx); err != nil {
				return false, "unreadable"
			}
			return true, ""
		}},
		{Name: "inbox", Check: func() (bool, string) {
			s := p.inbox.Stats()
			return true, fmt.Sprintf("handled %d, failed %d", s.Handled, s.Failed)
		}},
		{Name: "outbox", Check: func() (bool, string) {
			s := p.outbox.Stats()
			return true, fmt.Sprintf("sent %d, retried %d, given up %d", s.Sent, s.Retried, s.Retired)
		}},
	}
	list = append(list, p.indexPart())
	if p.training != nil {
		list = append(list, Part{Name: "training", Check: func() (bool, string) { return true, "on" }})
	}
	if p.telegram != nil {
		list = append(list, Part{Name: "telegram", Check: func() (bool, string) {
			s := p.telegram.status()
			// A webhook has nothing to show before the first post; a poller has.
			fine := s.State == telegram.Receiving || s.State == telegram.Starting && p.telegram.webhook != nil
			return fine, string(s.State)
		}})
	}
	if p.whatsapp != nil {
		list = append(list, Part{Name: "whatsapp", Check: p.whatsapp.ready})
	}
	if p.cfg.real() {
		list = append(list, Part{Name: "coordinators", Check: func() (bool, string) {
			if p.cfg.Coordinators.IsZero() {
				return true, "no group configured"
			}
			return true, string(p.cfg.Coordinators.Network)
		}})
	}
	return list
}

// meters are the counters of /metrics.
func (p *program) meters() *metrics.Set {
	set := metrics.NewSet()
	count := func(name string, read func() int64) {
		set.NewGauge(name, func() float64 { return float64(read()) })
	}
	count("awas_inbox_handled_total", func() int64 { return p.inbox.Stats().Handled })
	count("awas_inbox_failed_total", func() int64 { return p.inbox.Stats().Failed })
	count("awas_inbox_quarantined_total", func() int64 { return p.inbox.Stats().Quarantined })
	count("awas_outbox_sent_total", func() int64 { return p.outbox.Stats().Sent })
	count("awas_outbox_retried_total", func() int64 { return p.outbox.Stats().Retried })
	count("awas_outbox_retired_total", func() int64 { return p.outbox.Stats().Retired })
	count("awas_outbox_jobs_total", func() int64 { return p.outbox.Stats().Jobs })
	count("awas_panics_total", p.panics)
	count("awas_index_documents", func() int64 { return int64(p.catalog.State().Documents) })
	count("awas_index_lag_events", func() int64 { return int64(p.catalog.State().Lag) })
	for _, d := range []bot.Decision{bot.Same, bot.Maybe, bot.Different} {
		count(`awas_recognised_total{decision="`+string(d)+`"}`, func() int64 { return p.catalog.State().Answers[d] })
	}
	if p.whatsapp != nil {
		count("awas_whatsapp_unmarked_total", p.whatsapp.Unmarked)
		count("awas_whatsapp_connected", func() int64 {
			if ok, _ := p.whatsapp.ready(); ok {
				return 1
			}
			return 0
		})
	}
	return set
}
