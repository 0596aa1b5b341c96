package sim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// site is a network with its page on a port of the kernel's.
func site(t *testing.T, o sim.Options) (*sim.Network, *stub, string) {
	t.Helper()
	n, s := start(t, o)
	server := httptest.NewServer(n.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n, s, server.URL
}

// ask makes one request and returns status, headers and body.
func ask(t *testing.T, method, url, body string, headers ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(data)
}

func TestWhoMayReachThePage(t *testing.T) {
	_, s, url := site(t, sim.Options{Hosts: []string{"Latihan.contoh.invalid:8080"}})
	port := url[strings.LastIndex(url, ":"):]
	send := `{"dari":"warga1","teks":"x"}`
	tests := map[string]struct {
		method, path string
		headers      []string
		want         int
	}{
		"loopback name":        {"GET", "/", []string{"Host", "localhost" + port}, 200},
		"loopback six":         {"GET", "/", []string{"Host", "[::1]" + port}, 200},
		"mapped loopback":      {"GET", "/", []string{"Host", "[::ffff:127.0.0.1]" + port}, 200},
		"another loopback":     {"GET", "/", []string{"Host", "127.9.9.9"}, 200},
		"configured":           {"GET", "/", []string{"Host", "latihan.CONTOH.invalid"}, 200},
		"configured, dot":      {"GET", "/", []string{"Host", "latihan.contoh.invalid." + port}, 200},
		"rebound name":         {"GET", "/", []string{"Host", "jahat.invalid" + port}, 421},
		"rebound stream":       {"GET", "/latihan/aliran", []string{"Host", "jahat.invalid"}, 421},
		"lookalike":            {"GET", "/", []string{"Host", "localhost.jahat.invalid"}, 421},
		"address of the LAN":   {"GET", "/", []string{"Host", "192.0.2.7" + port}, 421},
		"post from the page":   {"POST", "/latihan/kirim", []string{"Sec-Fetch-Site", "same-origin", "Origin", url}, 200},
		"post by a program":    {"POST", "/latihan/kirim", nil, 200},
		"post from elsewhere":  {"POST", "/latihan/kirim", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://jahat.invalid"}, 403},
		"post from a sibling":  {"POST", "/latihan/kirim", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"}, 403},
		"old browser, foreign": {"POST", "/latihan/kirim", []string{"Origin", "http://jahat.invalid"}, 403},
		"old browser, null":    {"POST", "/latihan/kirim", []string{"Origin", "null"}, 403},
		"a form":               {"POST", "/latihan/kirim", []string{"Content-Type", "text/plain"}, 415},
		"wrong method":         {"GET", "/latihan/kirim", nil, 405},
		"no such page":         {"GET", "/tidak/ada", nil, 404},
		"no such asset":        {"GET", "/latihan/aset/..%2f..%2fhttp.go", nil, 404},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := len(s.updates())
			body := ""
			if tt.method == "POST" {
				body = send
			}
			status, h, _ := ask(t, tt.method, url+tt.path, body, tt.headers...)
			if status != tt.want {
				t.Errorf("status %d, want %d", status, tt.want)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
				t.Errorf("headers %v", h)
			}
			if made := len(s.updates()) - before; made > 0 && tt.want != 200 {
				t.Error("a refused request did something")
			}
		})
	}
}

func TestThePageHasNothingInline(t *testing.T) {
	_, _, url := site(t, sim.Options{})
	status, h, html := ask(t, "GET", url+"/", "")
	if status != 200 || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", status, h)
	}
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:"} {
		if strings.Contains(h.Get("Content-Security-Policy"), bad) {
			t.Errorf("policy allows %s", bad)
		}
	}
	for _, bad := range []string{"<style", "style=", "onclick", "http://", "https://"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
	for _, name := range []string{"app.js", "base.css", "icon.svg"} {
		if status, h, _ := ask(t, "GET", url+"/latihan/aset/"+name, ""); status != 200 || h.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", name, status, h)
		}
	}
}

func TestEveryRefusalHasASentence(t *testing.T) {
	sentences, err := os.ReadFile(filepath.Join("web", "teks.js"))
	if err != nil {
		t.Fatal(err)
	}
	_, refusals, _ := strings.Cut(string(sentences), "galat: {")
	refusals, _, _ = strings.Cut(refusals, "},")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`fail\(w, [\w.]+, "(\w+)"\)`).FindAllSubmatch(source, -1) {
			found++
			if !strings.Contains(refusals, string(m[1])+": '") {
				t.Errorf("%s answers %q, for which the page has no sentence", file, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d refusals found in the source", found)
	}
}

func TestRequestsThatMakeNoSense(t *testing.T) {
	_, s, url := site(t, sim.Options{})
	tests := map[string]struct {
		path, body string
		want       int
		code       string
	}{
		"no JSON":          {"kirim", "{", 400, "bad_request"},
		"unknown field":    {"kirim", `{"dari":"warga1","teks":"x","apa":1}`, 400, "bad_request"},
		"large":            {"kirim", `{"teks":"` + strings.Repeat("x", 70<<10) + `"}`, 413, "too_large"},
		"nobody":           {"kirim", `{"dari":"siapa","teks":"x"}`, 404, "unknown"},
		"empty":            {"kirim", `{"dari":"warga1","teks":" "}`, 400, "empty"},
		"a file made up":   {"kirim", `{"dari":"warga1","berkas":[{"k":"photo","id":"../x"}]}`, 404, "unknown"},
		"edit of nothing":  {"ubah", `{"dari":"warga1","id":"1","teks":"x"}`, 404, "unknown"},
		"press on nothing": {"tekan", `{"dari":"warga1","id":"1","data":"x"}`, 404, "unknown"},
		"clock back":       {"jam", `{"maju":-5}`, 400, "bad_request"},
		"clock far":        {"jam", `{"maju":1e99}`, 400, "bad_request"},
		"no hour":          {"jam", `{"pukul":"25.00"}`, 400, "bad_request"},
		"nameless":         {"orang", `{"nama":""}`, 400, "empty"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			status, _, body := ask(t, "POST", url+"/latihan/"+tt.path, tt.body)
			if status != tt.want || !strings.Contains(body, `"`+tt.code+`"`) {
				t.Errorf("%d %s, want %d %s", status, body, tt.want, tt.code)
			}
		})
	}
	if len(s.updates()) != 0 {
		t.Error("one of them reached the bot")
	}
}

