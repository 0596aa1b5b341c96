package whatsapp

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"awassiber/bot"
)

var (
	us     = types.NewJID("100", types.HiddenUserServer)
	warga  = types.NewJID("200", types.HiddenUserServer)
	teman  = types.NewJID("300", types.HiddenUserServer)
	meja   = types.NewJID("400", types.GroupServer)
	noon   = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)
	hash32 = []byte(strings.Repeat("h", 32))
)

// directory knows everybody by the first identity given, and us.
type directory struct{ err error }

func (d directory) person(j, _ types.JID) (bot.Address, error) { return address(j), d.err }
func (d directory) own(j types.JID) bool                       { return j.User == us.User }

// said is a message of warga's, in the group if group.
func said(m *waE2E.Message, group bool) *events.Message {
	e := &events.Message{RawMessage: m, Info: types.MessageInfo{ID: "AB12", PushName: " warga1\n", Timestamp: noon,
		MessageSource: types.MessageSource{Chat: warga, Sender: warga}}}
	if group {
		e.Info.Chat, e.Info.IsGroup = meja, true
	}
	return e.UnwrapRaw()
}

func text(s string) *waE2E.Message { return &waE2E.Message{Conversation: &s} }

func wrapped(m *waE2E.Message) *waE2E.FutureProofMessage {
	return &waE2E.FutureProofMessage{Message: m}
}

func updatesOf(t *testing.T, e *events.Message) []bot.Update {
	t.Helper()
	updates, err := convert(e, directory{}, "REF")
	if err != nil {
		t.Fatal(err)
	}
	return updates
}

