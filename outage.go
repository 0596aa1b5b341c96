package main

import (
	"context"
	"strconv"
	"sync"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
)

// link is what the admins were told of a network's trouble. Trouble that only a person can mend is told at
// once; a network that cannot be reached, once that has lasted Config.OutageAfter, for most such troubles
// pass by themselves. The end is told if the beginning was.
type link struct {
	p       *program
	network bot.Network
	// trouble reports since when the network has not been well; zero: it is.
	trouble func() time.Time

	// mu is held until what is told is stored, so that the end cannot overtake the beginning.
	mu   sync.Mutex
	told bool
}

// resume remembers what was told before the process was started again.
func (l *link) resume(ctx context.Context) error {
	return l.p.store.View(ctx, func(tx bot.Tx) error {
		down, err := tx.Cursor(bot.DownName(l.network))
		l.mu.Lock()
		defer l.mu.Unlock()
		l.told = !down.Slot.IsZero()
		return err
	})
}

// down tells of a trouble since a time; key and args are the sentence.
func (l *link) down(key string, since time.Time, args ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = true
	l.p.deliverNotice(l.network, since, bot.Notice{Key: key, Args: pairs(args), Link: bot.LinkDown, Since: since})
}

// up tells that all is well since a time, if there was a trouble that was told.
func (l *link) up(key string, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.told {
		l.told = false
		l.p.deliverNotice(l.network, since, bot.Notice{Key: key, Args: l.name(), Link: bot.LinkUp, Since: since})
	}
}

// look tells of a trouble that has lasted long enough.
func (l *link) look(now time.Time, patience time.Duration) {
	since := l.trouble()
	l.mu.Lock()
	told := l.told
	l.mu.Unlock()
	if told || since.IsZero() || now.Sub(since) < patience {
		return
	}
	l.down("notice.network_down", since, "network", l.name()["network"], "since", calendar.Moment(since, l.p.zone))
	if l.trouble().IsZero() { // it ended while it was being told, when nobody had been told yet
		l.up("notice.network_up", now)
	}
}

func (l *link) name() map[string]string {
	return map[string]string{"network": l.p.text.Text("network." + string(l.network))}
}

// watchLinks looks at every network until ctx ends.
func (p *program) watchLinks(ctx context.Context) error {
	var links []*link
	if p.telegram != nil {
		links = append(links, &p.telegram.link)
	}
	if p.whatsapp != nil {
		links = append(links, &p.whatsapp.link)
	}
	tick := time.NewTicker(min(10*time.Second, p.cfg.OutageAfter))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			for _, l := range links {
				l.look(p.now(), p.cfg.OutageAfter)
			}
		}
	}
}

// pairs makes a map of names and values that follow each other.
func pairs(args []string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

// deliverNotice puts something the program has to say about itself into the inbox, once per occasion.
func (p *program) deliverNotice(n bot.Network, occasion time.Time, said bot.Notice) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := p.inbox.Deliver(ctx, []bot.Update{{
		Network: n, Kind: bot.KindNotice, At: p.now(),
		ID:     bot.UpdateID(said.Key + "/" + strconv.FormatInt(occasion.UnixNano(), 36)),
		Notice: &said,
	}})
	if err != nil {
		p.log.Error("notice not stored", "key", said.Key, "err", err)
	}
}
