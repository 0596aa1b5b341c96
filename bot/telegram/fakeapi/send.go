package fakeapi

import (
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// Limits of the Bot API in UTF-16 units and bytes.
const (
	maxText    = 4096
	maxCaption = 1024
	maxAnswer  = 200
	maxData    = 64
	maxUpload  = 50 << 20
	maxPhoto   = 10 << 20
)

// sendMethods maps a method to the field of Message it fills; "" is a text.
func sendMethods() map[string]string {
	return map[string]string{
		"sendmessage": "", "sendphoto": "photo", "sendvideo": "video", "sendaudio": "audio",
		"sendvoice": "voice", "senddocument": "document", "sendanimation": "animation",
		"sendvideonote": "video_note",
	}
}

func methodName(kind string) string {
	names := map[string]string{"": "sendMessage", "photo": "sendPhoto", "video": "sendVideo", "audio": "sendAudio",
		"voice": "sendVoice", "document": "sendDocument", "animation": "sendAnimation", "video_note": "sendVideoNote"}
	return names[kind]
}

// send is every send… method of one message.
func (s *Server) send(kind string, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chat := p.chat()
	if chat == 0 {
		return nil, bad("Bad Request: chat_id is empty")
	}
	m, err := s.compose(kind, p)
	if err != nil {
		return nil, err
	}
	if err := s.spend(chat); err != nil {
		return nil, err
	}
	return s.place(m, kind), nil
}

// compose reads and checks what a message is to be.
func (s *Server) compose(kind string, p params) (Sent, error) {
	m := Sent{Method: methodName(kind), Chat: p.chat()}
	if err := m.write(kind == "", p); err != nil {
		return m, err
	}
	var re struct {
		Message int  `json:"message_id"`
		Allow   bool `json:"allow_sending_without_reply"`
	}
	if err := p.object("reply_parameters", &re); err != nil {
		return m, err
	}
	if _, known := s.chats.messages[re.Message]; known {
		m.ReplyTo = re.Message
	} else if re.Message != 0 && !re.Allow {
		return m, bad("Bad Request: message to be replied not found")
	}
	if kind == "" {
		return m, nil
	}
	file, err := s.incoming(kind, p)
	m.File = file
	return m, err
}

// write reads text, entities and buttons into m.
func (m *Sent) write(text bool, p params) error {
	field, entities, limit, long := "caption", "caption_entities", maxCaption, "Bad Request: message caption is too long"
	if text {
		field, entities, limit, long = "text", "entities", maxText, "Bad Request: message is too long"
	}
	m.Text = p.values[field]
	switch n := units(m.Text); {
	case text && strings.TrimSpace(m.Text) == "":
		return bad("Bad Request: message text is empty")
	case n > limit:
		return bad(long)
	}
	m.Entities = nil
	if err := p.object(entities, &m.Entities); err != nil {
		return err
	}
	for _, e := range m.Entities {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > units(m.Text) {
			return bad("Bad Request: ENTITY_BOUNDS_INVALID")
		}
	}
	var keyboard struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := p.object("reply_markup", &keyboard); err != nil {
		return err
	}
	for _, row := range keyboard.Rows {
		for _, b := range row {
			if len(b.Data) > maxData {
				return bad("Bad Request: BUTTON_DATA_INVALID")
			}
			if b.Text == "" || (b.Data == "") == (b.URL == "") {
				return bad("Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			}
		}
	}
	m.Buttons = keyboard.Rows
	return nil
}

// place puts a message into its chat and returns it as the API shows it. The lock is held.
func (s *Server) place(m Sent, kind string) object {
	m.ID = s.chats.next()
	m = s.record(m)
	shape := object{"message_id": m.ID, "date": m.At.Unix(), "from": s.me(),
		"chat": Chat{ID: m.Chat, Type: chatType(m.Chat)}.object()}
	if kind == "" {
		shape["text"] = m.Text
	} else {
		shape.add("caption", m.Text)
		shape[kind] = s.files[m.File.ID].shape
	}
	if len(m.Buttons) > 0 {
		shape["reply_markup"] = object{"inline_keyboard": m.Buttons}
	}
	s.chats.messages[m.ID] = &message{shape: shape, sent: &m}
	return shape
}

func chatType(id int64) string {
	if id > 0 {
		return "private"
	}
	return Group(id, "").Type
}

// edit is editMessageText and editMessageCaption. A keyboard that is not given is removed.
func (s *Server) edit(method string, p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.chats.messages[int(p.number("message_id", 0))]
	if !ok || old.sent == nil || old.sent.Chat != p.chat() {
		return nil, bad("Bad Request: message to edit not found")
	}
	text := method == "editmessagetext"
	m := *old.sent
	m.Method = "editMessageCaption"
	switch {
	case text && m.File != nil:
		return nil, bad("Bad Request: there is no text in the message to edit")
	case !text && m.File == nil:
		return nil, bad("Bad Request: there is no caption in the message to edit")
	case text:
		m.Method = "editMessageText"
	}
	if err := m.write(text, p); err != nil {
		return nil, err
	}
	if m.Text == old.sent.Text && reflect.DeepEqual(m.Buttons, old.sent.Buttons) && reflect.DeepEqual(m.Entities, old.sent.Entities) {
		return nil, bad("Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	if err := s.spend(m.Chat); err != nil {
		return nil, err
	}
	m = s.record(m)
	// Updates already queued share the old shape, and may be encoded at this moment: change a copy.
	shape := maps.Clone(old.shape)
	if text {
		shape["text"] = m.Text
	} else {
		shape["caption"] = m.Text
	}
	delete(shape, "reply_markup")
	if len(m.Buttons) > 0 {
		shape["reply_markup"] = object{"inline_keyboard": m.Buttons}
	}
	s.chats.messages[m.ID] = &message{shape: shape, sent: &m}
	return shape, nil
}

// answer is answerCallbackQuery. Ids never handed out count as too old.
func (s *Server) answer(p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query, text := p.values["callback_query_id"], p.values["text"]
	n, err := strconv.Atoi(trimQ(query))
	if err != nil || n < 1 || n > s.chats.queries {
		return nil, bad("Bad Request: query is too old and response timeout expired or query ID is invalid")
	}
	if units(text) > maxAnswer {
		return nil, bad("Bad Request: MESSAGE_TOO_LONG")
	}
	s.record(Sent{Method: "answerCallbackQuery", Query: query, Text: text})
	return true, nil
}

func trimQ(query string) string {
	if query == "" || query[0] != 'q' {
		return ""
	}
	return query[1:]
}

func tooLarge() apiError {
	return apiError{Code: http.StatusRequestEntityTooLarge, Text: "Request Entity Too Large"}
}
