// Package fakewa is a small WhatsApp on loopback that the real whatsmeow client logs into. It is
// for tests only: nothing is sent to the real network, every number in it is invented.
//
// The library under test stays exactly as it is shipped; only the address it dials and the root key
// it trusts are changed. What it says is checked (handshake, signatures, keys, ciphertexts) and what
// it hears is made by the cryptography of a second whatsmeow client per person, which never connects.
//
// # What it speaks, in the order of a session
//
//  1. WebSocket with binary messages, carrying frames with a 3-byte big-endian length; the very first
//     bytes are the connection header (go.mau.fi/whatsmeow/socket: framesocket.go, constants.go).
//  2. Noise_XX_25519_AESGCM_SHA256 with a certificate chain under the test root (handshake.go).
//  3. Without a session: pair-device with six codes, scanned by [Server.Scan] or typed by
//     [Server.EnterCode], on request confirmed with a passkey, pair-success with the ADV signature, and
//     stream error 515 (pair.go, pair-code.go, pair-passkey.go).
//  4. With a session: success or failure; counting, uploading and handing out of prekeys; the offline
//     queue, sent when the client calls itself active.
//  5. Direct and group messages both ways, sender keys, retry receipts both ways, receipts, typing,
//     group membership, usync, media, polls, media retry, placeholder resend.
//
// A message for the client stays queued until the client's receipt (or its acknowledgement, for what
// it could not read) and is sent again at each connection, like on the real network.
//
// # What it does not
//
// One account with one linked device; history sync, app state, channels, communities, status, calls,
// business features and pictures are answered with an empty result. The account is never an
// administrator. A passkey's signature is not checked, and its confirmation by a shown code does not
// occur. There is no rate limit of its own, and all of it is only as exact as the library reads it.
//
// # What goes wrong on request
//
// [Server.Inject] with [RefuseLogin] (405, 401, 403, 406, 402, 5xx), [RefuseSends] (463), [TimeLock],
// [StreamReplaced], [DeviceRemoved], [StreamError], [DropSocket], [DropOnSend], [LoseAcks],
// [LoseReceipts], [Duplicate], [Reorder], [Garble], [Misread], [Slow]; [Voice.ExpireMedia], [Voice.LoseMedia],
// [Voice.Again] and [Envelope] beside it. [Server.Heal] ends it.
//
// File names in comments are those of the library, go.mau.fi/whatsmeow, where the fact was read.
//
// # What a client must set
//
// In the process of the test:
//
//	fakewa.TrustRoot()                       // once, before any client connects: TestMain
//	srv, err := fakewa.Start(fakewa.Options{})
//	dev, err := srv.Device(ctx, container)   // or pair: srv.Scan, srv.EnterCode
//	cli := whatsmeow.NewClient(dev, nil)
//	cli.SetWebsocketHTTPClient(srv.HTTPClient())
//	cli.SetPreLoginHTTPClient(srv.HTTPClient())
//	cli.SetMediaHTTPClient(srv.HTTPClient())
//
// In another process (a kill test), which must not import this package: set whatsmeow.WACertPubKey to
// the 32 bytes of [RootKey], and give all three setters an http.Client whose Transport dials
// [Server.Addr] in DialContext and in DialTLSContext (plain TCP, no TLS: the Transport then speaks
// wss and https in clear). Such a switch must refuse any address that is not loopback.
// The device file is made by [Server.Device] before the process starts.
//
// # Bounds
//
// Queues, histories, media and frames have limits ([Options]); reaching one is an error ([ErrFull]),
// never a silent loss. Goroutines are one per connection for reading, one for sending, and the
// listener's; all end with [Server.Close]. (A client that is stopped while a frame arrives leaves one
// goroutine of the library behind, in socket.(*FrameSocket).frameComplete: tell goleak.) No package state: the library's WACertPubKey is the only
// global, written by [TrustRoot].
package fakewa
