package fakeapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// maxDownload is the largest file getFile hands out (https://core.telegram.org/bots/api#getfile).
const maxDownload = 20 << 20

// FileData is a file a person sends. Everything but Data may be left out.
type FileData struct {
	Name    string
	MIME    string
	Data    []byte
	Size    int64 // claimed size if it is not that of Data: a large file without its bytes
	Seconds int
}

// stored is a file the server knows by its file_id.
type stored struct {
	kind  string
	name  string
	data  []byte
	size  int64
	path  string
	gone  bool
	shape any // as it stands in a Message: an object, for a photo a list of sizes
}

// store keeps a file and returns its shape in a message. The lock is held.
func (s *Server) store(kind string, f FileData) any {
	sum := sha256.Sum256(f.Data)
	n := strconv.Itoa(len(s.files) + 1)
	id := "F" + n + "-" + hex.EncodeToString(sum[:8])
	size := f.Size
	if size == 0 {
		size = int64(len(f.Data))
	}
	shape := object{"file_id": id, "file_unique_id": "U" + hex.EncodeToString(sum[:6]), "file_size": size}
	shape.add("file_name", f.Name)
	shape.add("mime_type", f.MIME)
	kept := &stored{kind: kind, name: f.Name, data: f.Data, size: size, path: kind + "s/file_" + n, shape: shape}
	switch kind {
	case "photo":
		shape["width"], shape["height"] = 1280, 720
		small := object{"file_id": id + "s", "file_unique_id": "Us" + n, "width": 90, "height": 51, "file_size": 900}
		kept.shape = []object{small, shape}
	case "video", "animation":
		shape["width"], shape["height"], shape["duration"] = 640, 360, f.Seconds
	case "video_note":
		shape["length"], shape["duration"] = 240, f.Seconds
	case "audio", "voice":
		shape["duration"] = f.Seconds
	}
	s.files[id] = kept
	return kept.shape
}

// incoming is the file of a send… call: an upload or the file_id of one that is known.
func (s *Server) incoming(kind string, p params) (*SentFile, error) {
	up, ok := p.files[kind]
	if ok {
		if len(up.data) > maxUpload || kind == "photo" && len(up.data) > maxPhoto {
			return nil, tooLarge()
		}
		if len(up.data) == 0 {
			return nil, bad("Bad Request: file must be non-empty")
		}
		return s.sentFile(s.fileID(s.store(kind, FileData{Name: up.name, Data: up.data})), true), nil
	}
	known, ok := s.files[p.values[kind]]
	switch {
	case p.values[kind] == "":
		return nil, bad("Bad Request: there is no " + kind + " in the request")
	case !ok || known.gone:
		return nil, bad("Bad Request: wrong file identifier/HTTP URL specified")
	case known.kind != kind:
		return nil, bad("Bad Request: can't use file of type " + known.kind + " as " + kind)
	}
	return s.sentFile(p.values[kind], false), nil
}

func (s *Server) sentFile(id string, up bool) *SentFile {
	f := s.files[id]
	return &SentFile{Kind: f.kind, ID: id, Name: f.name, Data: f.data, Upload: up}
}

// fileID finds the id in a shape: a photo's is that of its largest size.
func (s *Server) fileID(shape any) string {
	if sizes, ok := shape.([]object); ok {
		shape = sizes[len(sizes)-1]
	}
	o, _ := shape.(object)
	id, _ := o["file_id"].(string)
	return id
}

// Forget makes the server lose a file that a person sent, as Telegram does with old ones.
func (s *Server) Forget(fileID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.files[fileID]; ok {
		f.gone = true
	}
}

// FilePath sets what getFile answers as file_path, such as a path on a local server's own disk.
func (s *Server) FilePath(fileID, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.files[fileID]; ok {
		f.path = path
	}
}

// FileOf returns the file_id of the file in a message, "" if there is none.
func (s *Server) FileOf(message int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.chats.messages[message]
	if !ok {
		return ""
	}
	for _, kind := range sendMethods() {
		if shape, ok := m.shape[kind]; ok && kind != "" {
			return s.fileID(shape)
		}
	}
	return ""
}

func (s *Server) getFile(p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := p.values["file_id"]
	f, ok := s.files[id]
	switch {
	case !ok || f.gone:
		return nil, bad("Bad Request: invalid file_id")
	case f.size > maxDownload:
		return nil, bad("Bad Request: file is too big")
	}
	return object{"file_id": id, "file_unique_id": "U" + id, "file_size": f.size, "file_path": f.path}, nil
}

// download serves the bytes of a file_path.
func (s *Server) download(w http.ResponseWriter, r *http.Request, path string) {
	if fault := s.count("file", 0); fault != nil && s.fail(w, r, fault) {
		return
	}
	s.mu.Lock()
	var data []byte
	found := false
	for _, f := range s.files {
		if strings.TrimPrefix(path, "/") == f.path && !f.gone {
			data, found = f.data, true
		}
	}
	s.mu.Unlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(data)
}
