package handlers

import (
	"encoding/json"
	"time"

	"awassiber/bot"
)

// copyOfData is the document DATAKU answers with: all that is stored about the asker. The names of
// its fields are for them to read.
type copyOfData struct {
	Made     time.Time   `json:"dibuat"`
	Address  string      `json:"alamat_chat"`
	Since    time.Time   `json:"dikenal_sejak"`
	Question string      `json:"pertanyaan_terbuka,omitempty"`
	Staff    *copyOfPost `json:"petugas,omitempty"`
	Tips     []copyOfTip `json:"aduan"`
	// Elsewhere says what the way here keeps besides.
	Elsewhere string `json:"di_luar_aduan,omitempty"`
}

type copyOfPost struct {
	Name  string    `json:"nama"`
	Since time.Time `json:"sejak"`
}

type copyOfTip struct {
	Ticket   string          `json:"tiket"`
	Started  time.Time       `json:"diterima"`
	Status   string          `json:"status,omitempty"`
	Answers  copyOfAnswers   `json:"jawaban"`
	Report   *copyOfReport   `json:"bahan_laporan,omitempty"`
	Asked    *copyOfInquiry  `json:"pertanyaan_petugas,omitempty"`
	Messages []copyOfMessage `json:"pesan"`
	Verdict  *copyOfVerdict  `json:"hasil,omitempty"`
}

type copyOfAnswers struct {
	Claim           bot.Claim           `json:"jenis,omitempty"`
	Region          string              `json:"wilayah,omitempty"`
	TPS             string              `json:"tps,omitempty"`
	Happened        time.Time           `json:"tanggal_kejadian,omitzero"`
	HappenedText    string              `json:"tanggal_kejadian_seperti_diketik,omitempty"`
	Learned         time.Time           `json:"tanggal_diketahui,omitzero"`
	LearnedText     string              `json:"tanggal_diketahui_seperti_diketik,omitempty"`
	Confidentiality bot.Confidentiality `json:"kerahasiaan,omitempty"`
}

// copyOfReport is what was given for an official report, who gave it included.
type copyOfReport struct {
	bot.Details
	Reported   string `json:"terlapor,omitempty"`
	Place      string `json:"tempat,omitempty"`
	Chronology string `json:"uraian,omitempty"`
	Witnesses  string `json:"saksi,omitempty"`
}

// copyOfInquiry is what the desk asked; who asked is the desk's data.
type copyOfInquiry struct {
	At       time.Time `json:"waktu"`
	Text     string    `json:"pertanyaan"`
	Answered time.Time `json:"dijawab,omitzero"`
}

type copyOfMessage struct {
	At       time.Time       `json:"waktu"`
	Edit     bool            `json:"perubahan_dari_pesan_sebelumnya,omitempty"`
	Text     string          `json:"teks,omitempty"`
	Links    []string        `json:"tautan,omitempty"`
	Origin   *copyOfOrigin   `json:"diteruskan_dari,omitempty"`
	Location *copyOfLocation `json:"lokasi,omitempty"`
	Files    []copyOfFile    `json:"berkas,omitempty"`
}

type copyOfOrigin struct {
	Kind  bot.ForwardKind `json:"jenis"`
	Title string          `json:"nama,omitempty"`
	Link  string          `json:"tautan,omitempty"`
	At    time.Time       `json:"waktu,omitzero"`
}

type copyOfLocation struct {
	Latitude  float64 `json:"lintang"`
	Longitude float64 `json:"bujur"`
	Title     string  `json:"nama,omitempty"`
}

type copyOfFile struct {
	Kind   bot.FileKind  `json:"jenis"`
	Name   string        `json:"nama,omitempty"`
	Type   string        `json:"tipe,omitempty"`
	Size   int64         `json:"bita,omitempty"`
	SHA256 string        `json:"sha256,omitempty"`
	State  bot.FileState `json:"keadaan,omitempty"`
}

type copyOfVerdict struct {
	Rating      bot.Rating `json:"hasil"`
	Explanation string     `json:"penjelasan"`
	Link        string     `json:"tautan,omitempty"`
	At          time.Time  `json:"waktu"`
}

// export answers DATAKU (UU 27/2022, right of access).
func (v *visit) export() error {
	address, since, err := v.tx.Identity(v.u.From.ID)
	if err != nil {
		return err
	}
	doc := copyOfData{Made: v.tx.Now(), Address: address.String(), Since: since, Question: v.d.Question, Tips: []copyOfTip{}}
	staff, err := v.tx.Coordinator(v.u.From.ID)
	if ignoreMissing(err) != nil {
		return err
	}
	if err == nil {
		doc.Staff = &copyOfPost{staff.Name, staff.Added}
	}
	for t, err := range v.tx.TipsBy(v.u.From.ID) {
		if err != nil {
			return err
		}
		c, err := v.copyTip(t)
		if err != nil {
			return err
		}
		doc.Tips = append(doc.Tips, c)
	}
	if v.u.Network == bot.WhatsApp {
		doc.Elsewhere = v.Text.Text("citizen.export_whatsapp")
	}
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	return v.tx.Enqueue(bot.Message{
		Person:   v.u.From.ID,
		Text:     v.Text.Text("citizen.export", "tips", len(doc.Tips)),
		Document: &bot.Document{Name: "dataku.json", MIME: "application/json", Data: data},
	})
}

func (v *visit) copyTip(t bot.Tip) (copyOfTip, error) {
	items, err := v.tx.Items(t.ID)
	if err != nil {
		return copyOfTip{}, err
	}
	out := copyOfTip{Ticket: v.ticket(t), Started: t.Started, Answers: copyOfAnswers(t.Answers), Messages: []copyOfMessage{}}
	for _, it := range items {
		out.Messages = append(out.Messages, copyMessage(it))
	}
	if q := t.Inquiry; q != nil {
		out.Asked = &copyOfInquiry{q.At, q.Text, q.Answered}
	}
	if p := t.Report; p != nil {
		details, err := v.tx.Details(t.ID)
		if ignoreMissing(err) != nil {
			return out, err
		}
		out.Report = &copyOfReport{details, p.Reported, p.Place, p.Chronology, p.Witnesses}
	}
	if t.Case == 0 {
		return out, nil
	}
	c, err := v.tx.Case(t.Case)
	if err != nil {
		return out, err
	}
	out.Status = v.Text.Text("status." + string(c.Status))
	if w := c.Verdict; w != nil { // who decided is the desk's data, not the asker's
		out.Verdict = &copyOfVerdict{w.Rating, w.Explanation, w.Link, w.At}
	}
	return out, nil
}

func copyMessage(it bot.Item) copyOfMessage {
	m := copyOfMessage{At: it.At, Edit: it.Edits, Text: it.Text, Links: it.Links}
	if f := it.Forward; f != nil {
		m.Origin = &copyOfOrigin{f.Kind, f.Title, f.Link, f.At}
	}
	if l := it.Location; l != nil {
		m.Location = &copyOfLocation{l.Latitude, l.Longitude, l.Title}
	}
	for _, f := range it.Files {
		m.Files = append(m.Files, copyOfFile{f.Kind, f.Name, f.MIME, f.Size, f.SHA256, f.State})
	}
	return m
}
