package telegram

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"awassiber/bot"
)

// The limits of the API are tens of megabytes; what keeps them is tried here with a few bytes.

func TestUploadsStopAtTheLimit(t *testing.T) {
	for _, c := range []struct {
		name   string
		from   io.Reader
		reason string // of the failure, empty for none
	}{
		{"shorter", strings.NewReader("1234567"), ""},
		{"just as long", strings.NewReader("12345678"), ""},
		{"longer", strings.NewReader("123456789"), reasonTooLarge},
		{"longer, byte by byte", iotest.OneByteReader(strings.NewReader("123456789")), reasonTooLarge},
		{"unreadable", iotest.ErrReader(errors.New("bad sector")), reasonNoFile},
	} {
		r := &capped{from: c.from, left: 8}
		_, err := io.ReadAll(r)
		var failed *bot.SendError
		switch errors.As(err, &failed); {
		case c.reason == "" && err != nil, c.reason != "" && (failed == nil || failed.Reason != c.reason || r.err != failed):
			t.Errorf("%s: %v, want %q", c.name, err, c.reason)
		}
	}
}

func TestDownloadsStopAtTheLimit(t *testing.T) {
	client, err := New(Config{Token: "123456:TEST-token"})
	if err != nil {
		t.Fatal(err)
	}
	for text, large := range map[string]bool{"1234567": false, "12345678": false, "123456789": true} {
		d := &download{client: client, body: io.NopCloser(strings.NewReader(text)), left: 8, cancel: func() {}}
		if _, err := io.ReadAll(d); errors.Is(err, bot.ErrTooLarge) != large {
			t.Errorf("%d bytes of 8: %v", len(text), err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestProgressIsBounded(t *testing.T) {
	p := progress{done: map[string]sent{}}
	for i := range 3 * maxProgress {
		p.note(fmt.Sprint(i), 3, 1)
	}
	if n := len(p.done); n != maxProgress {
		t.Errorf("%d deliveries are remembered", n)
	}
	p.note("last", 3, 2)
	if a, b := p.of("last", 3), p.of("last", 4); a != 2 || b != 0 {
		t.Errorf("sent %d of 3 and %d of 4", a, b)
	}
	p.note("", 3, 1)
	if p.of("", 3) != 0 {
		t.Error("deliveries without an id share their progress")
	}
}

func TestDescriptionsAreShortAndQuoteNothing(t *testing.T) {
	client, err := New(Config{Token: "123456:TEST-token"})
	if err != nil {
		t.Fatal(err)
	}
	got := client.description(errors.New(`Bad Request: button URL "https://warga.invalid" at /bot123456:TEST-token/x ` + strings.Repeat("é", 500))).Error()
	if strings.Contains(got, "warga") || strings.Contains(got, "TEST-token") || len([]rune(got)) > 160 {
		t.Errorf("description %q", got)
	}
}
