package fakewa

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waMmsRetry"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Kind is a kind of media.
type Kind int

// The kinds of media a person can send. Voice is an audio recorded as a voice message.
const (
	Image Kind = iota
	Video
	Audio
	VoiceNote
	Document
)

// File is media to send. Mime and Name may be zero.
type File struct {
	Kind    Kind
	Data    []byte
	Caption string
	Mime    string // zero: by kind
	Name    string // of a document
}

// Upload encrypts a file, stores it, and returns the message that shows it.
func (s *Server) Upload(f File) (*waE2E.Message, error) {
	keys := [...]whatsmeow.MediaType{whatsmeow.MediaImage, whatsmeow.MediaVideo, whatsmeow.MediaAudio, whatsmeow.MediaAudio, whatsmeow.MediaDocument}
	mimes := [...]string{"image/jpeg", "video/mp4", "audio/mp4", "audio/ogg; codecs=opus", "application/octet-stream"}
	if f.Kind < Image || f.Kind > Document {
		return nil, fmt.Errorf("fakewa: media kind %d", f.Kind)
	}
	if f.Mime == "" {
		f.Mime = mimes[f.Kind]
	}
	m, err := sealMedia(f.Data, keys[f.Kind])
	if err != nil {
		return nil, err
	}
	path, err := s.media.put(m.data)
	if err != nil {
		return nil, err
	}
	return f.message(m, path), nil
}

// message puts the facts of stored media into the message of its kind.
func (f File) message(m *sealed, path string) *waE2E.Message {
	size, url := proto.Uint64(uint64(len(f.Data))), proto.String("https://"+hostName+path)
	var caption *string
	if f.Caption != "" {
		caption = &f.Caption
	}
	switch f.Kind {
	case Image:
		return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
			URL: url, DirectPath: &path, MediaKey: m.key, FileEncSHA256: m.sealSum, FileSHA256: m.sum,
			FileLength: size, Mimetype: &f.Mime, Caption: caption,
		}}
	case Video:
		return &waE2E.Message{VideoMessage: &waE2E.VideoMessage{
			URL: url, DirectPath: &path, MediaKey: m.key, FileEncSHA256: m.sealSum, FileSHA256: m.sum,
			FileLength: size, Mimetype: &f.Mime, Caption: caption,
		}}
	case Audio, VoiceNote:
		return &waE2E.Message{AudioMessage: &waE2E.AudioMessage{
			URL: url, DirectPath: &path, MediaKey: m.key, FileEncSHA256: m.sealSum, FileSHA256: m.sum,
			FileLength: size, Mimetype: &f.Mime, PTT: proto.Bool(f.Kind == VoiceNote),
		}}
	}
	return &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		URL: url, DirectPath: &path, MediaKey: m.key, FileEncSHA256: m.sealSum, FileSHA256: m.sum,
		FileLength: size, Mimetype: &f.Mime, Caption: caption, FileName: &f.Name,
	}}
}

// Media sends a file and returns the message's id.
func (v Voice) Media(f File) (string, error) {
	m, err := v.person.srv.Upload(f)
	if err != nil {
		return "", err
	}
	return v.Send(m)
}

// mediaIn is the downloadable part of a message, nil if there is none.
func mediaIn(m *waE2E.Message) whatsmeow.DownloadableMessage {
	switch {
	case m.GetImageMessage() != nil:
		return m.GetImageMessage()
	case m.GetVideoMessage() != nil:
		return m.GetVideoMessage()
	case m.GetAudioMessage() != nil:
		return m.GetAudioMessage()
	case m.GetDocumentMessage() != nil:
		return m.GetDocumentMessage()
	case m.GetStickerMessage() != nil:
		return m.GetStickerMessage()
	}
	return nil
}

// Open returns the decrypted media of a message of the client; its hashes must be right.
func (s *Server) Open(m Message) ([]byte, error) {
	d := mediaIn(m.Body)
	if d == nil {
		return nil, errNoMedia
	}
	data, status := s.media.get(d.GetDirectPath())
	if status != http.StatusOK {
		return nil, errNoMedia
	}
	sealSum := sha256.Sum256(data)
	plain, err := openMedia(data, d.GetMediaKey(), whatsmeow.GetMediaType(d))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(plain); string(sum[:]) != string(d.GetFileSHA256()) || string(sealSum[:]) != string(d.GetFileEncSHA256()) {
		return nil, fmt.Errorf("fakewa: the hashes in message %s are not those of its media", m.ID)
	}
	return plain, nil
}

// ExpireMedia lets the media of a person's message be refused with an HTTP status, 404 or 410, until
// the client asks the phone for them again (media retry).
func (v Voice) ExpireMedia(id string, status int) error {
	v.person.mu.Lock()
	m, ok := v.person.recall(id)
	v.person.mu.Unlock()
	d := mediaIn(m.message)
	if !ok || d == nil {
		return errNoMedia
	}
	return v.person.srv.media.expire(d.GetDirectPath(), status)
}

// LoseMedia lets the media of a person's message be gone for good: from the servers, and from the phone,
// which says so when it is asked.
func (v Voice) LoseMedia(id string) error {
	v.person.mu.Lock()
	m, ok := v.person.recall(id)
	v.person.mu.Unlock()
	d := mediaIn(m.message)
	if !ok || d == nil {
		return errNoMedia
	}
	v.person.srv.media.lose(d.GetDirectPath())
	return nil
}

// mediaAskedAgain answers a request to upload media again, with a new path or with the news that the
// phone has it no more (mediaretry.go).
func (s *Server) mediaAskedAgain(id string, n *node) error {
	rmr := n.GetChildByTag("rmr")
	reply := node{Tag: "notification", Attrs: attrs{
		"from": s.owner.PN, "id": id, "type": "mediaretry", "t": s.opt.Now().Unix(),
	}}
	content := []node{{Tag: "error", Attrs: attrs{"code": 2}}}
	original, _ := s.original(id)
	if d := mediaIn(original); d != nil {
		if path, err := s.media.revive(d.GetDirectPath()); err == nil {
			if content, err = retryNotice(id, path, d.GetMediaKey()); err != nil {
				return err
			}
		}
	}
	reply.Content = append(content, node{Tag: "rmr", Attrs: copyOf(rmr.Attrs)})
	_ = s.enqueue(&delivery{id: id, node: reply}) // full: the client hears nothing and asks again
	return nil
}

func copyOf(a attrs) attrs {
	out := attrs{"from_me": "false", "jid": types.ServerJID}
	for k, v := range a {
		out[k] = v
	}
	return out
}

// retryNotice encrypts the new path under a key that follows from the media key.
func retryNotice(id, path string, mediaKey []byte) ([]node, error) {
	plain, err := proto.Marshal(&waMmsRetry.MediaRetryNotification{
		StanzaID: &id, DirectPath: &path, Result: waMmsRetry.MediaRetryNotification_SUCCESS.Enum(),
	})
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, mediaKey, nil, "WhatsApp Media Retry Notification", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	iv := make([]byte, aead.NonceSize())
	_, _ = rand.Read(iv) // never fails
	return []node{{Tag: "encrypt", Content: []node{
		{Tag: "enc_p", Content: aead.Seal(nil, iv, plain, []byte(id))}, {Tag: "enc_iv", Content: iv},
	}}}, nil
}
