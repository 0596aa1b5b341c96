package sim

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"awassiber/bot"
)

// serveFile is GET /latihan/berkas/{sha}. Only files that a message shows are served; what is not
// plainly picture, sound or film is a download.
func (n *Network) serveFile(w http.ResponseWriter, r *http.Request) {
	file, doc, ok := n.shown(r.PathValue("sha"))
	if !ok {
		fail(w, http.StatusNotFound, "gone")
		return
	}
	var body io.ReadCloser = io.NopCloser(bytes.NewReader(doc))
	if doc == nil {
		var err error
		if body, err = n.open(file); err != nil {
			fail(w, http.StatusNotFound, "gone")
			return
		}
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("Cache-Control", "private, no-cache")
	if t, inline := inlineType(file.MIME); inline {
		h.Set("Content-Type", t)
		h.Set("Content-Disposition", "inline")
	} else {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	}
	if seek, ok := body.(io.ReadSeeker); ok { // lets a player jump
		http.ServeContent(w, r, "", time.Time{}, seek)
		return
	}
	if file.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	}
	_, _ = io.Copy(w, body) // the status is sent; a cut is all the reader can be told
}

// shown finds the attachment with that hash among the messages, and its bytes if the bot made it.
func (n *Network) shown(sha string) (file bot.Attachment, doc []byte, ok bool) {
	if !isSHA(sha) {
		return file, nil, false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.chats {
		for _, m := range c.Messages {
			if m.File != nil && (m.File.SHA256 == sha || m.File.FileID == sha) {
				return *m.File, n.docs[sha], true
			}
		}
	}
	return file, nil, false
}

func (n *Network) open(file bot.Attachment) (io.ReadCloser, error) {
	if n.evidence == nil {
		return nil, ErrNoFiles
	}
	if isSHA(file.SHA256) {
		return n.evidence.Open(file.SHA256)
	}
	return n.evidence.Open(file.FileID)
}

// inlineType reports whether a type may be shown inside the page. SVG is a document with scripts.
func inlineType(claimed string) (string, bool) {
	t, _, err := mime.ParseMediaType(claimed)
	if err != nil || t == "image/svg+xml" {
		return "", false
	}
	kind, _, _ := strings.Cut(t, "/")
	return t, kind == "image" || kind == "audio" || kind == "video"
}
