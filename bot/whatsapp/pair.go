package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// PairPhase is where a pairing stands. The values choose sentences, so they never change.
type PairPhase string

// Phases, in the order they come. What a person does in each:
const (
	PairIdle    PairPhase = ""        // nothing: no pairing goes on
	PairWaiting PairPhase = "waiting" // wait: we are connecting
	// PairScan: on the phone open Linked devices and scan QR, or have Client.PairPhone make a code and
	// type that there.
	PairScan PairPhase = "scan"
	// PairPasskey: the account has a passkey, and WhatsApp wants its signature. Answer Passkey, a WebAuthn
	// challenge for whatsapp.com, in a browser that has the passkey (at web.whatsapp.com, navigator.
	// credentials.get), and hand the resulting JSON to Client.AnswerPasskey. A number without a passkey is
	// easiest.
	PairPasskey PairPhase = "passkey"
	// PairConfirm: compare Code with the one the phone shows; if they are the same, Client.ConfirmPasskey.
	PairConfirm PairPhase = "confirm"
	// PairAgain: the phone that scanned does not have linked devices turned on; turn it on and scan again.
	PairAgain   PairPhase = "again"
	PairDone    PairPhase = "done"    // nothing: a phone is linked
	PairExpired PairPhase = "expired" // the codes ran out; Client.Resume makes new ones
	PairFailed  PairPhase = "failed"  // Reason tells why; Client.Resume tries again
)

// Reasons of PairFailed.
const (
	PairOutdated = "outdated" // WhatsApp refuses this version of the program
	PairRefused  = "refused"  // WhatsApp or the phone refused
	PairNoRoute  = "no_route" // WhatsApp cannot be reached
	PairState    = "state"    // it ended in the middle
)

// Pairing is a pairing as a page or a terminal shows it. The zero value is "nothing goes on".
type Pairing struct {
	Phase PairPhase
	Since time.Time // when the phase began
	// QR is the text to show as a QR code in PairScan, until Until; Step of Steps counts the codes.
	QR          string
	Until       time.Time
	Step, Steps int
	// Code is what is typed on the phone (PairScan, after PairPhone) or compared with it (PairConfirm).
	Code    string
	Passkey json.RawMessage // the challenge of PairPasskey
	Reason  string
}

// ErrNotPairing: there is no pairing in the phase that was assumed.
var ErrNotPairing = errors.New("whatsapp: no pairing waits for this")

// qrCodes is how many codes WhatsApp hands out per connection; together they last 160 seconds.
const qrCodes = 6

// pairRounds is how often new codes are fetched by themselves before somebody must ask for more.
const pairRounds = 3

// pairing keeps a Pairing that many may look at.
type pairing struct {
	now func() time.Time
	mu  sync.Mutex
	p   Pairing
}

func (p *pairing) init(now func() time.Time) { p.now = now }

func (p *pairing) get() Pairing {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.p
}

// set begins a phase.
func (p *pairing) set(next Pairing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	next.Since = p.now()
	p.p = next
}

// Pairing tells where the pairing stands. It may be polled.
func (c *Client) Pairing() Pairing { return c.pairing.get() }

// PairPhone makes the second way to pair: a code of eight characters that the owner types on the phone
// with this number (international, without a leading zero). It works in PairScan only, and fails for
// accounts with a passkey. Pairing.Code shows it as well.
//
// Errors: ErrNotPairing, whatsmeow's ErrPhoneNumberTooShort and ErrPhoneNumberIsNotInternational, or a
// refusal, none of which contains the number.
func (c *Client) PairPhone(ctx context.Context, number string) (string, error) {
	now := c.pairing.get()
	if now.Phase != PairScan && now.Phase != PairAgain {
		return "", ErrNotPairing
	}
	code, err := c.waClient().PairPhone(ctx, number, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		return "", pairError(err)
	}
	c.pairing.mu.Lock()
	defer c.pairing.mu.Unlock()
	c.pairing.p.Code = code
	return code, nil
}

// AnswerPasskey hands in the answer to the challenge of PairPasskey: the JSON of a
// PublicKeyCredential with id, rawId, type and response, in base64url.
func (c *Client) AnswerPasskey(ctx context.Context, answer []byte) error {
	if c.pairing.get().Phase != PairPasskey {
		return ErrNotPairing
	}
	var response types.WebAuthnResponse
	if err := json.Unmarshal(answer, &response); err != nil || response.ID == "" || len(response.RawID) == 0 {
		return errors.New("whatsapp: this is not the JSON of a passkey's answer")
	}
	return pairError(c.waClient().SendPasskeyResponse(ctx, &response))
}

