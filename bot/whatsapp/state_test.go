package whatsapp_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/whatsapp"
	"awassiber/bot/whatsapp/fakewa"
)

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	return string(must(io.ReadAll(r))(t))
}

// waitStatus waits until the client is in a state now, not only once.
func waitStatus(t *testing.T, r *rig, want whatsapp.State) {
	t.Helper()
	ctx := within(t)
	for r.client.Status().State != want {
		if ctx.Err() != nil {
			t.Fatalf("state %s, want %s", r.client.Status().State, want)
		}
		runtime.Gosched()
	}
}

func TestTroubles(t *testing.T) {
	for _, c := range []struct {
		name    string
		faults  []fakewa.Fault // at the next login, or now
		state   whatsapp.State
		code    int
		resumes bool // comes back when somebody asks
		byself  bool // comes back alone
	}{
		{"logged out while connected", []fakewa.Fault{fakewa.DeviceRemoved{}}, whatsapp.LoggedOut, 401, false, false},
		{"logged out", []fakewa.Fault{fakewa.RefuseLogin{Code: 401}, fakewa.DropSocket{}}, whatsapp.LoggedOut, 401, false, false},
		{"locked", []fakewa.Fault{fakewa.RefuseLogin{Code: 403}, fakewa.DropSocket{}}, whatsapp.LoggedOut, 403, false, false},
		{"banned for good", []fakewa.Fault{fakewa.RefuseLogin{Code: 406}, fakewa.DropSocket{}}, whatsapp.LoggedOut, 406, false, false},
		{"banned", []fakewa.Fault{fakewa.RefuseLogin{Code: 402, BanCode: 104, Expire: 100 * time.Hour}, fakewa.DropSocket{}}, whatsapp.BannedUntil, 104, true, false},
		{"outdated", []fakewa.Fault{fakewa.RefuseLogin{Code: 405}, fakewa.DropSocket{}}, whatsapp.Outdated, 405, true, false},
		{"replaced", []fakewa.Fault{fakewa.StreamReplaced{}}, whatsapp.Replaced, 0, true, false},
		{"refused", []fakewa.Fault{fakewa.RefuseLogin{Code: 418}, fakewa.DropSocket{}}, whatsapp.Unreachable, 418, true, true},
		{"server error", []fakewa.Fault{fakewa.StreamError{Code: 503}}, whatsapp.Unreachable, 0, false, true},
		{"line down", []fakewa.Fault{fakewa.DropSocket{}}, whatsapp.Unreachable, 0, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := linked(t, func(conf *whatsapp.Config) {
				if !c.byself {
					conf.Wait = shortOnly
				}
			})
			r.Inject(c.faults...)
			got := r.states.waitCode(t, c.state, c.code)
			if got.Since.IsZero() || c.state == whatsapp.BannedUntil && time.Until(got.Until) < 99*time.Hour {
				t.Errorf("status %+v", got)
			}
			if !c.byself {
				_, err := r.client.Send(within(t), delivery(address(r.Person("warga1").LID.String()), bot.Message{Text: "x"}))
				var failure *bot.SendError
				if !errors.As(err, &failure) || failure.Permanent || !failure.WholeNetwork || failure.After <= 0 || failure.Reason != string(c.state) {
					t.Errorf("sending meanwhile: %+v", err)
				}
			}
			if c.resumes && !c.byself {
				r.client.Resume()
			}
			if c.resumes || c.byself {
				ok(t, r.WaitLogins(within(t), 2))
				waitStatus(t, r, whatsapp.Connected)
			}
		})
	}
}

// After the link was ended a new one can be made without a restart.
func TestPairAgainAfterLogout(t *testing.T) {
	r := linked(t)
	r.Inject(fakewa.DeviceRemoved{})
	r.states.wait(t, whatsapp.LoggedOut)
	r.client.Resume()
	ok(t, r.Scan(waitPhase(t, r, whatsapp.PairScan).QR))
	waitStatus(t, r, whatsapp.Connected)
	must(r.Person("warga1").Say("halo"))(t)
	r.inbox.wait(t, 1)
}

// waitPhase polls, as a page does.
func waitPhase(t *testing.T, r *rig, want whatsapp.PairPhase) whatsapp.Pairing {
	t.Helper()
	ctx := within(t)
	for {
		p := r.client.Pairing()
		if p.Phase == want {
			return p
		}
		if ctx.Err() != nil {
			t.Fatalf("phase %q, want %q", p.Phase, want)
		}
		runtime.Gosched()
	}
}

