package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/bot/catalog"
	"awassiber/bot/digest"
	"awassiber/bot/evidence"
	"awassiber/bot/gazetteer"
	"awassiber/bot/inbox"
	"awassiber/bot/outbox"
	"awassiber/bot/sim"
	"awassiber/handlers"
	"awassiber/locales"
	"awassiber/store"
	"awassiber/store/bolt"
	"awassiber/store/seal"
)

// idle is after how long an unanswered question no longer claims what a citizen sends.
const idle = 30 * time.Minute

// parts are what a program takes from outside its configuration. The zero value is right for a
// process; scenarios bring a clock of their own and a network that outlives the program.
type parts struct {
	Log     *slog.Logger
	Clock   *sim.Clock   // of the whole program, real networks included; nil: the machine's, and training may move its own
	Network *sim.Network // the training network of an earlier program; nil: a new one
	Session string       // see sim.Options
	Random  io.Reader    // nil: crypto/rand
}

// program is the bot, wired together: everything but the goroutines, which serve starts, so that
// scenarios run the very same program step by step.
type program struct {
	*vault
	cfg      Config
	log      *slog.Logger
	zone     calendar.Zone
	text     *locales.Printer
	newKeys  bool // this is the first run: the key file was made
	inbox    *inbox.Inbox
	outbox   *outbox.Outbox
	digest   *digest.Runner
	catalog  *catalog.Catalog
	training *sim.Network     // nil unless the training network is on
	telegram *telegramNetwork // nil unless Telegram is configured
	whatsapp *whatsappNetwork // nil unless WhatsApp is on

	// beforeSend lets a scenario kill the program between a claim and its sending.
	beforeSend func(to bot.Address) bool
	died       bool
}

// newProgram opens the data and wires the program. It starts nothing and touches no network.
func newProgram(cfg Config, o parts) (*program, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	p := &program{cfg: cfg, log: o.Log}
	p.zone = calendar.Zone{Location: cfg.Profile.Location(), Abbrev: cfg.Profile.ZoneName}
	given := o.Clock != nil
	if !given {
		o.Clock = sim.NewClock(nil)
	}
	now := time.Now
	if given || !cfg.real() {
		now = o.Clock.Now // of what is not given, only a pure training installation lives by the clock people can move
	}
	var err error
	if p.text, err = locales.New(cfg.Language); err != nil {
		return nil, err
	}
	if p.vault, p.newKeys, err = openData(cfg, now, o.Log); err != nil {
		return nil, err
	}
	if err := p.wire(o); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// openData opens key file, store and evidence, making them on a first run. A key is never made for
// a store that exists.
func openData(cfg Config, now func() time.Time, log *slog.Logger) (*vault, bool, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, false, fmt.Errorf("data directory: %w", err)
	}
	path, err := cfg.storePath()
	if err != nil {
		return nil, false, err
	}
	_, err = os.Stat(path)
	first := errors.Is(err, fs.ErrNotExist)
	keys, made, err := seal.LoadOrCreate(cfg.KeyFile, first)
	if err != nil {
		return nil, false, err
	}
	s, err := store.Open(cfg.Store, bolt.Options{Keys: keys, Now: now, Log: log})
	if err != nil {
		return nil, false, err
	}
	files, err := evidence.Open(cfg.evidence(), keys.Age(), keys.Age().Recipient(), evidence.Options{MaxBytes: cfg.MaxFile})
	if err != nil {
		return nil, false, errors.Join(err, s.Close())
	}
	return &vault{store: s, files: files, keys: keys, phone: sessionFile{path: cfg.session()}, dir: cfg.Data, now: now}, made, nil
}

