package fakeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Largest bodies read: the API's 50 MB upload limit and some room for the other fields.
const maxBody = 51 << 20

// upload is a file in a multipart body.
type upload struct {
	name string
	data []byte
}

// params are the fields of one request, whatever its encoding. Values that are not strings are JSON.
type params struct {
	values map[string]string
	files  map[string]upload
}

func readParams(r *http.Request) (params, error) {
	p := params{values: map[string]string{}, files: map[string]upload{}}
	for key, v := range r.URL.Query() {
		p.values[key] = v[0]
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "" // the library sends no type with an empty body
	}
	switch kind {
	case "application/json":
		return p, p.readJSON(r.Body)
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return p, errors.New("can't parse form")
		}
		for key, v := range r.PostForm {
			p.values[key] = v[0]
		}
		return p, nil
	case "multipart/form-data":
		return p, p.readParts(r)
	}
	return p, nil
}

func (p params) readJSON(body io.Reader) error {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&fields); err != nil {
		return errors.New("can't parse JSON object")
	}
	for key, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			p.values[key] = text
		} else {
			p.values[key] = string(raw)
		}
	}
	return nil
}

func (p params) readParts(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return errors.New("can't parse multipart body")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("can't parse multipart body")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("can't read part %q", part.FormName())
		}
		if part.FileName() != "" {
			p.files[part.FormName()] = upload{name: part.FileName(), data: data}
		} else {
			p.values[part.FormName()] = string(data)
		}
	}
}

// chat is chat_id, 0 if there is none or it is not a number.
func (p params) chat() int64 {
	id, err := strconv.ParseInt(p.values["chat_id"], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// number reads an optional whole number; fallback if it is missing or unreadable.
func (p params) number(name string, fallback int64) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p.values[name]), 10, 64)
	if err != nil {
		return fallback
	}
	return n
}

// object reads an optional JSON field into dst.
func (p params) object(name string, dst any) error {
	if p.values[name] == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(p.values[name]), dst); err != nil {
		return bad("Bad Request: can't parse " + name + " JSON object")
	}
	return nil
}
