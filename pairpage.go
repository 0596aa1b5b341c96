package main

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/skip2/go-qrcode"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
)

//go:embed pasangkan.html
var pairHTML string

// pairPath is where the page stands.
const pairPath = "/pasangkan"

// pairPolicy: the page runs no script and loads nothing; its QR code is within it.
const pairPolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// pairQR is the side of the QR code in pixels.
const pairQR = 320

// pairPage shows a pairing and takes what a person answers. Whoever sees it can link a phone of theirs,
// so only requests to a loopback name are answered (a page elsewhere cannot reach it by DNS rebinding),
// and only the page itself may change anything. It is mounted on loopback listeners only.
func (w *whatsappNetwork) pairPage() (http.Handler, error) {
	page, err := template.New("pasangkan").Funcs(template.FuncMap{"say": func(key string) string {
		return bot.Unmark(w.p.text.Text("pair.page_" + key))
	}}).Parse(pairHTML)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pairPath, func(out http.ResponseWriter, _ *http.Request) { w.render(out, page, "") })
	mux.HandleFunc("POST "+pairPath, func(out http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(out, r.Body, 64<<10)
		if problem := w.pairAnswer(r); problem != "" {
			w.render(out, page, problem)
			return
		}
		http.Redirect(out, r, pairPath, http.StatusSeeOther)
	})
	return onlyLoopback(http.NewCrossOriginProtection().Handler(mux)), nil
}

// render writes the page.
func (w *whatsappNetwork) render(out http.ResponseWriter, page *template.Template, problem string) {
	v := w.view()
	say := func(key string, args ...any) string { return bot.Unmark(w.p.text.Text(key, args...)) }
	data := struct {
		pairView
		Image                        template.URL
		Sentence, StepText, CodeText string
		Problem, Challenge           string
		Refresh, CanResume           bool
	}{pairView: v, Sentence: say(v.sentence(), "code", v.Code), Challenge: string(v.Passkey), CanResume: v.stuck(),
		Refresh: problem == "" && v.Phase != whatsapp.PairPasskey} // nobody is interrupted while typing
	if problem != "" {
		data.Problem = say(problem)
	}
	if v.Phase == whatsapp.PairScan {
		png, err := qrcode.Encode(v.QR, qrcode.Low, pairQR)
		if err != nil {
			http.Error(out, "qr", http.StatusInternalServerError)
			return
		}
		data.StepText = say("pair.step", "step", v.Step, "steps", v.Steps)
		if v.Code != "" {
			data.CodeText = say("pair.code", "code", v.Code)
		}
		data.Image = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
	}
	var body bytes.Buffer
	if err := page.Execute(&body, data); err != nil {
		http.Error(out, "page", http.StatusInternalServerError)
		return
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = body.WriteTo(out) // a reader that went away needs no page
}

// pairAnswer does what a form asks for and returns the key of the sentence that refuses it, if any.
func (w *whatsappNetwork) pairAnswer(r *http.Request) (problem string) {
	var err error
	switch r.PostFormValue("do") {
	case "phone":
		problem = "pair.bad_number"
		_, err = w.PairPhone(r.Context(), digits(r.PostFormValue("number")))
	case "passkey":
		problem = "pair.bad_passkey"
		err = w.AnswerPasskey(r.Context(), []byte(r.PostFormValue("answer")))
	case "confirm":
		problem = "pair.bad_confirm"
		err = w.ConfirmPasskey(r.Context())
	case "resume":
		w.Resume()
	}
	if err == nil {
		return ""
	}
	w.p.log.Warn("pairing", "err", err) // its errors name nobody
	return problem
}

// digits leaves out what people write between the digits of a number, and Indonesia's domestic zero.
func digits(number string) string {
	only := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if rest, ok := strings.CutPrefix(only, "0"); ok {
		return "62" + rest
	}
	return only
}

// onlyLoopback refuses foreign host names and sets the headers every answer carries.
func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pairPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !loopbackHost(r.Host) {
			http.Error(w, "host", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopbackHost reports whether a Host header names this machine itself.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
