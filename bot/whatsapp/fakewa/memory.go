package fakewa

import (
	"context"
	"maps"
	"slices"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

const (
	spareKeys   = 64  // prekeys one person keeps for those who asked and did not write yet
	keptSecrets = 256 // message secrets one person remembers, for votes
)

// memory is the store of one person's phone: sessions, identities, prekeys, sender keys and message
// secrets in maps, and nothing of what a phone that never connects does not need. Every identity is
// trusted: the linked device may be linked anew at any time.
type memory struct {
	store.NoopStore
	mu         sync.Mutex
	sessions   map[string][]byte
	prekeys    map[uint32]*keys.PreKey
	lastKey    uint32
	senderKeys map[string][]byte // by group and user
	secrets    map[string]secret // by message id
	secretIDs  []string          // oldest first
}

type secret struct {
	value  []byte
	sender types.JID
}

var _ store.AllSessionSpecificStores = (*memory)(nil)

func newMemory() *memory {
	return &memory{
		sessions: map[string][]byte{}, prekeys: map[uint32]*keys.PreKey{},
		senderKeys: map[string][]byte{}, secrets: map[string]secret{},
	}
}

func (m *memory) IsTrustedIdentity(context.Context, string, [32]byte) (bool, error) {
	return true, nil
}

func (m *memory) GetSession(_ context.Context, address string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[address], nil
}

func (m *memory) HasSession(_ context.Context, address string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[address] != nil, nil
}

func (m *memory) PutSession(_ context.Context, address string, session []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[address] = session
	return nil
}

func (m *memory) DeleteSession(_ context.Context, address string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, address)
	return nil
}

// newPreKey makes a one-time key to hand out, and forgets the oldest unused one beyond the bound.
func (m *memory) newPreKey() *keys.PreKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lastKey++
	key := keys.NewPreKey(m.lastKey)
	m.prekeys[key.KeyID] = key
	if len(m.prekeys) > spareKeys {
		delete(m.prekeys, slices.Min(slices.Collect(maps.Keys(m.prekeys))))
	}
	return key
}

func (m *memory) GetPreKey(_ context.Context, id uint32) (*keys.PreKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.prekeys[id], nil
}

func (m *memory) RemovePreKey(_ context.Context, id uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.prekeys, id)
	return nil
}

func (m *memory) PutSenderKey(_ context.Context, group, user string, key []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.senderKeys[group+" "+user] = key
	return nil
}

func (m *memory) GetSenderKey(_ context.Context, group, user string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.senderKeys[group+" "+user], nil
}

func (m *memory) dropSenderKey(group, user string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.senderKeys, group+" "+user)
}

func (m *memory) PutMessageSecret(_ context.Context, _, sender types.JID, id types.MessageID, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.secrets[id]; !known {
		m.secretIDs = append(m.secretIDs, id)
	}
	m.secrets[id] = secret{value: value, sender: sender}
	if len(m.secretIDs) > keptSecrets {
		delete(m.secrets, m.secretIDs[0])
		m.secretIDs = m.secretIDs[1:]
	}
	return nil
}

func (m *memory) GetMessageSecret(_ context.Context, _, _ types.JID, id types.MessageID) ([]byte, types.JID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.secrets[id]
	return s.value, s.sender, nil
}
