package catalog

import (
	"cmp"
	"context"
	"slices"

	"awassiber/bot"
	"awassiber/bot/match"
)

// mostOffered is how many cases a sender is asked about.
const mostOffered = 3

// Recognise tells what a gathered tip is. It has the shape of inbox.Options.Prepare: it reads outside the
// transaction that will use it, and returns nil where nothing can be told (the tip is gone). While the index is
// being read after a start the decision is empty, so that the caller may wait a little.
func (c *Catalog) Recognise(ctx context.Context, id bot.TipID) *bot.Recognition {
	found := &bot.Recognition{Tip: id}
	var items []bot.Item
	err := c.store.View(ctx, func(tx bot.Tx) error {
		t, err := tx.Tip(id)
		if err != nil {
			return err
		}
		found.Items = t.Items
		items, err = tx.Items(id)
		return err
	})
	if err != nil {
		return nil // what cannot be read is told of when it is handled
	}
	index, building := c.ready()
	if index == nil {
		return found
	}
	docs := c.documents(items)
	found.Decision, found.Candidates = decide(index, docs, bot.CaseID(id))
	if found.Decision == bot.Different && building {
		c.missed(id)
	}
	if found.Decision != bot.Same {
		if found.Twin = c.twins.claim(c.fingerprint(docs), id, c.now()); found.Twin != 0 {
			found.Decision, found.Candidates = bot.Same, nil
		}
	}
	c.count(found.Decision)
	return found
}

// decide asks about each document and brings the answers together. A tip is the same as a case only if all
// that it consists of is: two hoaxes in one burst belong to neither alone.
func decide(index *match.Index, docs []match.Doc, own bot.CaseID) (bot.Decision, []bot.Candidate) {
	var all []bot.Candidate
	same, sure := bot.CaseID(0), len(docs) > 0
	for _, d := range docs {
		found := slices.DeleteFunc(index.Query(d), func(m match.Candidate) bool { return m.Case == own })
		decision, list := match.Decide(found)
		if decision != match.Same || same != 0 && list[0].Case != same {
			sure = false
		} else {
			same = list[0].Case
		}
		for _, m := range list {
			all = better(all, candidate(m))
		}
	}
	slices.SortFunc(all, func(a, b bot.Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Case, b.Case))
	})
	switch {
	case len(all) == 0:
		return bot.Different, nil
	case sure:
		return bot.Same, all[:1]
	}
	return bot.Maybe, all[:min(len(all), mostOffered)]
}

// better keeps of two answers about one case the nearer.
func better(list []bot.Candidate, add bot.Candidate) []bot.Candidate {
	i := slices.IndexFunc(list, func(o bot.Candidate) bool { return o.Case == add.Case })
	switch {
	case i < 0:
		return append(list, add)
	case add.Score > list[i].Score:
		list[i] = add
	}
	return list
}

func candidate(m match.Candidate) bot.Candidate {
	c := bot.Candidate{Case: m.Case, Score: m.Score, By: bot.Evidence(m.By)}
	for _, d := range m.Doubts {
		c.Doubts = append(c.Doubts, string(d))
	}
	return c
}
