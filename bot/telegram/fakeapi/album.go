package fakeapi

import "strings"

// sendAlbum is sendMediaGroup: two to ten items, uploads named by attach://.
func (s *Server) sendAlbum(p params) (any, error) {
	var media []struct {
		Type     string   `json:"type"`
		Media    string   `json:"media"`
		Caption  string   `json:"caption"`
		Entities []Entity `json:"caption_entities"`
	}
	if err := p.object("media", &media); err != nil {
		return nil, err
	}
	if len(media) < 2 || len(media) > 10 {
		return nil, bad("Bad Request: wrong number of messages to send as an album")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Sent
	for _, item := range media {
		one := params{values: map[string]string{"chat_id": p.values["chat_id"], "caption": item.Caption,
			"caption_entities": string(encode(item.Entities)), item.Type: item.Media}, files: map[string]upload{}}
		if name, ok := strings.CutPrefix(item.Media, "attach://"); ok {
			one.files[item.Type] = p.files[name]
		}
		m, err := s.compose(item.Type, one)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	if err := s.spend(p.chat()); err != nil {
		return nil, err
	}
	var shapes []object
	for i, m := range all {
		m.Method = "sendMediaGroup"
		shapes = append(shapes, s.place(m, media[i].Type))
	}
	return shapes, nil
}
