package fakewa

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// Fault is something that goes wrong; see its implementations in this package.
type Fault interface{ apply(*Server) }

// faults are those still to come.
type faults struct {
	logins                                 []*RefuseLogin
	sends                                  []*RefuseSends
	garble, duplicate, reorder             int
	loseReceipts, loseAcks, drops, misread int
	slow                                   time.Duration
	slowTimes                              int
}

// spend takes one from a count of things to go wrong.
func spend(count *int) bool {
	if *count <= 0 {
		return false
	}
	*count--
	return true
}

func (s *Server) spend(which func(*faults) *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return spend(which(&s.faults))
}

// Inject makes things go wrong from now on, as each fault says.
func (s *Server) Inject(all ...Fault) {
	for _, f := range all {
		f.apply(s)
	}
}

// Heal forgets every fault that has not struck yet and lets go what a Reorder holds back.
func (s *Server) Heal() {
	s.update(func() {
		s.release()
		s.faults = faults{}
	})
}

// RefuseLogin refuses the next logins with a failure code: 405 client outdated, 401 unlinked, 403
// locked, 406 banned, 402 banned for a time, 5xx come again (types/events, ConnectFailureReason).
type RefuseLogin struct {
	Code  int
	Times int // 0: once
	// BanCode and Expire belong to 402 (types/events, TempBanReason).
	BanCode int
	Expire  time.Duration
}

func (f RefuseLogin) apply(s *Server) {
	f.Times = max(1, f.Times)
	s.update(func() { s.faults.logins = append(s.faults.logins, &f) })
}

// refusal is how the login at hand is refused, or nil.
func (s *Server) refusal() *RefuseLogin {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults.logins) == 0 {
		return nil
	}
	f := s.faults.logins[0]
	if f.Times--; f.Times == 0 {
		s.faults.logins = s.faults.logins[1:]
	}
	return f
}

// RefuseSends answers the client's next messages with an error code instead of passing them on: 463
// for a time-lock, 479 and the like. [Server.Refused] counts them.
type RefuseSends struct {
	Code  int
	Times int       // 0: until healed
	To    types.JID // zero: to everybody
}

func (f RefuseSends) apply(s *Server) {
	if f.Times == 0 {
		f.Times = -1
	}
	s.update(func() { s.faults.sends = append(s.faults.sends, &f) })
}

func (s *Server) sendRefusal(to types.JID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults.sends {
		if !f.To.IsEmpty() && f.To != to {
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults.sends = slices.Delete(s.faults.sends, i, i+1)
		}
		return f.Code
	}
	return 0
}

// TimeLock announces, or ends, the time-lock on writing to strangers (notification.go,
// handleMexNotification). It refuses nothing by itself: add RefuseSends.
type TimeLock struct {
	Active bool
	Kind   string // enforcement_type, as the network calls it
	Ends   time.Time
}

func (f TimeLock) apply(s *Server) {
	lock := map[string]any{"is_active": f.Active, "enforcement_type": f.Kind}
	if !f.Ends.IsZero() {
		lock["time_enforcement_ends"] = strconv.FormatInt(f.Ends.Unix(), 10)
	}
	body, err := json.Marshal(map[string]any{"data": map[string]any{"xwa2_notify_account_reachout_timelock": lock}})
	if err != nil {
		panic(err) // strings and a bool
	}
	id := fmt.Sprint("mex", s.next())
	n := serverNotice(id, "mex", node{Tag: "update", Attrs: attrs{"op_name": "NotificationUserReachoutTimelockUpdate"}, Content: body})
	_ = s.enqueue(&delivery{id: id, node: n})
}

// StreamReplaced ends the connection because the device is connected elsewhere.
type StreamReplaced struct{}

func (StreamReplaced) apply(s *Server) { s.endWith(streamConflict("replaced")) }

// DeviceRemoved ends the connection because the phone unlinked the device.
type DeviceRemoved struct{}

func (DeviceRemoved) apply(s *Server) {
	s.endWith(streamConflict("device_removed"))
	s.update(func() { s.linked = nil })
}

// StreamError ends the connection with a code (503: come again).
type StreamError struct{ Code int }

func (f StreamError) apply(s *Server) {
	s.endWith(node{Tag: "stream:error", Attrs: attrs{"code": f.Code}})
}

func (s *Server) endWith(n node) {
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c != nil {
		_ = c.part(n) // an error ends it, too
	}
}

// DropSocket ends the connection at once, without a word.
type DropSocket struct{}

func (DropSocket) apply(s *Server) {
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c != nil {
		c.drop()
	}
}

// DropOnSend drops the connection at the client's next messages, before they are taken.
type DropOnSend struct{ Times int }

func (f DropOnSend) apply(s *Server) { s.update(func() { s.faults.drops = f.Times }) }

// LoseAcks takes the client's next messages and drops the connection instead of saying so: the
// outcome is unknown to the client.
type LoseAcks struct{ Times int }

func (f LoseAcks) apply(s *Server) { s.update(func() { s.faults.loseAcks = f.Times }) }

// LoseReceipts overhears the client's next receipts: what it has handled is sent again at its next
// connection.
type LoseReceipts struct{ Times int }

func (f LoseReceipts) apply(s *Server) { s.update(func() { s.faults.loseReceipts = f.Times }) }

// Duplicate sends each of the next messages twice in a row.
type Duplicate struct{ Times int }

func (f Duplicate) apply(s *Server) { s.update(func() { s.faults.duplicate = f.Times }) }

// Reorder holds back the next Count messages until all have come, and sends the last first.
type Reorder struct{ Count int }

func (f Reorder) apply(s *Server) { s.update(func() { s.faults.reorder = f.Count }) }

// Garble damages the next deliveries of messages, so that the client cannot decrypt them. Its retry
// receipts are answered like a phone does, and the answers are deliveries too.
type Garble struct{ Times int }

func (f Garble) apply(s *Server) { s.update(func() { s.faults.garble = f.Times }) }

// Misread lets the recipients of the client's next messages ask for them again.
type Misread struct{ Times int }

func (f Misread) apply(s *Server) { s.update(func() { s.faults.misread = f.Times }) }

// Slow lets the next answers to queries and messages come late; meanwhile nothing else is answered.
type Slow struct {
	Delay time.Duration
	Times int
}

func (f Slow) apply(s *Server) {
	s.update(func() { s.faults.slow, s.faults.slowTimes = f.Delay, f.Times })
}

func (s *Server) slowness() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if spend(&s.faults.slowTimes) {
		return s.faults.slow
	}
	return 0
}
