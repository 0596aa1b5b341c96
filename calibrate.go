package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"awassiber/bot"
	"awassiber/bot/gazetteer"
	"awassiber/bot/match"
	"awassiber/bot/match/calibrate"
)

// runCalibrate measures matching on a labelled set: one JSON object a query on standard output, and at
// the end the summary, as a table or (--json) as one more object, {"summary": …}. It needs no data
// directory and touches none.
func runCalibrate(ctx context.Context, c *call) error {
	corpus, queries := c.settings["corpus"], c.settings["queries"]
	if corpus == "" || queries == "" {
		return usage("cli.bad.arguments", "command", "calibrate", "args", "--corpus FILE --queries FILE")
	}
	set, err := c.loadCorpus(ctx, corpus)
	if err != nil {
		return explainSet(err)
	}
	f, err := os.Open(queries)
	if err != nil {
		return err
	}
	defer f.Close()
	out := json.NewEncoder(c.out)
	r, err := set.Measure(ctx, f, func(a calibrate.Answer) error { return out.Encode(a) })
	if err != nil {
		return explainSet(err)
	}
	if c.json {
		return out.Encode(map[string]calibrate.Report{"summary": r})
	}
	return c.printReport(r)
}

func (c *call) loadCorpus(ctx context.Context, path string) (*calibrate.Set, error) {
	n, err := normaliser()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	bar := newMeter(c.err, c.text("cli.calibrate.progress"), -1)
	defer bar.finish()
	return calibrate.Load(ctx, n, f, func(done int) { bar.at(int64(done), -1) })
}

// normaliser is the one matching uses: it knows the places of the gazetteer.
func normaliser() (*match.Normaliser, error) {
	g, err := gazetteer.Jambi()
	if err != nil {
		return nil, err
	}
	var places []string
	for _, a := range g.Regencies() {
		places = append(places, a.Short)
	}
	return match.NewNormaliser(places...)
}

// explainSet says in the operator's language which file of a labelled set is wrong.
func explainSet(err error) error {
	switch {
	case errors.Is(err, calibrate.ErrCorpus):
		return bot.Refuse("cli.error.corpus", "cause", err.Error())
	case errors.Is(err, calibrate.ErrQueries):
		return bot.Refuse("cli.error.queries", "cause", err.Error())
	}
	return err
}

func (c *call) printReport(r calibrate.Report) error {
	c.println("cli.calibrate.set", "corpus", r.Corpus, "positives", r.Positives, "negatives", r.Negatives)
	c.println("cli.calibrate.precision", "share", shown(r.Precision), "wrong", r.Wrong)
	c.println("cli.calibrate.recall", "share", shown(r.Recall), "same", shown(r.Same), "ten", shown(r.RecallAt10))
	c.println("cli.calibrate.time", "p50", int(r.P50), "p99", int(r.P99))
	c.println("cli.calibrate.decided", "same", fmt.Sprintf("%.2f", r.SameAt), "maybe", fmt.Sprintf("%.2f", r.MaybeAt))
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, columns(c.text("cli.calibrate.classes")))
	c.printClasses(t, r.Classes)
	if r.At99 != nil {
		fmt.Fprintf(t, "\n%s\n", c.text("cli.calibrate.at99", "at", fmt.Sprintf("%.3f", r.At99.At), "recall", shown(r.At99.Recall)))
		c.printClasses(t, r.At99.Classes)
	}
	fmt.Fprintf(t, "\n%s\n", columns(c.text("cli.calibrate.thresholds")))
	for _, at := range r.Thresholds {
		fmt.Fprintf(t, "%.2f\t%s\t%s\n", at.At, shown(at.Precision), shown(at.Recall))
	}
	return t.Flush()
}

// columns is the head of a table.
func columns(names string) string { return strings.ReplaceAll(names, " | ", "\t") }

func (c *call) printClasses(t *tabwriter.Writer, classes []calibrate.Class) {
	for _, k := range classes {
		recall, same := "-", "-"
		if k.Recall != nil {
			recall, same = shown(*k.Recall), shown(*k.Same)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%d\t%d\n", k.Name, k.N, recall, same, k.Asked, k.Wrong)
	}
}

// shown is a share with its confidence interval.
func shown(s calibrate.Share) string {
	return fmt.Sprintf("%.3f [%.3f–%.3f]", s.Value, s.Low, s.High)
}
