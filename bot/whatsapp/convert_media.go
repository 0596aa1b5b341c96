package whatsapp

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"strings"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

// maxThumbnail is the largest preview that is kept with a reference, in bytes; WhatsApp's are a few KB.
const maxThumbnail = 32 << 10

// files lists the attachments of a message: at most one, for an album is several messages.
func files(m *waE2E.Message, ref string) []bot.Attachment {
	var a bot.Attachment
	bare := &waE2E.Message{}
	switch {
	case m.GetImageMessage() != nil:
		v := m.GetImageMessage()
		a = bot.Attachment{Kind: bot.Photo, MIME: v.GetMimetype(), Size: size(v.FileLength)}
		bare.ImageMessage = &waE2E.ImageMessage{URL: v.URL, Mimetype: v.Mimetype, FileSHA256: v.FileSHA256, FileLength: v.FileLength,
			Height: v.Height, Width: v.Width, MediaKey: v.MediaKey, FileEncSHA256: v.FileEncSHA256, DirectPath: v.DirectPath,
			MediaKeyTimestamp: v.MediaKeyTimestamp, JPEGThumbnail: thumbnail(v.JPEGThumbnail)}
	case m.GetVideoMessage() != nil:
		a, bare.VideoMessage = video(m.GetVideoMessage())
	case m.GetPtvMessage() != nil:
		a, bare.PtvMessage = video(m.GetPtvMessage())
	case m.GetAudioMessage() != nil:
		v := m.GetAudioMessage()
		a = bot.Attachment{Kind: bot.Audio, MIME: v.GetMimetype(), Size: size(v.FileLength), Seconds: seconds(v.GetSeconds())}
		if v.GetPTT() {
			a.Kind = bot.Voice
		}
		bare.AudioMessage = &waE2E.AudioMessage{URL: v.URL, Mimetype: v.Mimetype, FileSHA256: v.FileSHA256, FileLength: v.FileLength,
			Seconds: v.Seconds, PTT: v.PTT, MediaKey: v.MediaKey, FileEncSHA256: v.FileEncSHA256, DirectPath: v.DirectPath,
			MediaKeyTimestamp: v.MediaKeyTimestamp, Waveform: thumbnail(v.Waveform)}
	case m.GetDocumentMessage() != nil:
		v := m.GetDocumentMessage()
		a = bot.Attachment{Kind: bot.File, Name: v.GetFileName(), MIME: v.GetMimetype(), Size: size(v.FileLength)}
		if a.Name == "" {
			a.Name = v.GetTitle()
		}
		a.Name = line(a.Name)
		bare.DocumentMessage = &waE2E.DocumentMessage{URL: v.URL, Mimetype: v.Mimetype, Title: proto.String(a.Name),
			FileName: proto.String(a.Name), FileSHA256: v.FileSHA256, FileLength: v.FileLength, PageCount: v.PageCount,
			MediaKey: v.MediaKey, FileEncSHA256: v.FileEncSHA256, DirectPath: v.DirectPath, MediaKeyTimestamp: v.MediaKeyTimestamp,
			JPEGThumbnail: thumbnail(v.JPEGThumbnail)}
	default:
		return nil
	}
	media, _ := downloadable(bare)
	if sum := media.GetFileSHA256(); len(sum) == 32 {
		a.Unique = hex.EncodeToString(sum)
	}
	id, err := fileID(bare, ref)
	if err != nil {
		return nil // a string of it is not UTF-8, which the wire format forbids
	}
	a.Network, a.FileID, a.MIME = bot.WhatsApp, id, line(a.MIME)
	return []bot.Attachment{a}
}

func video(v *waE2E.VideoMessage) (bot.Attachment, *waE2E.VideoMessage) {
	a := bot.Attachment{Kind: bot.Video, MIME: v.GetMimetype(), Size: size(v.FileLength), Seconds: seconds(v.GetSeconds())}
	if v.GetGifPlayback() {
		a.Kind = bot.Animation
	}
	return a, &waE2E.VideoMessage{URL: v.URL, Mimetype: v.Mimetype, FileSHA256: v.FileSHA256, FileLength: v.FileLength,
		Seconds: v.Seconds, GifPlayback: v.GifPlayback, Height: v.Height, Width: v.Width, MediaKey: v.MediaKey,
		FileEncSHA256: v.FileEncSHA256, DirectPath: v.DirectPath, MediaKeyTimestamp: v.MediaKeyTimestamp,
		JPEGThumbnail: thumbnail(v.JPEGThumbnail)}
}

func thumbnail(b []byte) []byte {
	if len(b) > maxThumbnail {
		return nil
	}
	return b
}

func size(n *uint64) int64 {
	if n == nil {
		return 0
	}
	return int64(min(*n, math.MaxInt64))
}

func seconds(n uint32) int { return int(min(n, math.MaxInt32)) }

// fileID is what is needed to download a file or send it again: the message that carried it, bare of its
// caption and of everything about people, and the name under which its origin is kept.
func fileID(bare *waE2E.Message, ref string) (string, error) {
	raw, err := proto.Marshal(bare)
	if err != nil {
		return "", err
	}
	return ref + "." + base64.RawURLEncoding.EncodeToString(raw), nil
}

var errFileID = errors.New("whatsapp: the reference of a file cannot be read")

// readFileID reads what fileID made.
func readFileID(id string) (bare *waE2E.Message, ref string, err error) {
	ref, encoded, ok := strings.Cut(id, ".")
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !ok {
		return nil, "", errFileID
	}
	bare = &waE2E.Message{}
	if proto.Unmarshal(raw, bare) != nil {
		return nil, "", errFileID
	}
	if _, ok := downloadable(bare); !ok {
		return nil, "", errFileID
	}
	return bare, ref, nil
}

// downloadable is the part of a message that has a file.
func downloadable(m *waE2E.Message) (whatsmeow.DownloadableMessage, bool) {
	switch {
	case m.GetImageMessage() != nil:
		return m.GetImageMessage(), true
	case m.GetVideoMessage() != nil:
		return m.GetVideoMessage(), true
	case m.GetPtvMessage() != nil:
		return m.GetPtvMessage(), true
	case m.GetAudioMessage() != nil:
		return m.GetAudioMessage(), true
	case m.GetDocumentMessage() != nil:
		return m.GetDocumentMessage(), true
	}
	return nil, false
}
