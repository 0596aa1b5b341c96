package fakewa

import (
	"context"
	"fmt"

	"go.mau.fi/libsignal/ecc"
	identitykey "go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/util/optional"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// installedKeys is how many one-time keys [Server.Device] makes: more than whatsmeow.MinPreKeyCount,
// so that the first connection does not begin with an upload.
const installedKeys = 10

// linked is what the server knows of the linked device: addresses, public keys, one-time keys left.
type linked struct {
	jid, lid     types.JID // with the device number
	static       [32]byte  // the key it must prove in the handshake
	registration uint32
	identity     [32]byte
	signed       keys.PreKey
	oneTime      []keys.PreKey
	epoch        uint64 // differs between devices, so that old sessions are not used for a new one
}

// bundle is what a person needs to begin a session. It uses up a one-time key while there are any;
// without one the signed key serves alone, as the protocol allows.
func (l *linked) bundle() *prekey.Bundle {
	id, pub := optional.NewEmptyUint32(), ecc.ECPublicKeyable(nil)
	if len(l.oneTime) > 0 {
		key := l.oneTime[0]
		l.oneTime = l.oneTime[1:]
		id, pub = optional.NewOptionalUint32(key.KeyID), ecc.NewDjbECPublicKey(*key.Pub)
	}
	return prekey.NewBundle(l.registration, uint32(l.lid.Device), id, l.signed.KeyID, pub,
		ecc.NewDjbECPublicKey(*l.signed.Pub), *l.signed.Signature,
		identitykey.NewKey(ecc.NewDjbECPublicKey(l.identity)))
}

// Device installs a linked device in container without pairing, as if the account's phone had
// scanned it, and makes it the one this server knows. Any former device is unlinked.
func (s *Server) Device(ctx context.Context, container *sqlstore.Container) (*store.Device, error) {
	d := container.NewDevice()
	jid, lid := s.newAddresses()
	d.ID, d.LID = &jid, lid
	account, err := s.owner.vouch(d.IdentityKey.Pub[:], 0)
	if err != nil {
		return nil, err
	}
	d.Account = account
	d.PushName, d.Platform = "fakewa", "test"
	if err := d.Save(ctx); err != nil {
		return nil, fmt.Errorf("fakewa: save device: %w", err)
	}
	if err := d.LIDs.PutLIDMapping(ctx, lid, jid); err != nil {
		return nil, fmt.Errorf("fakewa: own addresses: %w", err)
	}
	spare, err := d.PreKeys.GetOrGenPreKeys(ctx, installedKeys)
	if err != nil {
		return nil, fmt.Errorf("fakewa: prekeys: %w", err)
	}
	if err := d.PreKeys.MarkPreKeysAsUploaded(ctx, spare[len(spare)-1].KeyID); err != nil {
		return nil, fmt.Errorf("fakewa: prekeys: %w", err)
	}
	l := &linked{
		jid: jid, lid: lid, static: *d.NoiseKey.Pub, registration: d.RegistrationID,
		identity: *d.IdentityKey.Pub, signed: *d.SignedPreKey,
	}
	for _, key := range spare {
		l.oneTime = append(l.oneTime, *key)
	}
	s.link(l)
	return d, nil
}

// newAddresses gives the next device of the account its number.
func (s *Server) newAddresses() (jid, lid types.JID) {
	number := uint16(s.next()%200) + 1 // a device number is one byte on the wire (binary/encoder.go)
	jid, lid = s.owner.PN, s.owner.LID
	jid.Device, lid.Device = number, number
	return jid, lid
}

func (s *Server) link(l *linked) {
	l.epoch = s.next()
	s.update(func() { s.linked = l })
}

// vouch signs a device's identity as the account's phone does at pairing (pair.go,
// verifyAccountSignature). The device's own signature is a placeholder of the right length, unless
// the device makes one itself.
func (p *Person) vouch(deviceIdentity []byte, index uint32) (*waAdv.ADVSignedDeviceIdentity, error) {
	details, err := advDetails(index, p.srv.opt.Now())
	if err != nil {
		return nil, err
	}
	key := p.device.IdentityKey
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*key.Priv), advMessage(details, deviceIdentity))
	return &waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: key.Pub[:], AccountSignature: signature[:],
		DeviceSignature: make([]byte, 64),
	}, nil
}
