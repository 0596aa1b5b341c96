package sim_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"awassiber/bot"
	"awassiber/bot/sim"
)

func TestMain(m *testing.M) {
	// The HTTP transport of the standard library keeps idle connections for later.
	defer http.DefaultClient.CloseIdleConnections()
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		http.DefaultClient.CloseIdleConnections()
		os.Exit(code)
	}))
}

func at(chat string) bot.Address { return bot.Address{Network: bot.Sim, Chat: chat} }

func noon() time.Time { return time.Date(2026, 11, 4, 5, 0, 0, 0, time.UTC) } // 12.00 WIB, a Wednesday

// stub is a bot that answers like one: it echoes citizens with buttons, shows the group a card of
// what they sent, edits the card when its button is pressed, and answers the press.
type stub struct {
	mu      sync.Mutex
	net     *sim.Network
	got     []bot.Update
	fail    error
	sent    int
	card    bot.MessageRef
	presses int
}

func (s *stub) deliver(ctx context.Context, us []bot.Update) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.got = append(s.got, us...)
	for _, u := range us {
		if err := s.handle(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func (s *stub) handle(ctx context.Context, u bot.Update) (err error) {
	switch {
	case u.Kind == bot.KindMessage && u.Private:
		_, err = s.send(ctx, u.Chat, bot.Message{
			Text:    "Terima kasih. Tiket Anda " + bot.Bold("JBI-26-00001-A") + ".\nIni kabar bohong atau pelanggaran?",
			Buttons: [][]bot.Button{{{Label: "1 Hoaks", Data: "q/1"}, {Label: "2 Pelanggaran", Data: "q/2"}}, {{Label: "0 Lewati", Data: "q/0"}}},
		})
		if err == nil {
			s.card, err = s.send(ctx, s.net.Group(), bot.Message{
				Text:    bot.Bold("Kasus 1") + " · baru · 12.00\n" + bot.Clean(u.Message.Text),
				Buttons: [][]bot.Button{{{Label: "1 Ambil", Data: "c/1/ambil"}, {Label: "2 Hoaks", Data: "c/1/hoaks"}}},
			})
		}
	case u.Kind == bot.KindPress:
		s.presses++
		if u.Press.Data == "c/1/ambil" {
			_, err = s.sendTo(ctx, u.Chat, s.card, bot.Message{Text: bot.Bold("Kasus 1") + " · diambil " + u.From.Name})
		}
		if err == nil {
			_, err = s.send(ctx, u.Chat, bot.Message{Answer: u.Press.ID, Text: "Tercatat."})
		}
	case u.Kind == bot.KindMessage && !u.Private && u.Message.Text == "/kasus":
		_, err = s.send(ctx, u.Chat, bot.Message{Text: "Tidak ada kasus.", ReplyTo: u.Message.ID})
	}
	return err
}

func (s *stub) send(ctx context.Context, to bot.Address, m bot.Message) (bot.MessageRef, error) {
	return s.sendTo(ctx, to, bot.MessageRef{}, m)
}

func (s *stub) sendTo(ctx context.Context, to bot.Address, ref bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	s.sent++
	return s.net.Send(ctx, bot.Delivery{To: to, Ref: ref, Message: &m, Unique: "d" + strconv.Itoa(s.sent)})
}

// updates returns what the bot got so far.
func (s *stub) updates() []bot.Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bot.Update(nil), s.got...)
}

func (s *stub) failWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// start makes a network with a stub bot, deterministic unless o says otherwise.
func start(t *testing.T, o sim.Options) (*sim.Network, *stub) {
	t.Helper()
	s := &stub{}
	o.Deliver = s.deliver
	if o.Clock == nil {
		o.Clock = sim.NewManualClock(noon())
	}
	if o.Session == "" {
		o.Session = "t"
	}
	if o.Evidence == nil {
		o.Evidence = &shelf{files: map[string][]byte{}}
	}
	n, err := sim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.net = n
	return n, s
}

// shelf is an evidence store in memory.
type shelf struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (s *shelf) Put(_ context.Context, r io.Reader) (string, int64, string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return "", 0, "", errors.New("store: " + err.Error()) // a store may wrap beyond recognition
	}
	sum := sha256.Sum256(data)
	sha := hex.EncodeToString(sum[:])
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[sha] = data
	return sha, int64(len(data)), http.DetectContentType(data), nil
}

func (s *shelf) Open(sha string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.files[sha]
	if !ok {
		return nil, bot.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
