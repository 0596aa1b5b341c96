package sim

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"awassiber/bot"
)

// Refusals of what a person tried. The page has a sentence for each.
var (
	ErrEmpty    = errors.New("nothing to say")
	ErrUnknown  = errors.New("no such person, chat or message")
	ErrNotYours = errors.New("not their own message")
	ErrTooLong  = errors.New("text too long")
	ErrTooMany  = errors.New("too many")
	ErrNoFiles  = errors.New("no place for files")
)

// Evidence keeps the bytes of attachments.
type Evidence interface {
	// Put stores what r yields and returns its SHA-256 (hex), size in bytes and sniffed type.
	Put(ctx context.Context, r io.Reader) (sha string, size int64, mime string, err error)
	// Open reads it again.
	Open(sha string) (io.ReadCloser, error)
}

// Sealer encrypts the transcript on disk.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// Options of a network. The zero value is a network without files, in memory, on the real clock.
type Options struct {
	// Deliver makes updates durable; nil means the bot is not there yet, see Attach.
	Deliver  func(context.Context, []bot.Update) error
	Evidence Evidence     // nil: nobody can attach a file
	Clock    *Clock       // nil: the machine's time
	Log      *slog.Logger // nil: silent
	Dir      string       // empty: nothing is written to disk
	Sealer   Sealer       // nil: what is written is in the clear
	Group    bot.Address  // the coordinators'; zero: DefaultGroup
	People   []Person     // nil: DefaultPeople. Saved ones are added to them
	// Session is the prefix of update ids. Empty: time and random bits, unique across restarts.
	// Tests set it to have the same ids every time.
	Session string
	Hosts   []string // host names the page is reached by, besides loopback ones
}

// Network is the training network. Make one with New. Safe for concurrent use.
type Network struct {
	evidence Evidence
	clock    *Clock
	log      *slog.Logger
	dir      string
	sealer   Sealer
	session  string
	hosts    map[string]bool
	streams  chan struct{} // one token per open event stream

	flushing sync.Mutex // held while Deliver runs, so that updates stay in order
	saving   sync.Mutex // held while the file is written

	mu       sync.Mutex
	deliver  func(context.Context, []bot.Update) error
	group    bot.Address
	people   []Person
	chats    map[string]*chat
	moved    map[string]string // old chat of a group to its new one
	blocked  map[string]bool
	docs     map[string][]byte // by SHA-256, documents that messages carry
	notes    []Note
	presses  map[string]pressed // not yet answered, by id
	pressIDs []string           // keys of presses, oldest first
	pending  []bot.Update
	last     *bot.Update // latest one delivered
	down     bool
	lastID   uint64 // of messages
	reserved uint64 // message ids up to this may be in use after a crash
	lastUpd  uint64
	rev      uint64
	peopleAt uint64 // revision of the latest change of people or groups
	dirty    bool
	changed  chan struct{} // closed and replaced at every change
	closed   chan struct{}
	stop     func()
}

// pressed remembers whose screen shows the answer of a button press.
type pressed struct {
	chat, person string
}

// New opens a network and, if Dir holds a saved one, continues it. A saved file that cannot be
// read is put aside, with a warning, and the network starts afresh.
func New(o Options) (*Network, error) {
	n := &Network{
		evidence: o.Evidence, clock: o.Clock, log: o.Log, dir: o.Dir, sealer: o.Sealer, deliver: o.Deliver,
		session: o.Session, group: o.Group, people: append([]Person(nil), o.People...),
		hosts: map[string]bool{}, streams: make(chan struct{}, maxStreams),
		chats: map[string]*chat{}, moved: map[string]string{}, blocked: map[string]bool{},
		docs: map[string][]byte{}, presses: map[string]pressed{},
		changed: make(chan struct{}), closed: make(chan struct{}),
	}
	if n.clock == nil {
		n.clock = NewClock(nil)
	}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.people == nil {
		n.people = DefaultPeople()
	}
	n.group = cmp.Or(n.group, DefaultGroup())
	if n.group.Network != bot.Sim {
		return nil, fmt.Errorf("%w: coordinators' group %s is not of the training network", bot.ErrAddress, n.group)
	}
	if n.session == "" {
		n.session = strconv.FormatInt(time.Now().UnixMilli(), 36) + "-" + rand.Text()[:8]
	}
	for _, h := range o.Hosts {
		n.hosts[hostName(h)] = true
	}
	if err := n.load(); err != nil {
		return nil, err
	}
	n.chat(n.group.Chat).Group = true
	n.stop = n.clock.OnChange(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.touch(nil)
	})
	return n, nil
}

// Group is the coordinators' group, under its present address.
func (n *Network) Group() bot.Address {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.group
}

// Clock is the network's clock.
func (n *Network) Clock() *Clock { return n.clock }

// Close ends the event streams, so that an HTTP server can shut down, and saves. Only once.
func (n *Network) Close() error {
	n.stop()
	close(n.closed)
	if err := n.save(); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.reserved = n.lastID
	return n.reserve()
}

// Changed returns a channel that is closed at the next change of anything.
func (n *Network) Changed() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// Await returns once cond holds, which it looks at now and after every change.
func (n *Network) Await(ctx context.Context, cond func() bool) error {
	for {
		changed := n.Changed()
		if cond() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// touch counts a change, stamps m with it if there is one, and wakes who waits. mu is held.
func (n *Network) touch(m *Message) {
	n.rev++
	if m != nil {
		m.Rev = n.rev
	}
	n.dirty = true
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *Network) touchPeople() {
	n.touch(nil)
	n.peopleAt = n.rev
}
