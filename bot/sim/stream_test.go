package sim_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// reader reads one event stream.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
	resp  *http.Response
	id    string
}

func listen(t *testing.T, url, last string) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url+"/latihan/aliran", nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return &reader{t: t, lines: bufio.NewScanner(resp.Body), resp: resp}
}

// next returns the data of the next event of that name.
func (r *reader) next(name string) string {
	r.t.Helper()
	event := ""
	for r.lines.Scan() {
		field, value, _ := strings.Cut(r.lines.Text(), ": ")
		switch {
		case field == "id":
			r.id = value
		case field == "event":
			event = value
		case field == "data" && event == name:
			return value
		}
	}
	r.t.Fatalf("the stream ended before %s: %v", name, r.lines.Err())
	return ""
}

func TestTheStreamContinuesWhereItWas(t *testing.T) {
	n, _, url := site(t, sim.Options{})
	say := func(text string) {
		t.Helper()
		if _, err := n.Send(t.Context(), bot.Delivery{To: at("warga1"), Message: &bot.Message{Text: text}}); err != nil {
			t.Fatal(err)
		}
	}
	say("satu")
	one := listen(t, url, "")
	if hello := one.next("awal"); !strings.Contains(hello, `"reset":true`) || !strings.Contains(hello, "sim") || !strings.Contains(hello, "Petugas 2") {
		t.Errorf("hello %s", hello)
	}
	if got := one.next("pesan"); !strings.Contains(got, "satu") {
		t.Errorf("first %s", got)
	}
	say("dua")
	if got := one.next("pesan"); !strings.Contains(got, "dua") || strings.Contains(got, "satu") {
		t.Errorf("second %s", got)
	}
	one.resp.Body.Close()
	say("tiga")
	two := listen(t, url, one.id)
	if hello := two.next("awal"); strings.Contains(hello, "reset") {
		t.Errorf("it began afresh: %s", hello)
	}
	if got := two.next("pesan"); !strings.Contains(got, "tiga") {
		t.Errorf("it missed what came meanwhile: %s", got)
	}
	n.Clock().Advance(time.Hour)
	two.next("jam")
	for _, strange := range []string{"lain:1", "t:99999", "t:x", ":"} {
		r := listen(t, url, strange)
		if hello := r.next("awal"); !strings.Contains(hello, `"reset":true`) {
			t.Errorf("%q was taken for a position: %s", strange, hello)
		}
		r.resp.Body.Close()
	}
}

func TestStreamsAreBoundedAndEnd(t *testing.T) {
	n, _ := start(t, sim.Options{})
	server := httptest.NewServer(n.Handler())
	defer server.Close()
	var open []*reader
	for range 64 {
		r := listen(t, server.URL, "")
		r.next("awal")
		open = append(open, r)
	}
	if r := listen(t, server.URL, ""); r.resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the 65th: %d", r.resp.StatusCode)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	for _, r := range open {
		for r.lines.Scan() { // ends, or the test hangs
		}
	}
}
