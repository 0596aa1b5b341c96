package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/telegram/fakeapi"
)

var picture = []byte("\x89PNG bukan gambar sungguhan")

// received is the attachment the bot sees when warga1 sends a file.
func (r rig) received(t *testing.T, kind string, f fakeapi.FileData) bot.Attachment {
	t.Helper()
	sent := r.File(fakeapi.Private(warga1), warga1, kind, f)
	box := newInbox()
	_, stop, _ := r.start(t, box, telegram.PollConfig{})
	defer stop()
	if err := r.WaitAcknowledged(within(t), sent.Update); err != nil {
		t.Fatal(err)
	}
	files := box.wait(t, 1)[0].Message.Files
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	return files[0]
}

func TestEveryKindOfFileTravelsByReferenceAndByUpload(t *testing.T) {
	for field, kind := range map[string]bot.FileKind{"photo": bot.Photo, "video": bot.Video, "audio": bot.Audio,
		"voice": bot.Voice, "animation": bot.Animation, "document": bot.File, "video_note": bot.Video} {
		t.Run(field, func(t *testing.T) {
			r := newRig(t, func(c *telegram.Config) { c.Evidence = shelf{"abc": picture} })
			a := r.received(t, field, fakeapi.FileData{Data: picture, Name: "bukti.bin", Seconds: 3})
			if a.Kind != kind || a.FileID == "" || a.Unique == "" || a.Size != int64(len(picture)) {
				t.Errorf("attachment %+v", a)
			}
			got, err := r.client.Fetch(within(t), a)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(got)
			if err := errors.Join(err, got.Close()); err != nil || !bytes.Equal(data, picture) {
				t.Fatalf("fetched %q, %v", data, err)
			}
			_, sent := r.send(t, deliver(bot.Message{Text: bot.Bold("bukti"), File: &a}))
			file := sent[0].File
			if file == nil || file.Kind != field || file.Upload {
				t.Fatalf("sent %+v, want the same file by reference", sent[0])
			}
			if last := sent[len(sent)-1]; last.Text != "bukti" || len(last.Entities) != 1 {
				t.Errorf("text %q, entities %v", last.Text, last.Entities)
			}

			a.Network, a.SHA256 = bot.Sim, "abc" // the same file from elsewhere
			_, sent = r.send(t, deliver(bot.Message{File: &a}))
			if file := sent[0].File; file == nil || !file.Upload || !bytes.Equal(file.Data, picture) {
				t.Errorf("sent %+v, want an upload", sent[0])
			}
		})
	}
}

func TestLongCaptionFollowsTheFile(t *testing.T) {
	r := newRig(t)
	text := strings.Repeat("Kalimat pendek. ", 70)
	_, sent := r.send(t, deliver(bot.Message{Text: text, Buttons: [][]bot.Button{{{Label: "1", Data: "x"}}},
		Document: &bot.Document{Name: "da/ta.json", MIME: "application/json", Data: []byte("{}")}}))
	if len(sent) != 2 || sent[0].File == nil || sent[0].Text != "" || len(sent[0].Buttons) != 0 {
		t.Fatalf("sent %+v", sent)
	}
	if sent[0].File.Name != "da_ta.json" {
		t.Errorf("name %q", sent[0].File.Name)
	}
	if sent[1].Text != strings.TrimSpace(text) || len(sent[1].Buttons) != 1 {
		t.Errorf("second message %+v", sent[1])
	}
}

func TestALostFileIsUploaded(t *testing.T) {
	r := newRig(t, func(c *telegram.Config) { c.Evidence = shelf{"abc": picture} })
	a := bot.Attachment{Kind: bot.Photo, Network: bot.Telegram, FileID: "gone", SHA256: "abc"}
	if _, sent := r.send(t, deliver(bot.Message{File: &a})); !sent[0].File.Upload || sent[0].File.Name != "file.jpg" {
		t.Errorf("sent %+v", sent[0].File)
	}
	r.Inject(fakeapi.Fault{Method: "sendPhoto", Code: 400, Text: "Bad Request: PHOTO_INVALID_DIMENSIONS"})
	a.Network = bot.Sim
	if _, sent := r.send(t, deliver(bot.Message{File: &a})); sent[0].File.Kind != "document" {
		t.Errorf("a refused photo went as %q", sent[0].File.Kind)
	}
	a.Size = 11 << 20
	if _, sent := r.send(t, deliver(bot.Message{File: &a})); sent[0].File.Kind != "document" {
		t.Errorf("a large photo went as %q", sent[0].File.Kind)
	}
}