func TestPeopleAreBounded(t *testing.T) {
	n, _, url := site(t, sim.Options{})
	for range sim.MaxPeople - len(n.People()) {
		if status, _, body := ask(t, "POST", url+"/latihan/orang", `{"nama":"Warga"}`); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	if status, _, _ := ask(t, "POST", url+"/latihan/orang", `{"nama":"Warga"}`); status != 400 {
		t.Errorf("one more: %d", status)
	}
}

func TestMovingTheClock(t *testing.T) {
	n, _, url := site(t, sim.Options{})
	for i, step := range []struct {
		body string
		want time.Time
	}{
		{`{"maju":15}`, noon().Add(15 * time.Second)},
		{`{"pukul":"18.00"}`, noon().Add(6 * time.Hour)},
		{`{"pukul":"18.00"}`, noon().Add(30 * time.Hour)}, // it is 18.00: the next one is tomorrow
		{`{"maju":86400}`, noon().Add(54 * time.Hour)},
	} {
		status, _, body := ask(t, "POST", url+"/latihan/jam", step.body)
		if status != 200 || !n.Clock().Now().Equal(step.want) {
			t.Errorf("step %d: %d %s, it is %v, want %v", i, status, body, n.Clock().Now(), step.want)
		}
	}
}

func TestFilesAreServedTame(t *testing.T) {
	n, _, url := site(t, sim.Options{})
	gif := "GIF89a\x01\x00\x01\x00\x00\x00\x00;"
	up := func(name, body string) bot.Attachment {
		t.Helper()
		status, _, answer := ask(t, "POST", url+"/latihan/unggah?nama="+name, body, "Content-Type", "text/html")
		var a bot.Attachment
		if err := json.Unmarshal([]byte(answer), &a); err != nil || status != 200 {
			t.Fatalf("upload %s: %d %s", name, status, answer)
		}
		return a
	}
	say := func(a bot.Attachment) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"dari": "warga1", "berkas": []bot.Attachment{a}})
		if err != nil {
			t.Fatal(err)
		}
		if status, _, answer := ask(t, "POST", url+"/latihan/kirim", string(body)); status != 200 {
			t.Fatalf("send: %d %s", status, answer)
		}
	}
	picture, html := up("a.gif", gif), up("b.html", "<!doctype html><script>alert(1)</script>")
	if status, _, _ := ask(t, "GET", url+"/latihan/berkas/"+picture.FileID, ""); status != 404 {
		t.Errorf("a file that was never sent is served: %d", status)
	}
	lie := html
	lie.MIME, lie.Kind = "image/svg+xml", bot.Photo
	say(picture)
	say(lie)
	status, h, body := ask(t, "GET", url+"/latihan/berkas/"+picture.FileID, "")
	if status != 200 || body != gif || h.Get("Content-Type") != "image/gif" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("picture: %d %v", status, h)
	}
	status, h, _ = ask(t, "GET", url+"/latihan/berkas/"+html.FileID, "")
	if status != 200 || h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("document: %d %v", status, h)
	}
	doc := &bot.Document{Name: "data \"ku\".json", MIME: "application/json", Data: []byte("{}")}
	if _, err := n.Send(t.Context(), bot.Delivery{To: at("warga1"), Message: &bot.Message{Document: doc}}); err != nil {
		t.Fatal(err)
	}
	messages := n.Messages(at("warga1"), 0)
	sha := messages[len(messages)-1].File.SHA256
	if status, h, body := ask(t, "GET", url+"/latihan/berkas/"+sha, ""); status != 200 || body != "{}" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("the bot's document: %d %v %q", status, h, body)
	}
	for _, path := range []string{strings.Repeat("0", 64), "..%2f..%2fetc%2fpasswd", "x"} {
		if status, _, _ := ask(t, "GET", url+"/latihan/berkas/"+path, ""); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestUploadsAreBounded(t *testing.T) {
	_, _, url := site(t, sim.Options{})
	const limit = 20 << 20
	for name, size := range map[string]int{"told": limit + 1, "not told": limit + 2} {
		body := io.Reader(bytes.NewReader(make([]byte, size)))
		if name == "not told" {
			body = io.MultiReader(body) // hides the length: sent in chunks
		}
		resp, err := http.Post(url+"/latihan/unggah?nama=x", "application/octet-stream", body)
		if err != nil {
			continue // the server hung up while we were still sending: also a refusal
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if status, _, _ := ask(t, "POST", url+"/latihan/unggah?nama=x", ""); status != 400 {
		t.Errorf("an empty file: %d", status)
	}
}
