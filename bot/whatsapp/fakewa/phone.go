package fakewa

import (
	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// FromPhone lets the account's own phone write m to p; the device gets a copy and sees that it comes
// from the account itself (message.go, parseMessageSource).
func (s *Server) FromPhone(p *Person, m *waE2E.Message) (string, error) {
	kind, _ := kindOf(m)
	copied := &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{
		DestinationJID: proto.String(p.LID.String()), Message: m,
	}}
	id := newMessageID()
	return id, s.phoneSends(copied, attrs{"id": id, "type": kind, "recipient": p.LID, "peer_recipient_pn": p.PN})
}

// phoneSends encrypts m as the account's phone and queues it.
func (s *Server) phoneSends(m *waE2E.Message, a attrs) error {
	o := s.owner
	o.mu.Lock()
	defer o.mu.Unlock()
	enc, err := o.encryptForDevice(m, attrs{})
	if err != nil {
		return err
	}
	id, _ := a["id"].(string)
	a["from"], a["t"] = o.LID, s.opt.Now().Unix()
	return s.enqueue(&delivery{id: id, message: true, sender: o, node: node{Tag: "message", Attrs: a, Content: []node{enc}}})
}

// phoneRequest handles what the client said to the account's own phone. A request for messages it
// could not read (send.go, BuildUnavailableMessageRequest) is answered with the originals.
func (s *Server) phoneRequest(id string, m *events.Message) int {
	if m == nil {
		return 0 // Problems tells
	}
	ask := m.RawMessage.GetProtocolMessage().GetPeerDataOperationRequestMessage()
	for _, want := range ask.GetPlaceholderMessageResendRequest() {
		key := want.GetMessageKey()
		s.update(func() { s.record.requests = keepLast(append(s.record.requests, key.GetID()), s.opt.Limit) })
		if s.opt.PhoneOff {
			continue
		}
		if err := s.phoneAnswers(id, key); err != nil {
			return refuseFull
		}
	}
	return 0
}

// phoneAnswers sends the original of a message, or nothing when nobody has it any more
// (message.go, handlePlaceholderResendResponse).
func (s *Server) phoneAnswers(request string, key *waCommon.MessageKey) error {
	original, at := s.original(key.GetID())
	if original == nil {
		return nil
	}
	raw, err := proto.Marshal(&waWeb.WebMessageInfo{
		Key: key, Message: original, MessageTimestamp: proto.Uint64(at), Participant: key.Participant,
	})
	if err != nil {
		return err
	}
	kind := waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND.Enum()
	result := &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{
		PlaceholderMessageResendResponse: &waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult_PlaceholderMessageResendResponse{
			WebMessageInfoBytes: raw,
		},
	}
	answer := &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE.Enum(),
		PeerDataOperationRequestResponseMessage: &waE2E.PeerDataOperationRequestResponseMessage{
			PeerDataOperationRequestType: kind, StanzaID: proto.String(request),
			PeerDataOperationResult: []*waE2E.PeerDataOperationRequestResponseMessage_PeerDataOperationResult{result},
		},
	}}
	return s.phoneSends(answer, attrs{"id": newMessageID(), "type": "peer_msg", "category": "peer"})
}

// original finds a message among what people sent lately.
func (s *Server) original(id string) (*waE2E.Message, uint64) {
	s.mu.Lock()
	all := make(map[*Person]bool, len(s.people))
	for _, p := range s.people {
		all[p] = true
	}
	s.mu.Unlock()
	for p := range all {
		p.mu.Lock()
		m, ok := p.recall(id)
		p.mu.Unlock()
		if ok {
			return m.message, uint64(m.at.Unix())
		}
	}
	return nil, 0
}
