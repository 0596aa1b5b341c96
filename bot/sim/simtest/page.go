package simtest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Selectors of the page.
const (
	Connection  = `[data-testid=koneksi]`
	Clock       = `[data-testid=jam]`
	Welcome     = `[data-testid=sambutan]`
	WelcomeGo   = `[data-testid=sambutan-mulai]`
	WelcomeLook = `[data-testid=sambutan-nanti]`
	Plus15s     = `[data-testid=maju-detik15]`
	Until18     = `[data-testid=maju-pukul18]`
	MoveClock   = `[data-testid=jam-buka]` // on a phone, opens the buttons that move the clock

	CitizenPane  = `[data-testid=panel-warga]`
	CitizenLog   = `[data-testid=warga-log]`
	CitizenWho   = `[data-testid=warga-pelaku]`
	CitizenText  = `[data-testid=warga-tulis]`
	CitizenSend  = `[data-testid=warga-kirim]`
	CitizenFile  = `[data-testid=warga-berkas]`
	CitizenNote  = `[data-testid=warga-catatan]`
	CitizenTab   = `[data-testid=tab-warga]`
	CitizenAdd   = `[data-testid=warga-tambah]`
	Samples      = `[data-testid=warga-contoh]`
	FirstSample  = `[data-testid=contoh-0]`
	ForwardMark  = `[data-testid=warga-terusan]`
	Places       = `[data-testid=warga-lokasi]`
	FirstPlace   = `[data-testid=lokasi-0]`
	GroupPane    = `[data-testid=panel-koordinator]`
	GroupLog     = `[data-testid=koordinator-log]`
	GroupWho     = `[data-testid=koordinator-pelaku]`
	GroupText    = `[data-testid=koordinator-tulis]`
	GroupSend    = `[data-testid=koordinator-kirim]`
	GroupNote    = `[data-testid=koordinator-catatan]`
	GroupTab     = `[data-testid=tab-koordinator]`
	GroupUnread  = `[data-testid=belum-koordinator]`
	MessageText  = `[data-testid=pesan-teks]`
	MessagePhoto = `[data-testid=pesan-foto]`
	MessageKey   = `[data-testid=tombol]`
)

// Page is a tab that shows the training page. Its methods fail the test when the page does not do
// what is asked within a minute. Problems collects what the page complained of in its console.
type Page struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// Open opens url in the browser's tab at a size in CSS pixels, and waits until the page is live.
// A narrow page has touch instead of a mouse.
func (b *Browser) Open(t *testing.T, url string, width, height int64) *Page {
	t.Helper()
	p := &Page{t: t, ctx: b.ctx}
	if err := chromedp.Listen(b.ctx, p.listen); err != nil {
		t.Fatalf("browser: %v", err)
	}
	p.Resize(width, height)
	p.do(chromedp.Navigate(url))
	p.Wait(`document.body.dataset.ready === "true"`)
	return p
}

// listen runs on the browser's own goroutine.
func (p *Page) listen(event any) {
	problem := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		problem = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			problem = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if problem != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.problems = append(p.problems, problem)
	}
}

// Problems returns script errors, refused loads and policy violations so far.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.problems)
}

// Resize changes the size of the page.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	var options []chromedp.EmulateViewportOption
	if width < 900 {
		options = append(options, chromedp.EmulateTouch)
	}
	p.do(chromedp.EmulateViewport(width, height, options...))
}

// Dark chooses the dark or the light colours.
func (p *Page) Dark(on bool) {
	p.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	feature := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: value}
	p.do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia,
			emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{feature}})
		return chromedp.Void{}, err
	})
}

// Click clicks the first visible element of a selector with the mouse.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Wait(visible(selector))
	p.do(chromedp.Click(selector, chromedp.NodeVisible))
}

// Type clicks into an element and types text, key by key.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Click(selector)
	p.Keys(text)
}

// Keys presses keys wherever the focus is; see package kb for special ones.
func (p *Page) Keys(keys string, options ...chromedp.KeyOption) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, options...))
}

// Choose selects the option with that label in a list, as a person does.
func (p *Page) Choose(selector, label string) {
	p.t.Helper()
	p.Wait(`[...document.querySelector(` + quote(selector) + `).options].some((o) => o.text.startsWith(` + quote(label) + `))`)
	p.eval(`(() => {
		const list = document.querySelector(` + quote(selector) + `);
		list.focus();
		list.selectedIndex = [...list.options].findIndex((o) => o.text.startsWith(` + quote(label) + `));
		list.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})()`)
}

// Press presses the newest button of the bot in a log whose label contains a word.
func (p *Page) Press(log, label string) {
	p.t.Helper()
	find := `[...document.querySelectorAll(` + quote(log+" "+MessageKey) + `)].findLast((b) => b.textContent.includes(` + quote(label) + `))`
	p.Wait(find)
	p.eval(`(() => { const b = ` + find + `; b.scrollIntoView(); b.click(); return true; })()`)
}

// Attach gives files to a file input.
func (p *Page) Attach(selector string, files ...string) {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(selector, files))
}

// See waits until an element shows a text.
func (p *Page) See(selector, text string) {
	p.t.Helper()
	p.Wait(`[...document.querySelectorAll(` + quote(selector) + `)].some((e) => e.innerText.includes(` + quote(text) + `))`)
}

// Wait waits until a JavaScript expression is true.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	if !p.eval(`new Promise((done) => {
		const end = performance.now() + ` + millis() + `;
		(function look() {
			let ok = false;
			try { ok = Boolean(` + expression + `); } catch {}
			if (ok || performance.now() > end) done(ok); else setTimeout(look, 25);
		})();
	})`) {
		p.t.Fatalf("never true on the page: %s\nproblems: %q", expression, p.Problems())
	}
}

// Is reports whether a JavaScript expression is true now.
func (p *Page) Is(expression string) bool {
	p.t.Helper()
	return p.eval(`Boolean(` + expression + `)`)
}

// Screenshot returns what is on the screen as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("screenshot: %v", err)
	}
	return png
}

func (p *Page) do(action chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	if _, err := chromedp.Run(ctx, action); err != nil {
		p.t.Fatalf("browser: %v\nproblems: %q", err, p.Problems())
	}
}

func (p *Page) eval(expression string) bool {
	p.t.Helper()
	ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("browser: %v in %s", err, expression)
	}
	return ok
}

func visible(selector string) string {
	return `[...document.querySelectorAll(` + quote(selector) + `)].some((e) => e.getClientRects().length)`
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil { // a string always has a JSON form
		panic(err)
	}
	return string(b)
}

func millis() string {
	b, err := json.Marshal(limit.Milliseconds())
	if err != nil {
		panic(err)
	}
	return string(b)
}