func TestConvertContent(t *testing.T) {
	image := &waE2E.ImageMessage{Caption: proto.String("foto"), Mimetype: proto.String("image/jpeg"), FileSHA256: hash32,
		FileLength: proto.Uint64(7), MediaKey: hash32, DirectPath: proto.String("/v/a"), FileEncSHA256: hash32}
	forwarded := &waE2E.ContextInfo{IsForwarded: proto.Bool(true), ForwardingScore: proto.Uint32(6)}
	channel := &waE2E.ContextInfo{IsForwarded: proto.Bool(true), ForwardingScore: proto.Uint32(1),
		ForwardedNewsletterMessageInfo: &waE2E.ContextInfo_ForwardedNewsletterMessageInfo{NewsletterName: proto.String("Kabar\nJambi")}}
	photo := bot.Attachment{Kind: bot.Photo, Network: bot.WhatsApp, Unique: strings.Repeat("68", 32), MIME: "image/jpeg", Size: 7}
	for name, c := range map[string]struct {
		m    *waE2E.Message
		want bot.Incoming // FileID is looked at apart
	}{
		"text":     {text("halo"), bot.Incoming{Text: "halo"}},
		"unclean":  {text("ha\x00l\u202eo"), bot.Incoming{Text: "halo"}},
		"links":    {text("a https://x.id/(b). www.y.id, z.co/1!"), bot.Incoming{Text: "a https://x.id/(b). www.y.id, z.co/1!", Links: []string{"https://x.id/(b)", "www.y.id", "z.co/1"}}},
		"no links": {text("jam 10.30/11.00 di a.b"), bot.Incoming{Text: "jam 10.30/11.00 di a.b"}},
		"matched link": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("lihat s.id"), MatchedText: proto.String("s.id")}},
			bot.Incoming{Text: "lihat s.id", Links: []string{"s.id"}}},
		"advertisement": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("info"), ContextInfo: &waE2E.ContextInfo{
			ExternalAdReply: &waE2E.ContextInfo_ExternalAdReplyInfo{SourceURL: proto.String("https://iklan.id/1")}}}},
			bot.Incoming{Text: "info", Links: []string{"https://iklan.id/1"}}},
		"forwarded": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("kabar"), ContextInfo: forwarded}},
			bot.Incoming{Text: "kabar", Forward: &bot.Forward{Kind: bot.ForwardUnknown, Score: 6}}},
		"from a channel": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("kabar"), ContextInfo: channel}},
			bot.Incoming{Text: "kabar", Forward: &bot.Forward{Kind: bot.ForwardChannel, Title: "Kabar Jambi", Score: 1}}},
		"forwarded form": {&waE2E.Message{TemplateMessage: &waE2E.TemplateMessage{ContextInfo: forwarded, HydratedTemplate: &waE2E.TemplateMessage_HydratedFourRowTemplate{
			HydratedContentText: proto.String("promo")}}}, bot.Incoming{Text: "promo", Forward: &bot.Forward{Kind: bot.ForwardUnknown, Score: 6}}},
		"reply to us": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("2"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("3EB0"),
			Participant: proto.String(us.String())}}}, bot.Incoming{Text: "2", ReplyTo: &bot.Quoted{ID: "3EB0"}}},
		"choice in reply to a list": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("2"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("3EB0"),
			Participant: proto.String(us.String()), QuotedMessage: text("Kartu\n\n1. Ambil\n2. Hoaks")}}}, bot.Incoming{Text: "2", ReplyTo: &bot.Quoted{ID: "3EB0", Choice: "Hoaks"}}},
		"choice in another's list": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("2"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("CD"),
			Participant: proto.String(warga.String()), QuotedMessage: text("1. Ambil\n2. Hoaks")}}}, bot.Incoming{Text: "2", ReplyTo: &bot.Quoted{ID: "CD", From: bot.Person{Address: address(warga)}}}},
		"reply to nobody": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("2"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("3EB0"),
			Participant: proto.String("a:b:c@lid")}}}, bot.Incoming{Text: "2", ReplyTo: &bot.Quoted{ID: "3EB0"}}},
		"reply to themselves": {&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("2"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("CD"),
			Participant: proto.String(warga.String())}}}, bot.Incoming{Text: "2", ReplyTo: &bot.Quoted{ID: "CD", From: bot.Person{Address: address(warga)}}}},
		"image":           {&waE2E.Message{ImageMessage: image}, bot.Incoming{Text: "foto", Files: []bot.Attachment{photo}}},
		"vanishing image": {&waE2E.Message{EphemeralMessage: wrapped(&waE2E.Message{ImageMessage: image})}, bot.Incoming{Text: "foto", Files: []bot.Attachment{photo}}},
		"of an album": {&waE2E.Message{ImageMessage: image, MessageContextInfo: &waE2E.MessageContextInfo{MessageAssociation: &waE2E.MessageAssociation{
			AssociationType: waE2E.MessageAssociation_MEDIA_ALBUM.Enum(), ParentMessageKey: &waCommon.MessageKey{ID: proto.String("ALBUM")}}}},
			bot.Incoming{Text: "foto", Album: "ALBUM", Files: []bot.Attachment{photo}}},
		"voice": {&waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true), Seconds: proto.Uint32(9), FileSHA256: hash32}},
			bot.Incoming{Files: []bot.Attachment{{Kind: bot.Voice, Network: bot.WhatsApp, Unique: photo.Unique, Seconds: 9}}}},
		"audio": {&waE2E.Message{AudioMessage: &waE2E.AudioMessage{FileSHA256: []byte("short")}},
			bot.Incoming{Files: []bot.Attachment{{Kind: bot.Audio, Network: bot.WhatsApp}}}},
		"video": {&waE2E.Message{VideoMessage: &waE2E.VideoMessage{FileLength: proto.Uint64(math.MaxUint64), Seconds: proto.Uint32(math.MaxUint32)}},
			bot.Incoming{Files: []bot.Attachment{{Kind: bot.Video, Network: bot.WhatsApp, Size: math.MaxInt64, Seconds: math.MaxInt32}}}},
		"animation":   {&waE2E.Message{VideoMessage: &waE2E.VideoMessage{GifPlayback: proto.Bool(true)}}, bot.Incoming{Files: []bot.Attachment{{Kind: bot.Animation, Network: bot.WhatsApp}}}},
		"round video": {&waE2E.Message{PtvMessage: &waE2E.VideoMessage{}}, bot.Incoming{Files: []bot.Attachment{{Kind: bot.Video, Network: bot.WhatsApp}}}},
		"document": {&waE2E.Message{DocumentWithCaptionMessage: wrapped(&waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{FileName: proto.String("a\n.pdf"), Caption: proto.String("surat")}})},
			bot.Incoming{Text: "surat", Files: []bot.Attachment{{Kind: bot.File, Network: bot.WhatsApp, Name: "a .pdf"}}}},
		"location": {&waE2E.Message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(-1.6), DegreesLongitude: proto.Float64(103.6), Name: proto.String("TPS 4")}},
			bot.Incoming{Location: &bot.Location{Latitude: -1.6, Longitude: 103.6, Title: "TPS 4"}}},
		"nowhere":           {&waE2E.Message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(math.NaN())}}, bot.Incoming{Unsupported: Other}},
		"view once":         {&waE2E.Message{ViewOnceMessageV2: wrapped(&waE2E.Message{ImageMessage: image})}, bot.Incoming{Unsupported: ViewOnce}},
		"view once, marked": {&waE2E.Message{AudioMessage: &waE2E.AudioMessage{ViewOnce: proto.Bool(true)}}, bot.Incoming{Unsupported: ViewOnce}},
		"sticker":           {&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, bot.Incoming{Unsupported: "sticker"}},
		"moving sticker":    {&waE2E.Message{LottieStickerMessage: wrapped(&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}})}, bot.Incoming{Unsupported: "sticker"}},
		"contact":           {&waE2E.Message{ContactMessage: &waE2E.ContactMessage{}}, bot.Incoming{Unsupported: "contact"}},
		"poll":              {&waE2E.Message{PollCreationMessageV3: &waE2E.PollCreationMessage{}}, bot.Incoming{Unsupported: "poll"}},
		"blank":             {text("\u202e"), bot.Incoming{Unsupported: "empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			updates := updatesOf(t, said(c.m, false))
			if c.want.Unsupported == Other && len(updates) == 2 {
				updates = updates[1:]
			}
			if len(updates) != 1 || updates[0].Kind != bot.KindMessage {
				t.Fatalf("got %+v", updates)
			}
			got := updates[0].Message
			for i, f := range got.Files {
				bare, ref, err := readFileID(f.FileID)
				if err != nil || ref != "REF" || len(files(bare, "REF")) != 1 {
					t.Errorf("file id %q: %v", f.FileID, err)
				}
				got.Files[i].FileID = ""
			}
			c.want.ID = "AB12"
			if !reflect.DeepEqual(*got, c.want) {
				t.Errorf("got  %+v\nwant %+v", *got, c.want)
			}
		})
	}
}

