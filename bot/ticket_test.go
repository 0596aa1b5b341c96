package bot_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"awassiber/bot"
)

const symbols = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// tickets are numbers as they occur: short and long prefixes, turns of the year, sequences that
// outgrow their five digits.
func tickets() []bot.Ticket {
	var out []bot.Ticket
	for _, prefix := range []string{"JBI", "X", "TEBO09", "ZZZ", "0A1"} {
		for _, year := range []int{2024, 2026, 2100} {
			for seq := bot.TipID(1); seq <= 40; seq++ {
				out = append(out, bot.Ticket{Prefix: prefix, Year: year, Seq: seq})
			}
			for _, seq := range []bot.TipID{9999, 10000, 54321, 99999, 100000, 123456, 1234567890, math.MaxInt64} {
				out = append(out, bot.Ticket{Prefix: prefix, Year: year, Seq: seq})
			}
		}
	}
	for seq := bot.TipID(41); seq <= 1400; seq++ {
		out = append(out, bot.Ticket{Prefix: "JBI", Year: 2026, Seq: seq})
	}
	return out
}

func TestTicketForm(t *testing.T) {
	s := bot.Ticket{Prefix: "JBI", Year: 2026, Seq: 173}.String()
	if !strings.HasPrefix(s, "JBI-26-00173-") || len(s) != len("JBI-26-00173-K") || !strings.Contains(symbols, s[len(s)-1:]) {
		t.Errorf("got %s", s)
	}
	if s := (bot.Ticket{Prefix: "JBI", Year: 2105, Seq: 1234567}).String(); !strings.HasPrefix(s, "JBI-05-1234567-") {
		t.Errorf("long sequence: %s", s)
	}
	lower, upper := bot.Ticket{Prefix: "jbi", Year: 2026, Seq: 5}, bot.Ticket{Prefix: "JBI", Year: 2026, Seq: 5}
	if lower.String() != upper.String() {
		t.Errorf("the prefix's case changes the number: %s, %s", lower, upper)
	}
}

// Every ticket is read back, and no change of one symbol and no swap of two neighbours gives
// another ticket: exhaustively, over all positions and symbols of thousands of tickets.
func TestTicketCatchesSlips(t *testing.T) {
	for _, ticket := range tickets() {
		s := ticket.String()
		if n, err := bot.ParseTicket(ticket.Prefix, s); err != nil || n != ticket.Seq {
			t.Fatalf("%s is read as %d, %v", s, n, err)
		}
		b := []byte(s)
		last := -1 // the symbol before, over a dash if need be
		for i, c := range b {
			if c == '-' {
				continue
			}
			for _, other := range []byte(symbols) {
				if other == c {
					continue
				}
				b[i] = other
				if n, err := bot.ParseTicket(ticket.Prefix, string(b)); !errors.Is(err, bot.TicketCheck) {
					t.Fatalf("%s instead of %s: %d, %v", b, s, n, err)
				}
			}
			b[i] = c
			if last >= 0 && b[last] != c {
				b[last], b[i] = c, b[last]
				if n, err := bot.ParseTicket(ticket.Prefix, string(b)); !errors.Is(err, bot.TicketCheck) {
					t.Fatalf("%s instead of %s: %d, %v", b, s, n, err)
				}
				b[last], b[i] = b[i], c
			}
			last = i
		}
	}
}

func TestParseTicket(t *testing.T) {
	s := bot.Ticket{Prefix: "JBI", Year: 2026, Seq: 173}.String()
	check := s[len(s)-1:]
	foreign := bot.Ticket{Prefix: "BGO", Year: 2026, Seq: 173}.String()
	for _, tt := range []struct {
		typed string
		want  bot.TipID
		err   error
	}{
		{s, 173, nil}, {strings.ToLower(s), 173, nil}, {" #" + s + " ", 173, nil},
		{"JBI 26 00173 " + check, 173, nil}, {"jbi–26–00173–" + check, 173, nil}, {"JBI - 26 - 00173 - " + check, 173, nil},
		{"173", 173, nil}, {"#173", 173, nil}, {"00173", 173, nil}, {fmt.Sprint(math.MaxInt64), math.MaxInt64, nil},
		{"JBI-26-173-" + check, 0, bot.TicketCheck}, // zeros left out: the check no longer fits
		{"JBI-27-00173-" + check, 0, bot.TicketCheck},
		{foreign, 0, bot.TicketFormat},
		{bot.Ticket{Prefix: "JBI", Year: 2026}.String(), 0, bot.TicketFormat},
		{"", 0, bot.TicketFormat}, {"#", 0, bot.TicketFormat}, {"0", 0, bot.TicketFormat}, {"-5", 0, bot.TicketFormat}, {"+5", 0, bot.TicketFormat},
		{"9223372036854775808", 0, bot.TicketFormat}, {"99999999999999999999999", 0, bot.TicketFormat}, {"1_000", 0, bot.TicketFormat}, {"0x1f", 0, bot.TicketFormat},
		{"JBI-26-00173", 0, bot.TicketFormat}, {s + "-1", 0, bot.TicketFormat}, {s + "1", 0, bot.TicketFormat},
		{"JBI-26-00_73-" + check, 0, bot.TicketFormat}, {"JÄI-26-00173-" + check, 0, bot.TicketFormat}, {"halo", 0, bot.TicketFormat},
		{"002/LP/PL/Kab/27.09/III/2024", 0, bot.TicketFormat}, {"\xff-26-00173-K", 0, bot.TicketFormat},
	} {
		n, err := bot.ParseTicket("JBI", tt.typed)
		if n != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: got %d, %v; want %d, %v", tt.typed, n, err, tt.want, tt.err)
		}
	}
	if n, err := bot.ParseTicket("jbi", s); n != 173 || err != nil {
		t.Errorf("prefix configured in lower case: %d, %v", n, err)
	}
	if bot.TicketCheck.Error() == bot.TicketFormat.Error() {
		t.Error("the reasons read the same")
	}
}

func FuzzParseTicket(f *testing.F) {
	for _, s := range []string{"", "173", "JBI-26-00173-K", "jbi 26 1 a", "ſbi-26-00001-K", "----", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := bot.ParseTicket("JBI", s)
		if (n == 0) != (err != nil) || err != nil && !errors.Is(err, bot.TicketCheck) && !errors.Is(err, bot.TicketFormat) {
			t.Errorf("%q: %d, %v", s, n, err)
		}
	})
}
