package main

import (
	"context"
	"errors"

	"awassiber/bot"
)

// runVerify checks the data and prints what it found. While the bot runs, the running process does
// it; otherwise the store is opened here and nothing is written to it.
func runVerify(ctx context.Context, c *call) error {
	r, running, err := dialControl(ctx, c.cfg.socket())
	if err != nil {
		return err
	}
	bar := newMeter(c.err, c.text("cli.verify.progress"), 1)
	var rep report
	if running {
		c.println("cli.verify.running")
		rep, err = r.verify(ctx, bar.at)
	} else {
		rep, err = c.verifyHere(ctx, bar)
	}
	bar.finish()
	if err != nil {
		return err
	}
	c.println("cli.verify.store", "rows", rep.Rows, "events", rep.Events)
	c.println("cli.verify.files", "files", rep.Files, "size", int(rep.Bytes))
	for _, what := range rep.Problems {
		c.println("cli.verify.problem", "what", what)
	}
	if rep.Found > 0 {
		return bot.Refuse("cli.error.verify", "problems", rep.Found)
	}
	c.println("cli.verify.ok")
	return nil
}

func (c *call) verifyHere(ctx context.Context, bar meter) (report, error) {
	v, err := openVault(c.cfg)
	if err != nil {
		return report{}, err
	}
	rep, err := v.verify(ctx, bar.at)
	return rep, errors.Join(err, v.close())
}
