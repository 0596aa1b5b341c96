package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/mdp/qrterminal/v3"
	"golang.org/x/term"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
	"awassiber/locales"
)

// pairView is what a terminal or a page shows of the link to a phone.
type pairView struct {
	State whatsapp.State `json:"state"`
	whatsapp.Pairing
}

func (w *whatsappNetwork) view() pairView { return pairView{w.Status().State, w.Pairing()} }

// linked reports whether a phone is linked and messages come and go.
func (v pairView) linked() bool {
	return v.State == whatsapp.Connected || v.State == whatsapp.TimeLocked
}

// stuck reports whether nothing goes on until somebody asks for it.
func (v pairView) stuck() bool {
	return v.State == whatsapp.LoggedOut || v.State == whatsapp.Replaced ||
		v.Phase == whatsapp.PairExpired || v.Phase == whatsapp.PairFailed
}

// sentence is the locale key for what to do now.
func (v pairView) sentence() string {
	switch {
	case v.linked():
		return "pair.linked"
	case v.State == whatsapp.LoggedOut:
		return "pair.ended"
	case v.State == whatsapp.Replaced:
		return "pair.replaced"
	case v.State == whatsapp.Outdated:
		return "pair.failed_outdated"
	case v.Phase == whatsapp.PairIdle:
		return "pair.connecting"
	case v.Phase == whatsapp.PairFailed && v.Reason != "":
		return "pair.failed_" + v.Reason
	}
	return "pair." + string(v.Phase)
}

// pairScreen writes a pairing's progress to a terminal.
type pairScreen struct {
	out   io.Writer
	text  *locales.Printer
	codes bool // QR codes too, not only sentences: they are not for logs
	said  string
	qr    string
}

// show writes what is new since the last call.
func (s *pairScreen) show(v pairView) {
	if key := v.sentence() + v.Code; key != s.said {
		s.said = key
		fmt.Fprintln(s.out, bot.Unmark(s.text.Text(v.sentence(), "code", v.Code)))
		if s.codes && v.Phase == whatsapp.PairPasskey {
			fmt.Fprintf(s.out, "%s\n", v.Passkey)
		}
		if s.codes && v.Phase == whatsapp.PairScan && v.Code != "" {
			fmt.Fprintln(s.out, bot.Unmark(s.text.Text("pair.code", "code", v.Code)))
		}
	}
	if s.codes && v.Phase == whatsapp.PairScan && v.QR != s.qr {
		s.qr = v.QR
		qrterminal.GenerateHalfBlock(v.QR, qrterminal.L, s.out)
		fmt.Fprintln(s.out, bot.Unmark(s.text.Text("pair.step", "step", v.Step, "steps", v.Steps)))
	}
}

// pairLook is how often a pairing is looked at. The codes last twenty seconds and more.
const pairLook = 500 * time.Millisecond

// showPairing shows pairings on out until ctx ends. QR codes are for people, so only a terminal gets them.
func (w *whatsappNetwork) showPairing(ctx context.Context, out io.Writer) error {
	f, ok := out.(*os.File)
	s := &pairScreen{out: out, text: w.p.text, codes: ok && term.IsTerminal(int(f.Fd()))}
	look := time.NewTicker(pairLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			s.show(w.view())
		}
	}
}

// pairControl answers the pair command on the control socket:
//
//	GET  /pair          the pairView as JSON
//	POST /pair/resume   make new codes, or connect again
func (w *whatsappNetwork) pairControl(mux *http.ServeMux) {
	mux.HandleFunc("GET /pair", func(out http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(out).Encode(w.view()) // a client that went away needs no answer
	})
	mux.HandleFunc("POST /pair/resume", func(out http.ResponseWriter, _ *http.Request) {
		w.Resume()
		out.WriteHeader(http.StatusNoContent)
	})
}
