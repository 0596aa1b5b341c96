package catalog

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"time"

	"awassiber/bot"
	"awassiber/bot/match"
)

// twinTime is how long a tip that was looked up may still be on its way into a case and the index.
const twinTime = time.Minute

// mostTwins bounds the table: beyond it a rush of different things drops the oldest half.
const mostTwins = 65536

type fingerprint [sha256.Size]byte

// twins remembers who was looked up first with a content that the index does not know yet.
type twins struct {
	mu    sync.Mutex
	first map[fingerprint]twin
	of    map[bot.TipID]fingerprint // the same the other way round
}

type twin struct {
	tip bot.TipID
	at  time.Time
}

// claim returns the earlier tip of the same content, or 0 and remembers this one as the first.
func (t *twins) claim(of fingerprint, id bot.TipID, now time.Time) bot.TipID {
	if of == (fingerprint{}) {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.first[of]; ok && known.tip != id && now.Sub(known.at) < twinTime {
		return known.tip
	}
	if t.first == nil {
		t.first, t.of = map[fingerprint]twin{}, map[bot.TipID]fingerprint{}
	}
	if len(t.first) >= mostTwins {
		t.drop(now)
	}
	t.first[of], t.of[id] = twin{id, now}, of
	return 0
}

// drop forgets what is old, and half of the rest if that is not enough.
func (t *twins) drop(now time.Time) {
	for of, known := range t.first {
		if now.Sub(known.at) >= twinTime || len(t.first) > mostTwins/2 {
			delete(t.first, of)
			delete(t.of, known.tip)
		}
	}
}

// settled forgets a tip that the index knows by now.
func (t *twins) settled(id bot.TipID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if of, ok := t.of[id]; ok {
		delete(t.of, id)
		if t.first[of].tip == id {
			delete(t.first, of)
		}
	}
}

// fingerprint is the same for the same content, however it was dressed; zero for what says too little.
func (c *Catalog) fingerprint(docs []match.Doc) fingerprint {
	var parts []string
	for _, d := range docs {
		words := c.norm.Words(d.Text)
		links := slices.Concat(match.Links(d.Text), d.Links)
		if len(words) < match.MinWords && len(d.Keys) == 0 && len(links) == 0 {
			continue
		}
		parts = append(parts, strings.Join(words, " "), strings.Join(d.Keys, " "))
		for _, l := range links {
			if l, ok := match.CanonicalURL(l); ok {
				parts = append(parts, l)
			}
		}
	}
	if len(parts) == 0 {
		return fingerprint{}
	}
	return sha256.Sum256([]byte(strings.Join(parts, "\x00")))
}