func TestFilesThatCannotBeSent(t *testing.T) {
	for _, c := range []struct {
		name     string
		evidence telegram.Evidence
		file     bot.Attachment
		reason   string
	}{
		{"no store", nil, bot.Attachment{Kind: bot.Video, SHA256: "abc"}, "no_file"},
		{"not in the store", shelf{}, bot.Attachment{Kind: bot.Video, SHA256: "abc"}, "no_file"},
		{"no bytes yet", shelf{}, bot.Attachment{Kind: bot.Video}, "no_file"},
		{"lost by Telegram", shelf{}, bot.Attachment{Kind: bot.Video, Network: bot.Telegram, FileID: "gone"}, "no_file"},
		{"known to be large", shelf{"abc": picture}, bot.Attachment{Kind: bot.Video, SHA256: "abc", Size: 50<<20 + 1}, "too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, func(config *telegram.Config) { config.Evidence = c.evidence })
			if f := r.failure(t, deliver(bot.Message{File: &c.file})); !f.Permanent || f.Reason != c.reason {
				t.Errorf("failure %+v", f)
			}
		})
	}
}

func TestFetchRefusals(t *testing.T) {
	r := newRig(t)
	large := r.received(t, "video", fakeapi.FileData{Data: picture, Size: 20<<20 + 1})
	if _, err := r.client.Fetch(within(t), large); !errors.Is(err, bot.ErrTooLarge) || r.Calls("getFile") != 0 {
		t.Errorf("known size: %v after %d calls", err, r.Calls("getFile"))
	}
	large.Size = 0
	if _, err := r.client.Fetch(within(t), large); !errors.Is(err, bot.ErrTooLarge) {
		t.Errorf("unknown size: %v", err)
	}
	for name, a := range map[string]bot.Attachment{
		"unknown":         {Network: bot.Telegram, FileID: "gone"},
		"another network": {Network: bot.Sim, FileID: "x"},
		"no reference":    {Network: bot.Telegram},
	} {
		if _, err := r.client.Fetch(within(t), a); !errors.Is(err, bot.ErrGone) {
			t.Errorf("%s: %v, want ErrGone", name, err)
		}
	}
}

func TestFetchFaults(t *testing.T) {
	for _, c := range []struct {
		name      string
		fault     fakeapi.Fault
		reason    string
		permanent bool
	}{
		{"flood", fakeapi.Fault{Method: "getFile", Code: 429, RetryAfter: 2}, "rate", false},
		{"perhaps lost", fakeapi.Fault{Method: "getFile", Code: 400, Text: "Bad Request: wrong file_id or the file is temporarily unavailable"}, "no_file", false},
		{"server", fakeapi.Fault{Method: "file", Code: 500}, "server", false},
		{"token", fakeapi.Fault{Method: "file", Code: 401}, "unauthorised", false},
		{"cut", fakeapi.Fault{Method: "file", Cut: true}, "network", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			a := r.received(t, "photo", fakeapi.FileData{Data: picture})
			r.Inject(c.fault)
			body, err := r.client.Fetch(within(t), a)
			if err == nil {
				_, err = io.ReadAll(body)
				if closed := body.Close(); closed != nil {
					t.Error(closed)
				}
			}
			var failed *bot.SendError
			if !errors.As(err, &failed) || failed.Reason != c.reason || failed.Permanent != c.permanent {
				t.Errorf("error %v", err)
			}
			if strings.Contains(fmt.Sprint(err), "TEST-token") {
				t.Errorf("the token stands in %v", err)
			}
		})
	}
	r := newRig(t)
	a := r.received(t, "photo", fakeapi.FileData{Data: picture})
	r.Inject(fakeapi.Fault{Method: "file", Code: 404})
	if _, err := r.client.Fetch(within(t), a); !errors.Is(err, bot.ErrGone) {
		t.Errorf("404: %v, want ErrGone", err)
	}
	ctx, cancel := context.WithCancel(within(t))
	cancel()
	var failed *bot.SendError
	if _, err := r.client.Fetch(ctx, a); !errors.As(err, &failed) || failed.Reason != "stopped" {
		t.Errorf("stopping: %v", err)
	}
}

func TestPathsOfALocalServer(t *testing.T) {
	dir := t.TempDir()
	inside, outside := filepath.Join(dir, "bot", "a.jpg"), filepath.Join(t.TempDir(), "b.jpg")
	if err := os.Mkdir(filepath.Dir(inside), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{inside, outside} {
		if err := os.WriteFile(name, picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, path, dir string
		ok              bool
	}{
		{"allowed", inside, dir, true},
		{"not configured", inside, "", false},
		{"elsewhere", outside, dir, false},
		{"climbing", dir + "/bot/../../" + filepath.Base(filepath.Dir(outside)) + "/b.jpg", dir, false},
		{"missing", filepath.Join(dir, "none"), dir, false},
		{"relative and climbing", "../../etc/hostname", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, func(config *telegram.Config) { config.LocalFiles = c.dir })
			a := r.received(t, "photo", fakeapi.FileData{Data: picture})
			r.FilePath(a.FileID, c.path)
			body, err := r.client.Fetch(within(t), a)
			if (err == nil) != c.ok {
				t.Fatalf("error %v, want success %v", err, c.ok)
			}
			if err != nil {
				return
			}
			data, err := io.ReadAll(body)
			if err := errors.Join(err, body.Close()); err != nil || !bytes.Equal(data, picture) {
				t.Errorf("read %q, %v", data, err)
			}
		})
	}
}
