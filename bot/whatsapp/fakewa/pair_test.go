package fakewa

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// unlinked is a client that shows codes; the channel is read to its end by the test.
func unlinked(t *testing.T, s *Server) (*heard, <-chan whatsmeow.QRChannelItem) {
	t.Helper()
	h := newClient(t, s, newStore(t).NewDevice(), nil)
	codes := must(h.GetQRChannel(t.Context()))(t)
	ok(t, h.Connect())
	return h, codes
}

func TestPairByQR(t *testing.T) {
	s := start(t, Options{})
	h, codes := unlinked(t, s)
	qr := <-codes
	for _, bad := range []string{"", "https://wa.me/#a,b", strings.Replace(qr.Code, "2@", "3@", 1), strings.Replace(qr.Code, "#", "#x", 1)} {
		if err := s.Scan(bad); err == nil {
			t.Errorf("scanned %q", bad)
		}
	}
	ok(t, s.Scan(qr.Code))
	if last := <-codes; last.Event != whatsmeow.QRChannelSuccess.Event {
		t.Fatalf("pairing ended with %+v", last)
	}
	paired := next[*events.PairSuccess](t, h, nil)
	if paired.ID.User != s.Number().User || paired.LID.User != s.LID().User || paired.ID.Device == 0 {
		t.Errorf("paired as %s %s", paired.ID, paired.LID)
	}
	ok(t, s.WaitActive(within(t))) // it has come again by itself
	p := s.Person("warga1")
	next(t, h, withID(must(p.Say("halo"))(t)))
	must(h.SendMessage(within(t), p.LID, text("balas")))(t)
	must(s.WaitMessage(within(t), p.Heard(nil)))(t)
	if left := s.keysLeft(); left < whatsmeow.MinPreKeyCount {
		t.Errorf("the client left %d keys", left)
	}
}

func TestPairByCode(t *testing.T) {
	s := start(t, Options{})
	h, codes := unlinked(t, s)
	<-codes
	if err := s.EnterCode(within(t), "1234-5678"); !errors.Is(err, ErrNotPairing) {
		t.Errorf("typed a code nobody shows: %v", err)
	}
	for _, c := range []struct{ phone, name string }{{s.Number().User, "fakewa"}, {"6200123456", "Chrome (Linux)"}} {
		if _, err := h.PairPhone(within(t), c.phone, true, whatsmeow.PairClientChrome, c.name); !errors.Is(err, whatsmeow.ErrIQBadRequest) {
			t.Errorf("pairing %v: %v", c, err)
		}
	}
	must(h.PairPhone(within(t), s.Number().User, true, whatsmeow.PairClientChrome, "Chrome (Linux)"))(t)
	if err := s.EnterCode(within(t), "1111-1111"); !errors.Is(err, ErrWrongCode) {
		t.Errorf("typed a wrong code: %v", err)
	}
	code := must(h.PairPhone(within(t), s.Number().User, true, whatsmeow.PairClientChrome, "Chrome (Linux)"))(t)
	ok(t, s.EnterCode(within(t), strings.ToLower(code)))
	if last := <-codes; last.Event != whatsmeow.QRChannelSuccess.Event {
		t.Fatalf("pairing ended with %+v", last)
	}
	ok(t, s.WaitActive(within(t)))
	next(t, h, withID(must(s.Person("warga1").Say("halo"))(t)))
}

func TestPairingRefused(t *testing.T) {
	s := start(t, Options{})
	s.Inject(RefuseLogin{Code: 405})
	_, codes := unlinked(t, s)
	if last := <-codes; last.Event != whatsmeow.QRChannelClientOutdated.Event {
		t.Errorf("got %+v", last)
	}
	s = start(t, Options{})
	h, codes := unlinked(t, s)
	h.PrePairCallback = nil
	qr := <-codes
	h.Store.AdvSecretKey = make([]byte, 32) // the code that was scanned is not the client's
	ok(t, s.Scan(qr.Code))
	if last := <-codes; !errors.Is(last.Error, whatsmeow.ErrPairInvalidDeviceIdentityHMAC) {
		t.Errorf("got %+v", last)
	}
}

// assertion answers a passkey request as a browser would, as far as this server looks.
func assertion(challenge []byte) *types.WebAuthnResponse {
	data := fmt.Sprintf(`{"type":"webauthn.get","challenge":%q,"origin":"https://web.whatsapp.com"}`,
		base64.RawURLEncoding.EncodeToString(challenge))
	return &types.WebAuthnResponse{ID: "ZmFrZXdh", RawID: []byte("fakewa"), Type: "public-key",
		Response: types.WebAuthnResponseData{ClientDataJSON: []byte(data)}}
}

func TestPairWithPasskey(t *testing.T) {
	s := start(t, Options{Passkey: true})
	h, codes := unlinked(t, s)
	qr := <-codes
	if _, err := h.PairPhone(within(t), s.Number().User, true, whatsmeow.PairClientChrome, "Chrome (Linux)"); err == nil {
		t.Error("an account with a passkey took a pairing code")
	}
	ok(t, s.Scan(qr.Code))
	asked := <-codes
	if asked.PasskeyRequest == nil || asked.PasskeyRequest.PublicKey.RelyingPartID != "whatsapp.com" {
		t.Fatalf("got %+v", asked)
	}
	if err := h.SendPasskeyResponse(within(t), assertion([]byte("another challenge"))); !errors.Is(err, whatsmeow.ErrIQBadRequest) {
		t.Errorf("a wrong challenge: %v", err)
	}
	ok(t, h.SendPasskeyResponse(within(t), assertion(asked.PasskeyRequest.PublicKey.Challenge)))
	if last := <-codes; last.Event != whatsmeow.QRChannelSuccess.Event {
		t.Fatalf("pairing ended with %+v", last)
	}
	ok(t, s.WaitActive(within(t)))
	next(t, h, withID(must(s.Person("warga1").Say("halo"))(t)))
}
