package telegram

import "sync"

// maxProgress bounds what is remembered. Entries stay behind only when the outbox gives a delivery up.
const maxProgress = 1000

// progress remembers in memory how many parts of a delivery were sent, so that trying it again does not
// repeat them. After a restart they are repeated: delivery is at least once.
type progress struct {
	mu   sync.Mutex
	done map[string]sent
}

// sent is how far one delivery came.
type sent struct{ parts, done int }

// of tells how many of a delivery's parts were sent. A delivery that was cut otherwise before is another.
func (p *progress) of(unique string, parts int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s, ok := p.done[unique]; ok && s.parts == parts {
		return s.done
	}
	return 0
}

// note remembers that so many parts were sent.
func (p *progress) note(unique string, parts, done int) {
	if unique == "" || done == parts {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.done[unique]; !known && len(p.done) >= maxProgress {
		for other := range p.done { // any: at worst its parts are sent twice
			delete(p.done, other)
			break
		}
	}
	p.done[unique] = sent{parts: parts, done: done}
}

// forget drops a delivery that is over.
func (p *progress) forget(unique string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.done, unique)
}