// wire connects store, networks and handlers.
func (p *program) wire(o parts) error {
	places, err := p.cfg.Profile.places()
	if err != nil {
		return err
	}
	router := handlers.New(p.handlerConfig(places, o.Random))
	if p.catalog, err = p.newCatalog(); err != nil {
		return err
	}
	p.inbox = inbox.New(p.store, router.Handle, inbox.Options{Log: p.log, Handled: p.handled, Prepare: p.recognise})
	networks := map[bot.Network]outbox.Network{}
	if p.cfg.Training {
		if p.training, err = p.trainingNetwork(o); err != nil {
			return err
		}
		networks[bot.Sim] = outbox.Network{Sender: p.mortal(p.training), Fetcher: p.training}
	}
	if p.cfg.TelegramToken != "" {
		if p.telegram, err = newTelegram(p); err != nil {
			return err
		}
		networks[bot.Telegram] = p.telegram.out(p.cfg.RateLimits)
	}
	if p.cfg.WhatsApp {
		if p.whatsapp, err = newWhatsApp(p); err != nil {
			return err
		}
		p.phone.live = p.whatsapp.Client
		out := p.whatsapp.out(p.cfg.RateLimits)
		out.Sender = p.mortal(out.Sender)
		networks[bot.WhatsApp] = out
	}
	p.outbox = outbox.New(p.store, outbox.Options{
		Networks: networks, Evidence: p.files, Coordinators: p.cfg.Coordinators,
		Delivered: p.inbox.Kick, Now: p.now, Log: p.log,
	})
	p.digest = digest.New(p.store, digest.Options{
		Name: digest.Coordinators, To: p.group, Schedule: p.cfg.Digest, Now: p.now,
		Printer: p.text, Places: places.Short, Zone: p.zone, Log: p.log,
		Sent: p.outbox.Kick,
	})
	return nil
}

// handled is called after each handled arrival: there may be something to send, a timer to wait for, something
// new to recognise.
func (p *program) handled() {
	p.outbox.Kick()
	p.catalog.Kick()
}

func (p *program) group(tx bot.Tx) (bot.Address, error) {
	if p.cfg.Coordinators.IsZero() {
		return bot.Address{}, nil
	}
	return tx.ResolveAddress(p.cfg.Coordinators)
}

func (p *program) handlerConfig(places *gazetteer.Gazetteer, random io.Reader) handlers.Config {
	contact := ""
	if c, ok := p.cfg.Profile.Contact("bawaslu"); ok {
		contact = strings.TrimSpace(c.Name + " " + c.Phone)
		if c.Hours != "" {
			contact += " (" + c.Hours + ")"
		}
	}
	return handlers.Config{
		Text: p.text, Places: places, Zone: p.zone,
		Group: p.cfg.Coordinators, Admins: p.cfg.Admins, Custodians: p.cfg.Custodians,
		Elections: p.cfg.Elections, Promises: p.cfg.Promises, Routing: p.cfg.Routing,
		Quiet: p.cfg.QuietPeriod, Idle: idle, Prefix: p.cfg.Profile.TicketPrefix,
		Operator: joinAnd(p.cfg.Profile.Organisations, p.text.Text("list.and")), Province: p.cfg.Profile.Name,
		Contact: contact, FileCap: p.cfg.MaxFile, Retention: handlers.RetentionDays(p.cfg.Profile.Retention.Identity, p.cfg.Profile.Retention.Tips),
		Self: p.self, Random: random, Spread: p.cfg.Spread, Silent: p.silent,
		Summary: func(tx bot.Tx) (string, error) {
			since, err := tx.Cursor(digest.CursorName(digest.Coordinators))
			if err != nil {
				return "", err
			}
			report, err := digest.Gather(tx, since, time.Time{})
			if err != nil {
				return "", err
			}
			return digest.Compose(p.text, places.Short, p.zone, report), nil
		},
	}
}

// silent is until when a network wants nothing said to persons; zero if it may be. It is asked from within
// a transaction, so it must not wait for one.
func (p *program) silent(n bot.Network) time.Time {
	if n == bot.WhatsApp && p.whatsapp != nil {
		return p.whatsapp.SilentUntil()
	}
	return time.Time{}
}

