package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"awassiber/bot"
)

// runPair links a phone. A bot that runs is asked over its control socket; otherwise the bot is started
// here, shows its pairing as always, and stays.
func runPair(ctx context.Context, c *call) error {
	r, running, err := dialControl(ctx, c.cfg.socket())
	if err != nil {
		return err
	}
	if !running {
		if !c.cfg.WhatsApp {
			return usage("pair.off")
		}
		c.println("pair.starting")
		return runServe(ctx, c)
	}
	v, err := r.pairing(ctx)
	if err != nil {
		return err
	}
	if v.stuck() {
		if err := r.resume(ctx); err != nil {
			return err
		}
	}
	screen := &pairScreen{out: c.out, text: c.say, codes: true}
	look := time.NewTicker(pairLook)
	defer look.Stop()
	for {
		if screen.show(v); v.linked() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		if v, err = r.pairing(ctx); err != nil {
			return err
		}
	}
}

// pairing asks the process where its pairing stands.
func (r *remote) pairing(ctx context.Context) (v pairView, err error) {
	answer, err := r.ask(ctx, http.MethodGet, "/pair")
	if err != nil {
		return v, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return v, bot.Refuse("pair.off")
	}
	return v, json.NewDecoder(answer.Body).Decode(&v)
}

// resume asks the process for new codes, if it waits for that.
func (r *remote) resume(ctx context.Context) error {
	answer, err := r.ask(ctx, http.MethodPost, "/pair/resume")
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
