package fakewa

import (
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"google.golang.org/protobuf/proto"
)

// advDetails is the part of a device identity that the phone signs.
func advDetails(index uint32, at time.Time) ([]byte, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID: proto.Uint32(1), Timestamp: proto.Uint64(uint64(at.Unix())), KeyIndex: proto.Uint32(index),
		AccountType: waAdv.ADVEncryptionType_E2EE.Enum(), DeviceType: waAdv.ADVEncryptionType_E2EE.Enum(),
	})
	if err != nil {
		return nil, fmt.Errorf("fakewa: device identity: %w", err)
	}
	return details, nil
}

// advMessage is what the account's signature covers (pair.go, verifyAccountSignature).
func advMessage(details, deviceIdentity []byte) []byte {
	return slices.Concat(whatsmeow.AdvAccountSignaturePrefix, details, deviceIdentity)
}
