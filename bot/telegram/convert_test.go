package telegram_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awassiber/bot"
	"awassiber/bot/telegram"
)

// The parts most updates share.
const (
	fromWarga   = `"from":{"id":5001,"is_bot":false,"first_name":"warga1","last_name":" "}`
	fromPetugas = `"from":{"id":5002,"is_bot":false,"first_name":"petugas1"}`
	inPrivate   = `"chat":{"id":5001,"type":"private","first_name":"warga1"}`
	inGroup     = `"chat":{"id":-1001234567890,"type":"supergroup","title":"Meja"}`
	when        = `"date":1759276800`
)

var at = time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC)

// private is an update with one message of warga1 that has these fields besides the usual.
func private(fields string) string {
	return `{"update_id":7,"message":{"message_id":11,` + fromWarga + `,` + inPrivate + `,` + when + `,` + fields + `}}`
}

// group is the same from petugas1 in the group.
func group(fields string) string {
	return `{"update_id":7,"message":{"message_id":11,` + fromPetugas + `,` + inGroup + `,` + when + `,` + fields + `}}`
}

func TestConvertWholeUpdates(t *testing.T) {
	warga := bot.Person{Address: to(5001), Name: "warga1"}
	petugas := bot.Person{Address: to(5002), Name: "petugas1"}
	group := bot.Address{Network: bot.Telegram, Chat: "-1001234567890"}
	for name, c := range map[string]struct {
		raw  string
		want bot.Update
	}{
		"private text": {private(`"text":"halo"`), bot.Update{Kind: bot.KindMessage, Chat: to(5001), Private: true,
			From: warga, At: at, Message: &bot.Incoming{ID: "11", Text: "halo"}}},
		"edit": {`{"update_id":7,"edited_message":{"message_id":11,` + fromWarga + `,` + inPrivate + `,"date":5,"edit_date":1759276800,"text":"halo!"}}`,
			bot.Update{Kind: bot.KindEdit, Chat: to(5001), Private: true, From: warga, At: at,
				Message: &bot.Incoming{ID: "11", Text: "halo!"}}},
		"press": {`{"update_id":7,"callback_query":{"id":"q1",` + fromPetugas + `,"message":{"message_id":11,` + inGroup + `,` + when + `,"text":"kartu"},"data":"t/1"}}`,
			bot.Update{Kind: bot.KindPress, Chat: group, From: petugas, Press: &bot.Press{ID: "q1", Data: "t/1", MessageID: "11"}}},
		"press under an old message": {`{"update_id":7,"callback_query":{"id":"q1",` + fromPetugas + `,"message":{"message_id":11,` + inGroup + `,"date":0},"data":"t/1"}}`,
			bot.Update{Kind: bot.KindPress, Chat: group, From: petugas, Press: &bot.Press{ID: "q1", Data: "t/1", MessageID: "11"}}},
		"press under an inline message": {`{"update_id":7,"callback_query":{"id":"q1",` + fromWarga + `,"inline_message_id":"x","data":"t/1"}}`,
			bot.Update{Kind: bot.KindPress, Chat: to(5001), Private: true, From: warga, Press: &bot.Press{ID: "q1", Data: "t/1"}}},
		"group became a supergroup": {`{"update_id":7,"message":{"message_id":11,"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"chat":{"id":-55,"type":"group","title":"Meja"},` + when + `,"migrate_to_chat_id":-1001234567890}}`,
			bot.Update{Kind: bot.KindMoved, Chat: to(-55), At: at, MovedTo: group}},
		"and says so again": {`{"update_id":7,"message":{"message_id":1,"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},` + inGroup + `,` + when + `,"migrate_from_chat_id":-55}}`,
			bot.Update{Kind: bot.KindMessage, Chat: group, At: at, Message: &bot.Incoming{ID: "1", Unsupported: telegram.FromService}}},
		"anonymous admin": {`{"update_id":7,"message":{"message_id":11,"from":{"id":1087968824,"is_bot":true,"first_name":"Group"},"sender_chat":{"id":-1001234567890,"type":"supergroup","title":"Meja"},` + inGroup + `,` + when + `,"text":"/ambil 1"}}`,
			bot.Update{Kind: bot.KindMessage, Chat: group, At: at, From: bot.Person{Name: "Meja"}, Message: &bot.Incoming{ID: "11", Text: "/ambil 1"}}},
		"another bot": {`{"update_id":7,"message":{"message_id":11,"from":{"id":9,"is_bot":true,"first_name":"bot"},` + inGroup + `,` + when + `,"text":"spam"}}`,
			bot.Update{Kind: bot.KindMessage, Chat: group, At: at, Message: &bot.Incoming{ID: "11", Text: "spam", Unsupported: telegram.FromBot}}},
		"channel post": {`{"update_id":7,"channel_post":{"message_id":11,"chat":{"id":-1009,"type":"channel","title":"Kabar"},` + when + `,"text":"warta"}}`,
			bot.Update{Kind: bot.KindMessage, Chat: to(-1009), At: at, Message: &bot.Incoming{ID: "11", Text: "warta", Unsupported: telegram.FromChannel}}},
		"bot blocked": {`{"update_id":7,"my_chat_member":{` + inPrivate + `,` + fromWarga + `,` + when + `,"old_chat_member":{"status":"member","user":{"id":1,"is_bot":true}},"new_chat_member":{"status":"kicked","user":{"id":1,"is_bot":true},"until_date":0}}}`,
			bot.Update{Kind: bot.KindMessage, Chat: to(5001), Private: true, From: warga, At: at, Message: &bot.Incoming{Unsupported: telegram.FromService}}},
		"bot added": {`{"update_id":7,"my_chat_member":{"chat":{"id":-1009,"type":"supergroup","title":"Warga\nRT 5"},` + fromWarga + `,` + when + `,"old_chat_member":{"status":"left","user":{"id":1,"is_bot":true}},"new_chat_member":{"status":"member","user":{"id":1,"is_bot":true}}}}`,
			bot.Update{Kind: bot.KindJoined, Chat: to(-1009), From: warga, At: at, Title: "Warga RT 5"}},
		"bot made administrator": {`{"update_id":7,"my_chat_member":{"chat":{"id":-1009,"type":"supergroup","title":"Warga"},` + fromWarga + `,` + when + `,"old_chat_member":{"status":"member","user":{"id":1,"is_bot":true}},"new_chat_member":{"status":"administrator","user":{"id":1,"is_bot":true}}}}`,
			bot.Update{Kind: bot.KindMessage, Chat: to(-1009), From: warga, At: at, Message: &bot.Incoming{Unsupported: telegram.FromService}}},
		"bot removed": {`{"update_id":7,"my_chat_member":{"chat":{"id":-1009,"type":"group"},` + fromWarga + `,` + when + `,"old_chat_member":{"status":"member","user":{"id":1,"is_bot":true}},"new_chat_member":{"status":"left","user":{"id":1,"is_bot":true}}}}`,
			bot.Update{Kind: bot.KindMessage, Chat: to(-1009), From: warga, At: at, Message: &bot.Incoming{Unsupported: telegram.FromService}}},
	} {
		c.want.Network, c.want.ID = bot.Telegram, "u/7"
		if diff := cmp.Diff(c.want, telegram.Convert([]byte(c.raw))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestConvertContents(t *testing.T) {
	size := func(id string, w, h int) string {
		raw, _ := json.Marshal(map[string]any{"file_id": id, "file_unique_id": "U", "width": w, "height": h, "file_size": 9})
		return string(raw)
	}
	file := func(kind bot.FileKind, id, name string, seconds int) []bot.Attachment {
		return []bot.Attachment{{Kind: kind, Network: bot.Telegram, FileID: id, Unique: "U", Name: name, Size: 9, Seconds: seconds}}
	}
	const f = `"file_id":"F","file_unique_id":"U","file_size":9,"duration":3`
	for name, c := range map[string]struct {
		raw  string
		want bot.Incoming
	}{
		"photo, largest size": {private(`"photo":[` + size("s", 90, 60) + `,` + size("l", 900, 600) + `,` + size("m", 320, 200) + `],"caption":"lihat","media_group_id":"g1"`),
			bot.Incoming{Text: "lihat", Album: "g1", Files: file(bot.Photo, "l", "", 0)}},
		"video":     {private(`"video":{` + f + `,"file_name":"a\u202e/b.mp4"}`), bot.Incoming{Files: file(bot.Video, "F", "a/b.mp4", 3)}},
		"round":     {private(`"video_note":{` + f + `}`), bot.Incoming{Files: file(bot.Video, "note:F", "", 3)}},
		"audio":     {private(`"audio":{` + f + `}`), bot.Incoming{Files: file(bot.Audio, "F", "", 3)}},
		"voice":     {private(`"voice":{` + f + `}`), bot.Incoming{Files: file(bot.Voice, "F", "", 3)}},
		"animation": {private(`"animation":{` + f + `},"document":{` + f + `}`), bot.Incoming{Files: file(bot.Animation, "F", "", 3)}},
		"document":  {private(`"document":{` + f + `}`), bot.Incoming{Files: file(bot.File, "F", "", 0)}},
		"negative size": {private(`"voice":{"file_id":"F","file_unique_id":"U","file_size":-9,"duration":-3}`),
			bot.Incoming{Files: []bot.Attachment{{Kind: bot.Voice, Network: bot.Telegram, FileID: "F", Unique: "U"}}}},
		"location": {private(`"location":{"latitude":-1.61,"longitude":103.61}`),
			bot.Incoming{Location: &bot.Location{Latitude: -1.61, Longitude: 103.61}}},
		"venue": {private(`"venue":{"location":{"latitude":-1.61,"longitude":103.61},"title":"Balai  Desa"},"location":{"latitude":-1.61,"longitude":103.61}`),
			bot.Incoming{Location: &bot.Location{Latitude: -1.61, Longitude: 103.61, Title: "Balai Desa"}}},
		"control characters": {private(`"text":"a\u0002b\u0003\u202ec\u0000\nd"`), bot.Incoming{Text: "abc\nd"}},
		"half a surrogate":   {private(`"text":"a\ud83db"`), bot.Incoming{Text: "ab"}},
		"links": {private(`"text":"😀 https://a.invalid/x dan ini","entities":[{"type":"url","offset":3,"length":19},{"type":"bold","offset":0,"length":2},{"type":"text_link","offset":27,"length":3,"url":"https://b.invalid/?q=1"},{"type":"text_link","offset":0,"length":1,"url":"tg://user?id=5003"}]`),
			bot.Incoming{Text: "😀 https://a.invalid/x dan ini", Links: []string{"https://a.invalid/x", "https://b.invalid/?q=1"}}},
		"hostile offsets": {private(`"text":"abc","entities":[{"type":"url","offset":-1,"length":2},{"type":"url","offset":2,"length":9223372036854775807},{"type":"url","offset":9223372036854775807,"length":1},{"type":"url","offset":0,"length":0},{"type":"url","offset":1,"length":-1},{"type":"url","offset":3,"length":1},{"type":"text_link","url":" "},{"type":"url","offset":0,"length":3}]`),
			bot.Incoming{Text: "abc", Links: []string{"abc"}}},
		"link in half a character": {private(`"text":"😀x","entities":[{"type":"url","offset":1,"length":2}]`),
			bot.Incoming{Text: "😀x", Links: []string{"x"}}},
		"links of a caption and of buttons": {private(`"voice":{` + f + `},"caption":"a.invalid","caption_entities":[{"type":"url","offset":0,"length":9}],"reply_markup":{"inline_keyboard":[[{"text":"buka","url":"https://c.invalid"},{"text":"x","callback_data":"y"}]]}`),
			bot.Incoming{Text: "a.invalid", Links: []string{"a.invalid", "https://c.invalid"}, Files: file(bot.Voice, "F", "", 3)}},
		"rich message": {private(`"rich_message":{"blocks":[{"type":"heading","size":1,"text":"Judul"},{"type":"paragraph","text":["isi ",{"type":"bold","text":"tebal"},{"type":"url","text":"sini","url":"https://d.invalid"}]}]}`),
			bot.Incoming{Text: "Judul\nisi tebalsini", Links: []string{"https://d.invalid"}}},
		"reply": {group(`"text":"/petugas tambah","reply_to_message":{"message_id":9,` + fromWarga + `,` + inGroup + `,` + when + `,"via_bot":{"id":3,"is_bot":true,"first_name":"b"},"text":"x"}`),
			bot.Incoming{Text: "/petugas tambah", ReplyTo: &bot.Quoted{ID: "9", From: bot.Person{Address: to(5001), Name: "warga1"}}}},
		"reply to the bot": {group(`"text":"x","reply_to_message":{"message_id":9,"from":{"id":123456,"is_bot":true,"first_name":"Awas"},` + inGroup + `,` + when + `}`),
			bot.Incoming{Text: "x", ReplyTo: &bot.Quoted{ID: "9"}}},
		"a topic is no reply": {group(`"text":"x","is_topic_message":true,"reply_to_message":{"message_id":9,` + fromWarga + `,` + inGroup + `,` + when + `,"forum_topic_created":{"name":"t","icon_color":1}}`),
			bot.Incoming{Text: "x"}},
	} {
		got := telegram.Convert([]byte(c.raw))
		c.want.ID = "11"
		if got.Message == nil {
			t.Errorf("%s: kind %s without message", name, got.Kind)
			continue
		}
		if diff := cmp.Diff(c.want, *got.Message); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestConvertForwards(t *testing.T) {
	const date = `"date":1759276800`
	for name, c := range map[string]struct {
		origin string
		want   bot.Forward
	}{
		"person":          {`{"type":"user",` + date + `,"sender_user":{"id":5003,"first_name":"warga2"}}`, bot.Forward{Kind: bot.ForwardUser, Title: "warga2", At: at}},
		"hidden person":   {`{"type":"hidden_user",` + date + `,"sender_user_name":"warga2"}`, bot.Forward{Kind: bot.ForwardHidden, Title: "warga2", At: at}},
		"group":           {`{"type":"chat",` + date + `,"sender_chat":{"id":-1,"type":"group","title":"RT 05"}}`, bot.Forward{Kind: bot.ForwardGroup, Title: "RT 05", At: at}},
		"channel":         {`{"type":"channel",` + date + `,"message_id":17,"chat":{"id":-1,"type":"channel","title":"Kabar\nJambi","username":"kabar_uji"}}`, bot.Forward{Kind: bot.ForwardChannel, Title: "Kabar Jambi", Link: "https://t.me/kabar_uji/17", At: at}},
		"private channel": {`{"type":"channel",` + date + `,"message_id":17,"chat":{"id":-1,"type":"channel","title":"Kabar"}}`, bot.Forward{Kind: bot.ForwardChannel, Title: "Kabar", At: at}},
		"odd username":    {`{"type":"channel",` + date + `,"message_id":17,"chat":{"id":-1,"type":"channel","username":"a/../b"}}`, bot.Forward{Kind: bot.ForwardChannel, At: at}},
		"no date":         {`{"type":"hidden_user","date":999999999999999,"sender_user_name":"w"}`, bot.Forward{Kind: bot.ForwardHidden, Title: "w"}},
		"of the future":   {`{"type":"planet",` + date + `,"name":"Mars"}`, bot.Forward{Kind: bot.ForwardUnknown}},
	} {
		got := telegram.Convert([]byte(private(`"text":"x","forward_origin":` + c.origin)))
		if got.Message == nil || got.Message.Forward == nil {
			t.Errorf("%s: kind %s, no forward", name, got.Kind)
			continue
		}
		if diff := cmp.Diff(c.want, *got.Message.Forward); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestConvertWhatMakesNoTip(t *testing.T) {
	for fields, want := range map[string]string{
		`"sticker":{"file_id":"F","file_unique_id":"U","type":"regular","width":1,"height":1}`: "sticker",
		`"contact":{"phone_number":"0","first_name":"x"}`:                                      "contact",
		`"dice":{"emoji":"🎲","value":3}`:                                                       "dice",
		`"poll":{"id":"1","question":"?","options":[],"total_voter_count":0,"type":"regular"}`: "poll",
		`"game":{"title":"g","description":"d","photo":[]}`:                                    "game",
		`"story":{"id":1,"chat":{"id":-1,"type":"channel"}}`:                                   "story",
		`"pinned_message":{"message_id":3,"date":0,"chat":{"id":5001,"type":"private"}}`:       telegram.FromService,
		`"hologram":{"shape":"cube"}`:                                                          "other",
		`"text":""`:                                                                            "other",
	} {
		if got := telegram.Convert([]byte(private(fields))); got.Kind != bot.KindMessage || got.Message.Unsupported != want {
			t.Errorf("%s: kind %s, %+v; want %q", fields, got.Kind, got.Message, want)
		}
	}
	joined := telegram.Convert([]byte(group(`"new_chat_members":[{"id":5003,"first_name":"warga2"}]`)))
	if joined.Message == nil || joined.Message.Unsupported != telegram.FromService {
		t.Errorf("somebody joined: %+v", joined)
	}
}

func TestConvertKeepsWhatItCannotRead(t *testing.T) {
	for name, c := range map[string]struct {
		raw     string
		id      bot.UpdateID // empty: made from the bytes
		chat    bot.Address
		private bool
	}{
		"nothing":              {"", "", bot.Address{}, false},
		"not JSON":             {"halo", "", bot.Address{}, false},
		"null":                 {"null", "", bot.Address{}, false},
		"a list":               {"[]", "", bot.Address{}, false},
		"no number":            {`{"message":{}}`, "", bot.Address{}, false},
		"number as text":       {`{"update_id":"7"}`, "", bot.Address{}, false},
		"number too large":     {`{"update_id":99999999999999999999}`, "", bot.Address{}, false},
		"negative number":      {`{"update_id":-7}`, "", bot.Address{}, false},
		"only a number":        {`{"update_id":7}`, "u/7", bot.Address{}, false},
		"message is a number":  {`{"update_id":7,"message":8}`, "u/7", bot.Address{}, false},
		"message without chat": {`{"update_id":7,"message":{` + fromWarga + `,"text":"x"}}`, "u/7", to(5001), true},
		"text is a list":       {private(`"text":[1]`), "u/7", to(5001), true},
		"press without id":     {`{"update_id":7,"callback_query":{` + fromWarga + `}}`, "u/7", to(5001), true},
		"of the future":        {`{"update_id":7,"hologram":{"user":{"id":5001,"first_name":"w"},` + inGroup + `}}`, "u/7", to(-1001234567890), false},
	} {
		got := telegram.Convert([]byte(c.raw))
		if got.Kind != bot.KindUnknown || string(got.Raw) != c.raw {
			t.Errorf("%s: kind %s, raw %q", name, got.Kind, got.Raw)
		}
		if c.id == "" && !strings.HasPrefix(string(got.ID), "raw/") || c.id != "" && got.ID != c.id {
			t.Errorf("%s: id %q", name, got.ID)
		}
		if got.Chat != c.chat || got.Private != c.private {
			t.Errorf("%s: chat %v, private %v", name, got.Chat, got.Private)
		}
		if again := telegram.Convert([]byte(c.raw)); again.ID != got.ID {
			t.Errorf("%s: the id changes", name)
		}
	}
	if telegram.Convert([]byte("a")).ID == telegram.Convert([]byte("b")).ID {
		t.Error("different bytes have one id")
	}
}

func FuzzConvert(f *testing.F) {
	for _, seed := range []string{
		private(`"text":"😀 https://a.invalid","entities":[{"type":"url","offset":3,"length":17}]`),
		group(`"caption":"x","photo":[{"file_id":"F","width":1,"height":1}],"forward_origin":{"type":"channel","date":1,"message_id":2,"chat":{"id":-1,"type":"channel","username":"u"}}`),
		private(`"rich_message":{"blocks":[{"type":"paragraph","text":["a",{"type":"bold","text":"b"}]}]}`),
		`{"update_id":7,"callback_query":{"id":"q","from":{"id":1},"message":{"message_id":1,"date":0,"chat":{"id":1}},"data":"x"}}`,
		`{"update_id":7,"my_chat_member":{"chat":{"id":1,"type":"private"},"from":{"id":1},"date":-1}}`,
		`{"update_id":1e3,"message":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u := telegram.Convert(raw)
		if u.Network != bot.Telegram || u.ID == "" || u.Kind == "" {
			t.Fatalf("no identity: %+v", u)
		}
		if (u.Kind == bot.KindUnknown) != (u.Message == nil && u.Press == nil && u.MovedTo.IsZero() && u.Kind != bot.KindJoined) {
			t.Fatalf("kind %s does not fit %+v", u.Kind, u)
		}
		if u.Kind != bot.KindUnknown && u.Chat.IsZero() {
			t.Fatalf("%s without a chat", u.Kind)
		}
		if _, err := json.Marshal(u); err != nil { // the store must be able to write it
			t.Fatalf("cannot be stored: %v", err)
		}
		if m := u.Message; m != nil {
			for _, s := range append([]string{m.Text, u.From.Name}, m.Links...) {
				if s != bot.Clean(s) {
					t.Fatalf("%q is not clean", s)
				}
			}
		}
	})
}
