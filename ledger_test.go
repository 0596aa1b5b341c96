package main

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"awassiber/bot"
)

// ledger is what people sent, one message each, and what they were told. It is held against the data of a
// product that was killed again and again.
type ledger struct {
	t      *testing.T
	people []bot.Address
	words  func(n int) string // what each sent
	photos int                // how many sent one
	told   []told             // in the private chats and elsewhere
	once   bool               // the network shows a message once, however often it is sent
}

type told struct{ chat, text string }

// check compares what people sent with what is stored and what they were told. all: nothing waits any more.
func (l ledger) check(p *process, all bool) {
	t, v := l.t, p.vault()
	defer v.close()
	if text := p.logs.String(); strings.Contains(text, "panic") || strings.Contains(text, "level=ERROR") {
		t.Errorf("in the log:\n%s", text)
	}
	if n := v.tips(t, l.people); n != len(l.people) {
		t.Errorf("%d tips of %d people who sent one each", n, len(l.people))
	}
	if rep, err := v.verify(context.Background(), func(int64, int64) {}); err != nil || rep.Found > 0 {
		t.Errorf("data do not verify: %v %+v", err, rep)
	}
	err := v.store.View(context.Background(), func(tx bot.Tx) error {
		q, err := tx.Queues()
		if err != nil {
			return err
		}
		if q.Quarantined > 0 || q.Retired > 0 || q.Skipped > 0 {
			t.Errorf("given up, or not understood: %+v", q)
		}
		missing := l.receipts()
		if missing > q.Outbox || all && missing > 0 {
			t.Errorf("%d people have no receipt, %d messages wait", missing, q.Outbox)
		}
		fetched, err := l.compare(tx)
		if fetched+q.Jobs+q.Inbox < l.photos { // a fetched photo may wait to be handled
			t.Errorf("%d photos, %d fetched, %d being fetched", l.photos, fetched, q.Jobs)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// receiptForm is what tells a receipt, and its ticket.
var receiptForm = regexp.MustCompile(`Nomor tiket: (\S+)`)

// receipts returns how many people have none, and fails the test for tickets that do not fit.
func (l ledger) receipts() (missing int) {
	tickets, owner := map[string]string{}, map[string]string{}
	for _, m := range l.told {
		found := receiptForm.FindStringSubmatch(m.text)
		if found == nil {
			continue
		}
		ticket, before := found[1], tickets[m.chat]
		switch chat, known := owner[ticket]; {
		case before != "" && before != ticket:
			l.t.Errorf("a person got two tickets for one message: %s and %s", before, ticket)
		case before != "" && l.once:
			l.t.Errorf("a person was shown the receipt of %s twice", ticket)
		case known && chat != m.chat:
			l.t.Errorf("two people got the ticket %s", ticket)
		}
		tickets[m.chat], owner[ticket] = ticket, m.chat
	}
	for _, p := range l.people {
		if tickets[p.Chat] == "" {
			missing++
		}
	}
	return missing
}

// compare looks at every stored message and returns how many photos were fetched.
func (l ledger) compare(tx bot.Tx) (fetched int, err error) {
	for n, who := range l.people {
		for tip, err := range tx.TipsBy(tx.Pseudonym(who)) {
			if err != nil {
				return fetched, err
			}
			items, err := tx.Items(tip.ID)
			if err != nil {
				return fetched, err
			}
			if len(items) != 1 || items[0].Text != l.words(n) {
				l.t.Errorf("tip %d has %d items, or not what was sent", tip.ID, len(items))
				continue
			}
			for _, f := range items[0].Files {
				if f.State == bot.FileStored {
					fetched++
				}
			}
		}
	}
	return fetched, nil
}