func TestPairByQR(t *testing.T) {
	r := unlinked(t)
	r.start(t)
	p := waitPhase(t, r, whatsapp.PairScan)
	if p.QR == "" || p.Step != 1 || p.Steps != 6 || !p.Until.After(time.Now()) || p.Since.IsZero() {
		t.Errorf("pairing %+v", p)
	}
	r.states.wait(t, whatsapp.Unpaired)
	for _, refused := range []error{r.client.ConfirmPasskey(t.Context()), r.client.AnswerPasskey(t.Context(), []byte("{}"))} {
		if !errors.Is(refused, whatsapp.ErrNotPairing) {
			t.Errorf("out of order: %v", refused)
		}
	}
	ok(t, r.Scan(p.QR))
	r.states.wait(t, whatsapp.Connected)
	waitPhase(t, r, whatsapp.PairDone)
	must(r.Person("warga1").Say("halo"))(t)
	r.inbox.wait(t, 1)
	r.restart(t) // the link outlives the process
	must(r.Person("warga2").Say("halo"))(t)
	r.inbox.wait(t, 2)
}

func TestPairByCode(t *testing.T) {
	r := unlinked(t)
	r.start(t)
	waitPhase(t, r, whatsapp.PairScan)
	for _, number := range []string{"", "0812", "08123456789"} {
		if code, err := r.client.PairPhone(within(t), number); err == nil {
			t.Errorf("%q got %s", number, code)
		}
	}
	code := must(r.client.PairPhone(within(t), r.Number().User))(t)
	if p := r.client.Pairing(); p.Code != code || p.Phase != whatsapp.PairScan {
		t.Errorf("pairing %+v", p)
	}
	ok(t, r.EnterCode(within(t), code))
	r.states.wait(t, whatsapp.Connected)
	if _, err := r.client.PairPhone(within(t), r.Number().User); !errors.Is(err, whatsapp.ErrNotPairing) {
		t.Errorf("after pairing: %v", err)
	}
}

func TestPairingRefused(t *testing.T) {
	r := unlinked(t, func(c *whatsapp.Config) { c.Wait = forEver })
	r.Inject(fakewa.RefuseLogin{Code: 405})
	r.start(t)
	if p := waitPhase(t, r, whatsapp.PairFailed); p.Reason != whatsapp.PairOutdated {
		t.Errorf("pairing %+v", p)
	}
	r.states.wait(t, whatsapp.Outdated)
	r.client.Resume()
	ok(t, r.Scan(waitPhase(t, r, whatsapp.PairScan).QR))
	waitStatus(t, r, whatsapp.Connected)
}

func TestSnapshotAndVerify(t *testing.T) {
	r := linked(t)
	copied := filepath.Join(t.TempDir(), "cadangan.db")
	ok(t, r.client.Snapshot(t.Context(), copied))
	ok(t, whatsapp.Verify(t.Context(), copied))
	if info := must(os.Stat(copied))(t); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := r.client.Snapshot(t.Context(), copied); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a file: %v", err)
	}
	if err := whatsapp.Verify(t.Context(), r.config.Path); !errors.Is(err, bot.ErrInUse) {
		t.Errorf("the live file: %v", err)
	}
	r.stop()
	ok(t, whatsapp.Verify(t.Context(), r.config.Path))
	raw := must(os.ReadFile(copied))(t)
	for i := 4096; i < len(raw); i += 97 {
		raw[i] ^= 0x55
	}
	broken, empty := filepath.Join(t.TempDir(), "rusak.db"), filepath.Join(t.TempDir(), "kosong.db")
	ok(t, os.WriteFile(broken, raw, 0o600))
	ok(t, os.WriteFile(empty, nil, 0o600))
	for _, path := range []string{broken, empty, filepath.Join(t.TempDir(), "tidak-ada.db")} {
		if err := whatsapp.Verify(t.Context(), path); err == nil {
			t.Errorf("%s is accepted", filepath.Base(path))
		}
	}
	r.config.Path = copied // a session that lives on
	r.start(t)
	must(r.Person("warga1").Say("halo"))(t)
	r.inbox.wait(t, 1)
}
