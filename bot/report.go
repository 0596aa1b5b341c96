package bot

// Report is what an official report needs besides the tip itself: the elements of Bawaslu's form that
// are not the reporter's own person (Ps 134 Perpu 1/2014; Formulir Laporan, annex of Perbawaslu
// 9/2024). Everything may be missing: what is then makes it informasi awal.
type Report struct {
	Reported   string `json:",omitempty"` // terlapor: who is alleged to have done it, or an account
	Place      string `json:",omitempty"` // below the area: kecamatan, desa, TPS, address or group
	Chronology string `json:",omitempty"`
	Witnesses  string `json:",omitempty"`
	Evidence   bool   `json:",omitempty"` // files or links are among the tip's messages, by the sender's word
	Named      bool   `json:",omitempty"` // name and address were both given; they lie in Details
	Told       bool   `json:",omitempty"` // what being the official reporter means was explained and accepted
}

// Details is who files a report. It is sealed apart from everything else and opened only by a
// custodian, or for the person themselves. No identity number is ever asked for.
type Details struct {
	Name    string `json:"nama,omitempty"`
	Address string `json:"alamat,omitempty"`
}

// Element is one of the seven things a report is asked for (DOMAIN section 3).
type Element string

// Elements, in the order they are asked.
const (
	ElementReporter   Element = "reporter"
	ElementReported   Element = "reported"
	ElementTime       Element = "time"
	ElementPlace      Element = "place"
	ElementChronology Element = "chronology"
	ElementWitnesses  Element = "witnesses"
	ElementEvidence   Element = "evidence"
)

// Elements lists the elements.
func Elements() []Element {
	return []Element{ElementReporter, ElementReported, ElementTime, ElementPlace, ElementChronology, ElementWitnesses, ElementEvidence}
}

// Has reports whether a tip has an element. The reporter's own details lie elsewhere: named tells
// whether they are there.
func (t Tip) Has(e Element, named bool) bool {
	r := t.Report
	if r == nil {
		r = &Report{}
	}
	switch e {
	case ElementReporter:
		return named
	case ElementReported:
		return r.Reported != ""
	case ElementTime: // both days: the limit runs from the second
		return !t.Answers.Happened.IsZero() && !t.Answers.Learned.IsZero()
	case ElementPlace:
		return t.Answers.Region != "" && (r.Place != "" || t.Answers.TPS != "")
	case ElementChronology:
		return r.Chronology != ""
	case ElementWitnesses:
		return r.Witnesses != ""
	case ElementEvidence:
		return r.Evidence
	}
	return false
}

// Missing lists the elements a tip does not have.
func (t Tip) Missing(named bool) []Element {
	var missing []Element
	for _, e := range Elements() {
		if !t.Has(e, named) {
			missing = append(missing, e)
		}
	}
	return missing
}