// self is the bot's own user name on a network, if it is known by now.
func (p *program) self(n bot.Network) string {
	switch {
	case n == bot.Telegram && p.telegram != nil:
		return p.telegram.name()
	case n == bot.WhatsApp && p.whatsapp != nil:
		return p.whatsapp.Self()
	case n == bot.Sim:
		return "awas_siber_bot"
	}
	return ""
}

// trainingNetwork makes the built-in network, or takes over the one that outlived a program.
func (p *program) trainingNetwork(o parts) (*sim.Network, error) {
	if o.Network != nil {
		return o.Network, o.Network.Attach(context.Background(), p.inbox.Deliver)
	}
	dir := p.cfg.Data
	if o.Session != "" {
		dir = "" // a scenario's network is not on disk: it outlives the program by itself
	}
	group := p.cfg.Coordinators
	if group.Network != bot.Sim {
		group = bot.Address{}
	}
	host, _, err := net.SplitHostPort(p.cfg.HTTP)
	if err != nil {
		return nil, fmt.Errorf("listening address: %w", err)
	}
	return sim.New(sim.Options{
		Deliver: p.inbox.Deliver, Evidence: simFiles{p.files}, Clock: o.Clock, Log: p.log,
		Dir: dir, Sealer: simSeal{p.keys}, Group: group, Session: o.Session, Hosts: []string{host},
	})
}

// simFiles gives the evidence store the shape the training network wants.
type simFiles struct{ *evidence.Store }

// Put stores a file.
func (s simFiles) Put(ctx context.Context, r io.Reader) (sha string, size int64, mime string, err error) {
	a, err := s.Store.Put(ctx, r)
	return a.SHA256, a.Size, a.MIME, err
}

// simSeal seals the training network's transcript.
type simSeal struct{ *seal.Keyring }

const simPurpose = "sim"

// Seal seals the transcript.
func (s simSeal) Seal(plain []byte) []byte { return s.Keyring.Seal(simPurpose, nil, plain) }

// Open opens it.
func (s simSeal) Open(sealed []byte) ([]byte, error) { return s.Keyring.Open(simPurpose, nil, sealed) }

// mortal lets a scenario end the program at the moment it would send.
func (p *program) mortal(s outbox.Sender) outbox.Sender { return mortalSender{p, s} }

type mortalSender struct {
	p *program
	outbox.Sender
}

// Send sends, unless the program dies first.
func (m mortalSender) Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error) {
	if m.p.beforeSend != nil && m.p.beforeSend(d.To) {
		m.p.died = true
		return bot.MessageRef{}, context.Canceled
	}
	return m.Sender.Send(ctx, d)
}

// step does one thing that is due and reports whether there was one: what the loops of serve do,
// in a scenario's own time.
func (p *program) step(ctx context.Context) (bool, error) {
	if err := p.followAll(ctx); err != nil {
		return false, err
	}
	if worked, err := p.inbox.ProcessOne(ctx); worked || err != nil {
		return worked, err
	}
	if worked, err := p.outbox.SendOne(ctx); worked || err != nil || p.died {
		return worked, err
	}
	return p.digest.RunDue(ctx)
}

// panics counts what was recovered; anything but zero is a defect.
func (p *program) panics() int64 {
	n := p.inbox.Panics() + p.outbox.Panics() + p.store.Panics()
	if p.whatsapp != nil {
		n += p.whatsapp.Panics()
	}
	return n
}

// Close closes the data. Goroutines must have ended.
func (p *program) Close() error {
	var err error
	if p.whatsapp != nil {
		err = p.whatsapp.Close()
	}
	return errors.Join(err, p.vault.close())
}

// joinAnd writes a list as people say it: "A, B dan C".
func joinAnd(names []string, and string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + and + " " + names[last]
}

// keyFileHint is where a first run put the key, for the notice to keep a copy elsewhere.
func (p *program) keyFileHint() string {
	if abs, err := filepath.Abs(p.cfg.KeyFile); err == nil {
		return abs
	}
	return p.cfg.KeyFile
}
