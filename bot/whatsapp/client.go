package whatsapp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"awassiber/bot"
)

// Evidence gives the bytes of a stored file. A missing one is bot.ErrNotFound.
type Evidence interface {
	Open(sha256 string) (io.ReadCloser, error)
}

// Deliverer stores updates, all of them or none. Once it has returned nil they are on disk. Updates that
// were delivered before are passed over.
type Deliverer interface {
	Deliver(ctx context.Context, updates []bot.Update) error
}

// Config says which session, and with what. Path and Deliverer are required.
type Config struct {
	Path      string // the session file; made if it does not exist
	Deliverer Deliverer
	// Evidence is where files from other networks, or lost by WhatsApp, are read to upload them; nil:
	// such files are refused.
	Evidence Evidence
	// MaxFile is the largest file fetched, in bytes; 0: 20 MiB.
	MaxFile int64
	// Pseudonym is how the program knows a person: with it members of a group are found to be mentioned.
	// nil: nobody is mentioned.
	Pseudonym func(bot.Address) bot.PersonID
	// Habits are how human the bot behaves; zero: the defaults.
	Habits Habits
	// Changed is called on every change of state, in order. It must not call back.
	Changed func(from, to Status)
	// HTTP carries everything, websocket and media; nil: the library's own clients. Tests put a loopback
	// server behind it.
	HTTP *http.Client
	Log  *slog.Logger     // nil: nothing is logged
	Now  func() time.Time // nil: time.Now
	// Wait pauses between attempts and before a message; it returns ctx's error when that ends first.
	// nil: a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

// defaultMaxFile is what the evidence store keeps.
const defaultMaxFile = 20 << 20

// Client is the bot on WhatsApp. Its methods may be called from any goroutine.
type Client struct {
	config  Config
	session *session
	track   *tracker
	pairing pairing
	quotes  quotes
	retries retries
	reads   chan readMark
	owed    owed
	pleas   pleas

	ended  chan ending   // what ended the connection for good
	resume chan struct{} // somebody asked to try again

	panics, unmarked atomic.Int64

	sweep     sync.Mutex
	strangers map[string]bool // whom the last sweep did not know

	mu     sync.Mutex
	wa     *whatsmeow.Client
	ids    [2]types.JID // our number and LID, zero before pairing
	handle sync.RWMutex // held for reading by the event handler, for writing by who closes
	closed bool
}

// Open opens the session file, creating it if there is none. It calls nobody; Run connects. A file that
// another process holds is bot.ErrInUse, known after five seconds.
func Open(ctx context.Context, c Config) (*Client, error) {
	if c.Path == "" || c.Deliverer == nil {
		return nil, errors.New("whatsapp: a session file and a deliverer are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = pause
	}
	if c.MaxFile <= 0 {
		c.MaxFile = defaultMaxFile
	}
	c.Habits = c.Habits.withDefaults()
	s, err := openSession(ctx, c.Path, redacted{log: c.Log})
	if err != nil {
		return nil, err
	}
	client := &Client{config: c, session: s, track: newTracker(c.Now, c.Changed), reads: make(chan readMark, maxReads),
		ended: make(chan ending, 8), resume: make(chan struct{}, 1)}
	client.pairing.init(c.Now)
	client.quotes.init()
	client.retries.init()
	client.owed.init()
	client.pleas.init()
	device, err := s.container.GetFirstDevice(ctx)
	if err != nil {
		return nil, errors.Join(sessionError("session file", err), s.db.Close())
	}
	lock, err := s.lock(ctx)
	if err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	client.track.lock = lock
	client.use(device)
	return client, nil
}

// Prepare sets what the libraries keep in variables of the process: the name that a phone shows among its
// linked devices, for later pairings, and that the Signal library logs instead of printing. Call it once,
// before Open.
func Prepare(deviceName string, log *slog.Logger) {
	store.SetOSInfo(deviceName, [3]uint32{1, 0, 0})
	var signal logger.Loggable = signalLog{log: log}
	logger.Setup(&signal)
}

// use makes the library's client for a device.
func (c *Client) use(device *store.Device) {
	wa := whatsmeow.NewClient(device, redacted{log: c.config.Log})
	wa.SynchronousAck = true
	wa.EnableDecryptedEventBuffer = true
	wa.UseRetryMessageStore = true
	wa.EnableAutoReconnect = false // Run does it: bounded, counted, and in a goroutine that is waited for
	if c.config.HTTP != nil {
		wa.SetWebsocketHTTPClient(c.config.HTTP)
		wa.SetPreLoginHTTPClient(c.config.HTTP)
		wa.SetMediaHTTPClient(c.config.HTTP)
	}
	wa.AddEventHandlerWithSuccessStatus(func(e any) bool { return c.onEvent(wa, e) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wa = wa
	if device.ID != nil {
		c.ids = [2]types.JID{*device.ID, device.LID}
	}
}

// library is the client in use.
func (c *Client) waClient() *whatsmeow.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wa
}

// Status tells how it goes.
func (c *Client) Status() Status { return c.track.get() }

// SilentUntil is until when WhatsApp wants nothing said to persons, by a time-lock or a ban; zero if it may
// be. Unlike Status it never calls Config.Changed.
func (c *Client) SilentUntil() time.Time { return c.track.silent() }

// Panics is how often something panicked and was contained. A test suite that ends with more than it
// expected fails.
func (c *Client) Panics() int64 { return c.panics.Load() }

// Unmarked is how many read receipts were left out because too many waited.
func (c *Client) Unmarked() int64 { return c.unmarked.Load() }

// Resume ends a wait: for a new pairing after the link was ended or the codes ran out, for another
// connection after the session was in use elsewhere, or a refusal. When nothing is waited for, it ends the
// next wait, unless a connection comes before.
func (c *Client) Resume() {
	select {
	case c.resume <- struct{}{}:
	default: // asked already
	}
}

// Close closes the session file. Call it after Run has returned; what the library still handles then is
// not acknowledged, and comes again.
func (c *Client) Close() error {
	c.handle.Lock()
	c.closed = true
	c.handle.Unlock()
	return c.session.db.Close()
}

// own implements people.
func (c *Client) own(j types.JID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return j.User != "" && (j.User == c.ids[0].User || j.User == c.ids[1].User)
}

// person implements people. A person is their LID, joined with their number in the session file; their
// number while no LID is known; and ever after their number if they once wrote when none was.
func (c *Client) person(jid, alt types.JID) (bot.Address, error) {
	ctx := context.Background()
	var lid, number types.JID
	for _, j := range []types.JID{jid, alt} {
		switch j.Server {
		case types.HiddenUserServer:
			lid = j.ToNonAD()
		case types.DefaultUserServer:
			number = j.ToNonAD()
		}
	}
	var err error
	switch {
	case lid.IsEmpty() && number.IsEmpty():
		return address(jid), nil // of a kind that has one identity only
	case lid.IsEmpty():
		lid, err = c.session.container.LIDMap.GetLIDForPN(ctx, number)
	case number.IsEmpty():
		number, err = c.session.container.LIDMap.GetPNForLID(ctx, lid)
	}
	switch {
	case err != nil:
		return bot.Address{}, sessionError("find a sender", err)
	case !number.IsEmpty() && c.session.byNumber(number.User):
		return address(number), nil
	case !lid.IsEmpty():
		return address(lid), nil
	}
	return address(number), c.session.keepNumber(ctx, number.User)
}

// Self is what stands behind an @ where the bot is mentioned: the number of its hidden identity, which is
// no phone's. Empty before the first pairing.
func (c *Client) Self() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[1].User
}

// paired reports whether a phone is linked.
func (c *Client) paired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[0].User != ""
}

// learn notes who we are, once a phone is linked.
func (c *Client) learn(number, lid types.JID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = [2]types.JID{number.ToNonAD(), lid.ToNonAD()}
}

// pause waits on the clock.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var _ people = (*Client)(nil)
