package fakewa

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func TestMediaFromPerson(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	for kind := Image; kind <= Document; kind++ {
		for _, size := range []int{0, 1, 15, 16, 17, 300_000} {
			data := bytes.Repeat([]byte{byte(kind), 7}, size)[:size]
			id := must(p.Media(File{Kind: kind, Data: data, Caption: "ini"}))(t)
			got := next(t, h, withID(id))
			f := must(os.Create(filepath.Join(t.TempDir(), "f")))(t)
			ok(t, h.DownloadToFile(within(t), mediaIn(got.Message), f))
			ok(t, f.Close())
			if read := must(os.ReadFile(f.Name()))(t); !bytes.Equal(read, data) {
				t.Errorf("kind %d size %d: read %d bytes", kind, size, len(read))
			}
		}
	}
}

func TestMediaFromClient(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	data := bytes.Repeat([]byte("gambar"), 1000)
	up := must(h.Upload(within(t), data, whatsmeow.MediaImage))(t)
	must(h.SendMessage(within(t), p.LID, &waE2E.Message{ImageMessage: &waE2E.ImageMessage{
		Caption: proto.String("hasil"), Mimetype: proto.String("image/png"), URL: &up.URL, DirectPath: &up.DirectPath,
		MediaKey: up.MediaKey, FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}}))(t)
	m := must(s.WaitMessage(within(t), p.Heard(nil)))(t)
	if got := must(s.Open(m))(t); !bytes.Equal(got, data) || m.Text() != "hasil" {
		t.Errorf("read %d bytes, caption %q", len(got), m.Text())
	}
}

func TestExpiredMediaAndRetry(t *testing.T) {
	s, h := connected(t, Options{})
	p := s.Person("warga1")
	for status, want := range map[int]error{
		http.StatusNotFound: whatsmeow.ErrMediaDownloadFailedWith404, http.StatusGone: whatsmeow.ErrMediaDownloadFailedWith410,
	} {
		id := must(p.Media(File{Kind: Image, Data: []byte("foto")}))(t)
		got := next(t, h, withID(id))
		ok(t, p.ExpireMedia(id, status))
		img := got.Message.GetImageMessage()
		if _, err := h.Download(within(t), img); !errors.Is(err, want) {
			t.Fatalf("download: %v, want %v", err, want)
		}
		ok(t, h.SendMediaRetryReceipt(within(t), &got.Info, img.GetMediaKey()))
		retry := next(t, h, func(e *events.MediaRetry) bool { return e.MessageID == id })
		notice := must(whatsmeow.DecryptMediaRetryNotification(retry, img.GetMediaKey()))(t)
		img.DirectPath = notice.DirectPath
		if data := must(h.Download(within(t), img))(t); string(data) != "foto" {
			t.Errorf("read %q", data)
		}
	}
	lost := must(p.Media(File{Kind: Image, Data: []byte("foto")}))(t)
	gone := next(t, h, withID(lost))
	ok(t, p.LoseMedia(lost))
	key := gone.Message.GetImageMessage().GetMediaKey()
	ok(t, h.SendMediaRetryReceipt(within(t), &gone.Info, key))
	refusal := next(t, h, func(e *events.MediaRetry) bool { return e.MessageID == lost })
	if _, err := whatsmeow.DecryptMediaRetryNotification(refusal, key); !errors.Is(err, whatsmeow.ErrMediaNotAvailableOnPhone) {
		t.Errorf("media lost on the phone: %v", err)
	}
	info := next(t, h, withID(must(p.Say("tanpa media"))(t))).Info
	ok(t, h.SendMediaRetryReceipt(within(t), &info, make([]byte, 32)))
	retry := next[*events.MediaRetry](t, h, nil)
	if _, err := whatsmeow.DecryptMediaRetryNotification(retry, make([]byte, 32)); !errors.Is(err, whatsmeow.ErrMediaNotAvailableOnPhone) {
		t.Errorf("media that never was: %v", err)
	}
}

func TestMediaHostRefuses(t *testing.T) {
	s := start(t, Options{MediaBytes: 100})
	if _, err := s.Upload(File{Kind: Image, Data: make([]byte, 200)}); !errors.Is(err, ErrFull) {
		t.Errorf("over the bound: %v", err)
	}
	if _, err := s.Upload(File{Kind: Document + 1}); err == nil {
		t.Error("stored an unknown kind")
	}
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodPost, "/mms/image/x?auth=wrong&token=x", http.StatusUnauthorized},
		{http.MethodPost, "/mms/image/x?auth=" + s.media.auth + "&token=x", http.StatusBadRequest},
		{http.MethodGet, "/v/nothing", http.StatusNotFound},
		{http.MethodGet, "/", http.StatusNotFound},
		{http.MethodDelete, "/mms/image/x", http.StatusOK},
	} {
		req := must(http.NewRequestWithContext(within(t), c.method, "http://"+s.Addr()+c.path, bytes.NewReader([]byte("x"))))(t)
		resp := must(s.HTTPClient().Do(req))(t)
		ok(t, resp.Body.Close())
		if resp.StatusCode != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, resp.StatusCode, c.want)
		}
	}
	key := make([]byte, 32)
	for _, data := range [][]byte{nil, make([]byte, 10), make([]byte, 27), make([]byte, 26)} {
		if _, err := openMedia(data, key, whatsmeow.MediaImage); err == nil {
			t.Errorf("opened %d bytes of nothing", len(data))
		}
	}
}
