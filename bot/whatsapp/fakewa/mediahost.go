package fakewa

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// hostName is where the client believes the media are.
const hostName = "mmg.whatsapp.net"

// blob is one stored file; gone is the status it is refused with, 0 when it is there.
type blob struct {
	data []byte
	gone int
}

// mediaHost is the store of encrypted media, spoken to over HTTP (upload.go, download.go).
type mediaHost struct {
	limit int64
	auth  string

	mu    sync.Mutex
	used  int64
	blobs map[string]*blob // by path
}

func newMediaHost(limit int64) *mediaHost {
	return &mediaHost{limit: limit, auth: newMessageID(), blobs: map[string]*blob{}}
}

// offer is the answer to the query for media hosts (mediaconn.go).
func (h *mediaHost) offer() node {
	return node{Tag: "media_conn", Attrs: attrs{"auth": h.auth, "ttl": 3600, "auth_ttl": 3600, "max_buckets": 12},
		Content: []node{{Tag: "host", Attrs: attrs{"hostname": hostName}}}}
}

// ServeHTTP takes uploads (POST /mms/<kind>/<token>), gives downloads (GET /v/<token>), and agrees to
// deletions.
func (h *mediaHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/mms/"):
		h.upload(w, r)
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v/"):
		h.download(w, r)
	case r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/mms/"):
		w.WriteHeader(http.StatusOK)
	default:
		http.NotFound(w, r)
	}
}

func (h *mediaHost) upload(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("auth") != h.auth {
		http.Error(w, "auth", http.StatusUnauthorized)
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.limit))
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	sum := sha256.Sum256(data)
	if r.URL.Query().Get("token") != base64.URLEncoding.EncodeToString(sum[:]) {
		http.Error(w, "token is not the hash of the body", http.StatusBadRequest)
		return
	}
	path, err := h.put(data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInsufficientStorage)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"url": "https://" + hostName + path, "direct_path": path})
}

// put stores data and returns its direct path, to which the client appends parameters with "&"
// (download.go, DownloadMediaWithPath): it must have a query already.
func (h *mediaHost) put(data []byte) (string, error) {
	path := "/v/" + newMessageID()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.used+int64(len(data)) > h.limit {
		return "", ErrFull
	}
	h.used += int64(len(data))
	h.blobs[path] = &blob{data: data}
	return path + "?ccb=1", nil
}

func (h *mediaHost) find(directPath string) *blob {
	path, _, _ := strings.Cut(directPath, "?")
	return h.blobs[path]
}

func (h *mediaHost) get(directPath string) ([]byte, int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := h.find(directPath)
	switch {
	case b == nil:
		return nil, http.StatusNotFound
	case b.gone != 0:
		return nil, b.gone
	}
	return b.data, http.StatusOK
}

func (h *mediaHost) download(w http.ResponseWriter, r *http.Request) {
	data, status := h.get(r.URL.Path)
	if status != http.StatusOK {
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	_, _ = w.Write(data) // the client may leave
}

var errNoMedia = errors.New("fakewa: no media there")

// lose forgets the media.
func (h *mediaHost) lose(directPath string) {
	path, _, _ := strings.Cut(directPath, "?")
	h.mu.Lock()
	defer h.mu.Unlock()
	if b := h.blobs[path]; b != nil {
		h.used -= int64(len(b.data))
		delete(h.blobs, path)
	}
}

// expire lets the media be refused with status from now on.
func (h *mediaHost) expire(directPath string, status int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	b := h.find(directPath)
	if b == nil {
		return errNoMedia
	}
	b.gone = status
	return nil
}

// revive stores the media under a new path, as a phone does when asked to upload again.
func (h *mediaHost) revive(directPath string) (string, error) {
	h.mu.Lock()
	b := h.find(directPath)
	var data []byte
	if b != nil {
		data = b.data
		h.used -= int64(len(data)) // the old copy is not served any more
		b.data = nil
	}
	h.mu.Unlock()
	if b == nil {
		return "", errNoMedia
	}
	return h.put(data)
}