func TestConvertSource(t *testing.T) {
	u := updatesOf(t, said(text("halo"), false))[0]
	if u.Network != bot.WhatsApp || u.Chat != address(warga) || !u.Private || u.From.Address != u.Chat || u.From.Name != "warga1" || u.At != noon {
		t.Errorf("private: %+v", u)
	}
	g := updatesOf(t, said(text("halo"), true))[0]
	if g.Chat != address(meja) || g.Private || g.From.Address != address(warga) || g.Message.ID != "AB12/200@lid" || g.ID == u.ID {
		t.Errorf("group: %+v %+v", g, g.Message)
	}
	list := said(text("halo"), false)
	list.Info.Chat, list.Info.IsGroup = types.NewJID("7", types.BroadcastServer), true
	if b := updatesOf(t, list)[0]; b.ID != u.ID || b.Chat != u.Chat || !b.Private {
		t.Errorf("broadcast list: %+v", b)
	}
	for name, e := range map[string]func(*events.Message){
		"own":         func(e *events.Message) { e.Info.IsFromMe = true },
		"status":      func(e *events.Message) { e.Info.Chat = types.StatusBroadcastJID },
		"channel":     func(e *events.Message) { e.Info.Chat = types.NewJID("1", types.NewsletterServer) },
		"another bot": func(e *events.Message) { e.Info.Sender = types.MetaAIJID },
		"no id":       func(e *events.Message) { e.Info.ID = "" },
	} {
		m := said(text("halo"), false)
		e(m)
		if got := updatesOf(t, m); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	broken := errors.New("disk")
	if _, err := convert(said(text("halo"), false), directory{err: broken}, "REF"); !errors.Is(err, broken) {
		t.Errorf("whose it is is unknown: %v", err)
	}
}

func TestConvertChanges(t *testing.T) {
	key := func(id string, mine bool) *waCommon.MessageKey {
		return &waCommon.MessageKey{ID: &id, FromMe: &mine, Participant: proto.String(teman.String())}
	}
	edit := func(k *waCommon.MessageKey) *waE2E.Message {
		return &waE2E.Message{EditedMessage: wrapped(&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Key: k, Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(),
			EditedMessage: text("baru"), TimestampMS: proto.Int64(noon.Add(time.Minute).UnixMilli())}})}
	}
	revoke := func(k *waCommon.MessageKey) *waE2E.Message {
		return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Key: k, Type: waE2E.ProtocolMessage_REVOKE.Enum()}}
	}
	for name, c := range map[string]struct {
		m     *waE2E.Message
		group bool
		kind  bot.UpdateKind
		id    bot.MessageID
	}{
		"edit":                    {edit(key("OLD", true)), false, bot.KindEdit, "OLD"},
		"edit in a group":         {edit(key("OLD", true)), true, bot.KindEdit, "OLD/200@lid"}, // whatever the key says of the author
		"deletion":                {revoke(key("OLD", true)), false, bot.KindRevoked, "OLD"},
		"deletion in a group":     {revoke(key("OLD", true)), true, bot.KindRevoked, "OLD/200@lid"},
		"by an administrator":     {revoke(key("OLD", false)), true, "", ""},
		"of ours":                 {revoke(key("OLD", false)), false, "", ""},
		"of nothing":              {revoke(key("", true)), false, "", ""},
		"of nobody":               {revoke(nil), false, "", ""},
		"timer of a chat":         {&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_EPHEMERAL_SETTING.Enum()}}, false, "", ""},
		"edit without a new text": {&waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Key: key("OLD", true), Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum()}}, false, "", ""},
	} {
		got := updatesOf(t, said(c.m, c.group))
		if c.kind == "" {
			if len(got) != 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Kind != c.kind || got[0].Message.ID != c.id {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		if c.kind == bot.KindEdit && (got[0].Message.Text != "baru" || got[0].At != noon.Add(time.Minute)) {
			t.Errorf("%s: %+v %+v", name, got[0], got[0].Message)
		}
	}
}

func TestConvertSilence(t *testing.T) {
	for name, m := range map[string]*waE2E.Message{
		"nothing":    {},
		"reaction":   {ReactionMessage: &waE2E.ReactionMessage{Text: proto.String("👍")}},
		"vote":       {PollUpdateMessage: &waE2E.PollUpdateMessage{}},
		"pin":        {PinInChatMessage: &waE2E.PinInChatMessage{}},
		"album":      {AlbumMessage: &waE2E.AlbumMessage{ExpectedImageCount: proto.Uint32(2)}},
		"sender key": {SenderKeyDistributionMessage: &waE2E.SenderKeyDistributionMessage{GroupID: proto.String("x")}, MessageContextInfo: &waE2E.MessageContextInfo{}},
	} {
		if got := updatesOf(t, said(m, true)); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// What this version does not know is kept whole, and its sender hears that it was not taken.
func TestConvertUnknown(t *testing.T) {
	m := &waE2E.Message{}
	raw := []byte{0xfa, 0x3f, 0x03, 'a', 'b', 'c'} // field 1023, which no version has
	if err := proto.Unmarshal(raw, m); err != nil {
		t.Fatal(err)
	}
	got := updatesOf(t, said(m, false))
	if len(got) != 2 || got[0].Kind != bot.KindUnknown || string(got[0].Raw) != string(raw) || got[0].From.Address != address(warga) ||
		got[1].Kind != bot.KindMessage || got[1].Message.Unsupported != Other || got[0].ID == got[1].ID {
		t.Errorf("got %+v", got)
	}
}

func TestConvertUndecryptable(t *testing.T) {
	e := &events.UndecryptableMessage{Info: said(text(""), false).Info}
	u, err := undecryptable(e, directory{})
	if err != nil || u.Kind != bot.KindUnknown || u.Chat != address(warga) || u.ID == updatesOf(t, said(text("x"), false))[0].ID {
		t.Errorf("got %+v, %v", u, err)
	}
	if p := plea(u); p.ID == u.ID || p.Message.Unsupported != Unreadable || p.Message.ID != "" {
		t.Errorf("plea %+v", p)
	}
	e.UnavailableType = events.UnavailableTypeViewOnce
	if u, _ := undecryptable(e, directory{}); u.Kind != bot.KindMessage || u.Message.Unsupported != ViewOnce || u.Message.ID != "AB12" {
		t.Errorf("view once: %+v", u)
	}
	e.DecryptFailMode = events.DecryptFailHide
	if u, _ := undecryptable(e, directory{}); u.ID != "" {
		t.Errorf("hidden: %+v", u)
	}
}

func TestSendID(t *testing.T) {
	d := bot.Delivery{Unique: "1", Message: &bot.Message{Text: "a"}, Since: noon}
	first, err := sendID(d, 0)
	if err != nil || len(first) != 22 || !sendTime(first).Equal(noon) {
		t.Errorf("%q, %v, of %v", first, err, sendTime(first))
	}
	d.Tries, d.To, d.ID = 7, address(warga), "other"
	if again, _ := sendID(d, 0); again != first {
		t.Errorf("%q, then %q", first, again)
	}
	if part, _ := sendID(d, 1); part == first {
		t.Error("two parts have one id")
	}
	for _, foreign := range []string{"", "3EB0", "3AZZ", "not hex", "3EB0" + strings.Repeat("0", 80)} {
		if at := sendTime(foreign); !at.IsZero() {
			t.Errorf("%q is of %v", foreign, at)
		}
	}
}

func TestChatID(t *testing.T) {
	for chat, want := range map[string]bool{"1@lid": true, "1@s.whatsapp.net": true, "1-2@g.us": true, "": false, "lid": false, "@lid": false,
		"1:2@lid": false, "1@broadcast": false, "1@newsletter": false, "a:b:c@lid": false} {
		got, err := chatID(bot.Address{Network: bot.WhatsApp, Chat: chat})
		if (err == nil) != want || err == nil && address(got).Chat != chat || err != nil && !errors.Is(err, bot.ErrAddress) {
			t.Errorf("%q: %v, %v", chat, got, err)
		}
	}
}

// FuzzConvert gives the converter everything that the wire can carry. Nothing may make it panic, and
// what it makes must be storable: JSON, clean and bounded.
func FuzzConvert(f *testing.F) {
	for _, m := range []*waE2E.Message{text("halo https://x.id"), {ViewOnceMessage: wrapped(text("x"))},
		{ImageMessage: &waE2E.ImageMessage{FileSHA256: hash32, Caption: proto.String("a")}},
		{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(math.Inf(1))}},
		{ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: proto.String("x"), FromMe: proto.Bool(true)},
			EditedMessage: text("b"), TimestampMS: proto.Int64(math.MaxInt64)}},
		{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("\u202e"), ContextInfo: &waE2E.ContextInfo{StanzaID: proto.String("a/b"), Participant: proto.String("1@lid")}}}} {
		raw, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "warga1", "AB12", int64(1), true)
	}
	f.Fuzz(func(t *testing.T, raw []byte, name, id string, at int64, group bool) {
		m := &waE2E.Message{}
		if proto.Unmarshal(raw, m) != nil {
			return
		}
		e := said(m, group)
		e.Info.PushName, e.Info.ID, e.Info.Timestamp = name, id, time.Unix(at, 0)
		updates, err := convert(e, directory{}, "REF")
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range updates {
			if _, err := json.Marshal(u); err != nil {
				t.Fatal(err)
			}
			if u.ID == "" || u.Chat.IsZero() || len(u.Raw) > maxRaw || !utf8.ValidString(u.From.Name) {
				t.Errorf("update %+v", u)
			}
			if in := u.Message; in != nil && (bot.Clean(in.Text) != in.Text || utf8.RuneCountInString(in.Text) > maxText || len(in.Links) > maxLinks) {
				t.Errorf("message %+v", in)
			}
		}
	})
}