// ConfirmPasskey says that the code of PairConfirm is the one on the phone.
func (c *Client) ConfirmPasskey(ctx context.Context) error {
	if c.pairing.get().Phase != PairConfirm {
		return ErrNotPairing
	}
	return pairError(c.waClient().SendPasskeyConfirmation(ctx))
}

// pairError takes what is private out of an error.
func pairError(err error) error {
	var query *whatsmeow.IQError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, whatsmeow.ErrPhoneNumberTooShort), errors.Is(err, whatsmeow.ErrPhoneNumberIsNotInternational):
		return err
	case errors.As(err, &query):
		return fmt.Errorf("whatsapp: the pairing was refused with %d", query.Code)
	}
	return fmt.Errorf("whatsapp: the pairing failed: %s", kind(err))
}

// pair links a phone. The ending's state is Connected when that worked; the library then connects anew
// by itself.
//
// alive is the connection's context, which ctx's end does not end.
func (c *Client) pair(ctx, alive context.Context) ending {
	c.track.set(Unpaired, 0, time.Time{})
	for range pairRounds {
		end, again := c.pairOnce(ctx, alive)
		if !again || ctx.Err() != nil {
			return end
		}
	}
	return ending{state: Unpaired}
}

// pairOnce shows the codes of one connection; again tells that they ran out.
func (c *Client) pairOnce(ctx, alive context.Context) (end ending, again bool) {
	end = ending{state: Unpaired}
	c.pairing.set(Pairing{Phase: PairWaiting})
	wa := c.waClient()
	items, err := wa.GetQRChannel(alive)
	if err == nil {
		err = wa.ConnectContext(alive)
	}
	if err != nil {
		c.config.Log.Warn("whatsapp: no connection for pairing", "kind", kind(err))
		c.pairing.set(Pairing{Phase: PairFailed, Reason: PairNoRoute})
		return ending{state: Unreachable}, false
	}
	step := 0
	for { // to the channel's end: the library disconnects when it is not read
		select {
		case <-ctx.Done():
			return end, false
		case item, open := <-items:
			if !open {
				if phase := c.pairing.get().Phase; phase != PairDone && phase != PairFailed && phase != PairExpired {
					c.pairing.set(Pairing{Phase: PairFailed, Reason: PairState})
				}
				return end, c.pairing.get().Phase == PairExpired
			}
			if item.Event == whatsmeow.QRChannelEventCode {
				step++
			}
			end = c.pairItem(item, step)
		}
	}
}

// pairItem shows one item of the library's channel.
func (c *Client) pairItem(item whatsmeow.QRChannelItem, step int) ending {
	end := ending{state: Unpaired}
	switch item.Event {
	case whatsmeow.QRChannelEventCode:
		c.pairing.set(Pairing{Phase: PairScan, QR: item.Code, Until: c.config.Now().Add(item.Timeout), Step: step,
			Steps: qrCodes, Code: c.pairing.get().Code})
	case whatsmeow.QRChannelEventPasskeyRequest:
		challenge, err := json.Marshal(item.PasskeyRequest.PublicKey)
		if err != nil {
			c.pairing.set(Pairing{Phase: PairFailed, Reason: PairState})
			break
		}
		c.pairing.set(Pairing{Phase: PairPasskey, Passkey: challenge})
	case whatsmeow.QRChannelEventPasskeyResponse:
		c.pairing.set(Pairing{Phase: PairConfirm, Code: item.PasskeyConfirmation.Code})
	case whatsmeow.QRChannelScannedWithoutMultidevice.Event:
		shown := c.pairing.get()
		shown.Phase = PairAgain
		c.pairing.set(shown)
	case whatsmeow.QRChannelSuccess.Event:
		c.pairing.set(Pairing{Phase: PairDone})
		end.state = Connected
	case whatsmeow.QRChannelTimeout.Event:
		c.pairing.set(Pairing{Phase: PairExpired})
	case whatsmeow.QRChannelClientOutdated.Event:
		c.pairing.set(Pairing{Phase: PairFailed, Reason: PairOutdated})
		end.state = Outdated
	case whatsmeow.QRChannelEventError:
		c.pairing.set(Pairing{Phase: PairFailed, Reason: PairRefused})
	default: // err-unexpected-state
		c.pairing.set(Pairing{Phase: PairFailed, Reason: PairState})
	}
	return end
}
