package catalog

import (
	"context"
	"errors"
	"fmt"

	"awassiber/bot"
	"awassiber/bot/match"
)

// slice is how many events are followed in one read transaction.
const slice = 256

// work is what one slice of events asks for.
type work struct {
	read     map[bot.CaseID][]match.Doc // the documents of cases that changed; none for one that is gone
	full     map[bot.CaseID]bool
	order    []bot.CaseID
	examined map[bot.EventID]bot.TipID // tips of which a file was read after their case was opened
	settled  []bot.TipID
	to, last bot.EventID
	events   int
	erased   bool
}

// CatchUp follows the next events and reports whether there were any.
func (c *Catalog) CatchUp(ctx context.Context) (worked bool, err error) {
	c.mu.Lock()
	index, from := c.index, c.position
	c.mu.Unlock()
	if index == nil {
		if index, from, err = c.open(ctx); err != nil {
			return false, err
		}
	}
	w, err := c.readSlice(ctx, from)
	if err != nil {
		return false, err
	}
	for _, id := range w.order {
		if err := index.Put(id, w.read[id]...); errors.Is(err, match.ErrFull) {
			c.o.Log.Error("catalog: the index is full, what comes is not recognised when it comes again")
		} else if err != nil {
			return false, fmt.Errorf("catalog: %w", err)
		}
	}
	for _, id := range w.settled {
		c.twins.settled(id)
	}
	for event, id := range w.examined { // before the position moves: what fails is done again
		if err := c.found(ctx, id, fmt.Sprint(event)); err != nil {
			return false, err
		}
	}
	c.advance(w)
	if w.events == 0 {
		return false, c.caughtUp(ctx)
	}
	return true, nil
}

func (c *Catalog) advance(w work) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.position, c.last = w.to, max(w.last, w.to)
	c.unsaved += w.events
	if w.erased && c.erased.IsZero() {
		c.erased = c.now()
	}
	for _, id := range w.order {
		delete(c.full, id)
		if w.full[id] {
			c.full[id] = true
		}
	}
}

// caughtUp ends the reading or rebuilding after a start; what was looked up meanwhile is looked up again.
func (c *Catalog) caughtUp(ctx context.Context) error {
	c.mu.Lock()
	first := !c.current
	c.current, c.rebuild = true, false
	late := c.late
	c.late = nil
	c.mu.Unlock()
	if first {
		c.o.Log.Info("catalog: the index is up to date", "documents", c.State().Documents)
	}
	for i, id := range late {
		if err := c.found(ctx, id, "rebuilt"); err != nil {
			for _, left := range late[i:] {
				c.missed(left)
			}
			return err
		}
	}
	return nil
}

// found delivers what a tip turned out to be after its case was opened.
func (c *Catalog) found(ctx context.Context, id bot.TipID, why string) error {
	if c.o.Deliver == nil {
		return nil
	}
	found := c.Recognise(ctx, id)
	if found == nil || found.Twin != 0 || found.Decision != bot.Same && found.Decision != bot.Maybe {
		return nil
	}
	u := bot.Update{ID: bot.UpdateID(fmt.Sprintf("recognised/%d/%s", id, why)), Kind: bot.KindRecognised, At: c.now(), Recognised: found}
	if err := c.o.Deliver(ctx, []bot.Update{u}); err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	return nil
}

// readSlice reads the events after one, and anew the cases whose content they changed.
func (c *Catalog) readSlice(ctx context.Context, from bot.EventID) (w work, err error) {
	err = c.store.View(ctx, func(tx bot.Tx) error {
		w = work{to: from, read: map[bot.CaseID][]match.Doc{}, full: map[bot.CaseID]bool{}, examined: map[bot.EventID]bot.TipID{}}
		if w.last, err = tx.LastEvent(); err != nil {
			return err
		}
		for e, err := range tx.EventsAfter(from) {
			if err != nil {
				return err
			}
			if w.events == slice {
				break
			}
			w.events, w.to = w.events+1, e.ID
			if err := c.follow(tx, &w, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("catalog: %w", err)
	}
	return w, err
}

// follow notes what an event asks for.
func (c *Catalog) follow(tx bot.Tx, w *work, e bot.Event) error {
	switch e.Action {
	case bot.ActErased:
		w.erased = true
	case bot.ActExpired:
		if e.Detail != "content" {
			return nil
		}
		w.erased = true
	case bot.ActJoined:
		if c.isFull(e.Case) { // one more of very many changes nothing
			return nil
		}
	case bot.ActOpened:
		w.settled = append(w.settled, bot.TipID(e.Case))
	case bot.ActExamined:
		w.examined[e.ID] = bot.TipID(e.Case)
	case bot.ActAdded, bot.ActMerged, bot.ActAbsorbed, bot.ActSplit:
	default:
		return nil
	}
	if _, done := w.read[e.Case]; done {
		return nil
	}
	docs, full, err := c.caseDocuments(tx, e.Case)
	if err != nil {
		return err
	}
	w.read[e.Case], w.full[e.Case] = docs, full
	w.order = append(w.order, e.Case)
	return nil
}

func (c *Catalog) isFull(id bot.CaseID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.full[id]
}

// caseDocuments are what a case is recognised by: its first tips, and those that opened the cases merged into
// it. full reports that no later tip changes that.
func (c *Catalog) caseDocuments(tx bot.Tx, id bot.CaseID) (docs []match.Doc, full bool, err error) {
	k, err := tx.Case(id)
	if err != nil || k.Merged != 0 {
		return nil, false, ignoreMissing(err)
	}
	n := 0
	seen := map[bot.TipID]bool{}
	read := func(t bot.Tip) error {
		if seen[t.ID] || t.Case != id || !t.Erased.IsZero() {
			return nil
		}
		seen[t.ID] = true
		items, err := tx.Items(t.ID)
		docs = append(docs, c.documents(items)...)
		return err
	}
	for t, err := range tx.TipsOf(id) {
		if err != nil {
			return nil, false, err
		}
		if n++; n > mostVariants {
			break
		}
		if err := read(t); err != nil {
			return nil, false, err
		}
	}
	for _, held := range k.Holds[:min(len(k.Holds), mostVariants)] {
		t, err := tx.Tip(bot.TipID(held))
		if err == nil {
			err = read(t)
		}
		if ignoreMissing(err) != nil {
			return nil, false, err
		}
	}
	return docs, n > mostVariants, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}
