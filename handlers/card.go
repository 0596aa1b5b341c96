package handlers

import (
	"fmt"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/bot/calendar"
	"awassiber/locales"
)

// A case's card is the one message in the coordinators' group that shows how it stands. It is sent
// under the key card/<case> and edited in place at every change.

func cardKey(id bot.CaseID) bot.Key { return bot.Key(fmt.Sprintf("card/%d", id)) }

func caseOfCard(k bot.Key) (bot.CaseID, bool) {
	num, ok := strings.CutPrefix(string(k), "card/")
	id, err := strconv.ParseUint(num, 10, 64)
	return bot.CaseID(id), ok && err == nil
}

// postCard sends the card of a new case.
func (r *Router) postCard(tx bot.Tx, c bot.Case) error {
	text, err := r.cardText(tx, c, nil)
	if err != nil {
		return err
	}
	return r.toDesk(tx, bot.Message{Key: cardKey(c.ID), Text: text, Buttons: r.cardButtons(c), Case: c.ID})
}

// refreshCard edits the card to how the case now stands after something the desk did not do.
func (r *Router) refreshCard(tx bot.Tx, c bot.Case) error {
	last, err := lastByDesk(tx, c.ID)
	if err != nil {
		return err
	}
	return r.editCard(tx, c, last)
}

// editCard edits the card. last is the desk's latest change, nil if there was none.
func (r *Router) editCard(tx bot.Tx, c bot.Case, last *bot.Event) error {
	text, err := r.cardText(tx, c, last)
	if err != nil {
		return err
	}
	if !c.Counted.IsZero() && c.Shown != c.Senders { // what the card waited to show stands there now
		c.Shown = c.Senders
		if err := tx.PutCase(c); err != nil {
			return err
		}
	}
	return r.toDesk(tx, bot.Message{Edit: cardKey(c.ID), Text: text, Buttons: r.cardButtons(c), Case: c.ID})
}

// lastByDesk is the latest change a coordinator made, which the card names with its maker; nil if there is none
// among the last events.
func lastByDesk(tx bot.Tx, id bot.CaseID) (*bot.Event, error) {
	const look = 100
	n := 0
	for e, err := range tx.HistoryBefore(id, 0) {
		if n++; err != nil || n > look {
			return nil, err
		}
		if e.Actor != "" {
			return &e, nil
		}
	}
	return nil, nil
}

func (r *Router) cardText(tx bot.Tx, c bot.Case, last *bot.Event) (string, error) {
	lines := []string{r.Text.Text("card.head", "ticket", c.Ticket, "seq", strconv.FormatUint(uint64(c.ID), 10),
		"status", locales.Marked(r.statusWord(c)))}
	add := func(key string, args ...any) { lines = append(lines, r.Text.Text(key, args...)) }
	add("card.time", "time", calendar.Moment(c.Opened, r.Zone))
	add("card.kind", "kind", locales.Marked(r.kind(c)))
	if len(c.Categories) == 0 && len(c.SenderCategories) > 0 && c.On(bot.Unsorted) {
		add("card.suggested", "names", r.categoryNames(joinCodes(c.SenderCategories)))
	}
	add("card.area", "area", locales.Marked(r.area(c)))
	if c.TPS != "" {
		add("card.tps", "tps", c.TPS)
	}
	switch {
	case c.Urgent():
		add("card.urgent")
	case maybeUrgent(c):
		add("card.maybe_urgent")
	}
	switch {
	case c.Brigade > 0:
		add("card.senders_brigade", "count", c.Senders, "brigade", c.Brigade)
	default:
		add("card.senders", "count", c.Senders)
	}
	if len(c.Members) > 0 {
		add("card.members", "names", r.organisationNames(c.Members))
	}
	if c.Origin != nil {
		add("card.origin", "origin", locales.Marked(r.originText(*c.Origin)))
	}
	if len(c.Files) > 0 {
		add("card.files", "files", locales.Marked(r.fileList(c.Files)))
	}
	switch {
	case c.Excerpt != "":
		add("card.excerpt", "text", c.Excerpt)
	case c.Erased:
		add("card.erased")
	default:
		add("card.no_text")
	}
	lines = append(lines, r.suggestionLines(c)...)
	lines = append(lines, r.workLines(c)...)
	lines = append(lines, r.clockLines(tx, c)...)
	asked, err := r.inquiryLines(tx, c)
	if err != nil {
		return "", err
	}
	lines = append(lines, asked...)
	if v := c.Verdict; v != nil {
		verdict := locales.Marked(r.verdictLines(*v))
		if v.Urgent == "" {
			add("card.verdict", "verdict", verdict, "name", v.Name, "approved", v.Approved)
		} else {
			add("card.verdict_urgent", "verdict", verdict, "name", v.Name, "approved", v.Approved, "reason", v.Urgent)
		}
	}
	if p := c.Proposal; p != nil {
		add("card.proposal", "verdict", locales.Marked(r.verdictLines(*p)), "name", p.Name)
	}
	for _, ref := range c.Referrals {
		lines = append(lines, r.referralLine(ref))
	}
	if c.Status == bot.Closed && c.Merged == 0 {
		add("card.reason", "reason", locales.Marked(r.closeReason(c)))
	}
	if last != nil {
		brief := *last
		brief.Text = shorten(brief.Text, 200) // all of it stands in /riwayat; a card must fit one message
		add("card.last", "line", locales.Marked(r.eventLine(brief)))
	}
	return strings.Join(lines, "\n"), nil
}

// workLines tell how far each track is, and who holds it.
func (r *Router) workLines(c bot.Case) []string {
	var lines []string
	for _, w := range c.Works {
		if w.Track != bot.Unsorted {
			lines = append(lines, r.Text.Text("card.work", "track", locales.Marked(r.trackName(c, w.Track)), "stage", locales.Marked(r.Text.Text("stage."+string(w.Stage)))))
		}
	}
	for _, l := range c.Leases() {
		args := []any{"name", l.Name, "until", calendar.Clock(l.Until, r.Zone)}
		if track, only := r.heldTrack(c, l); only {
			lines = append(lines, r.Text.Text("card.holder_track", append(args, "track", locales.Marked(track))...))
		} else {
			lines = append(lines, r.Text.Text("card.holder", args...))
		}
	}
	return lines
}

// statusWord says how far a case is; of a merged one, what it is a part of.
func (r *Router) statusWord(c bot.Case) string {
	if c.Merged != 0 {
		return r.Text.Text("card.merged", "seq", strconv.FormatUint(uint64(c.Merged), 10))
	}
	return r.Text.Text("status." + string(c.Status))
}

// trackName calls the violation track of a hoax that is only handed over what it is there.
func (r *Router) trackName(c bot.Case, t bot.Track) string {
	if t == bot.TrackViolation && c.PassedOn() {
		return r.Text.Text("card.passed_on")
	}
	return r.Text.Text("kind." + string(t))
}

// heldTrack names the track somebody holds, if another of the case is open besides.
func (r *Router) heldTrack(c bot.Case, l bot.Lease) (name string, only bool) {
	open, held := 0, 0
	for _, w := range c.Works {
		if w.Open() {
			open++
		}
		if w.Lease != nil && w.Lease.Holder == l.Holder {
			held++
			name = r.trackName(c, w.Track)
		}
	}
	return name, held == 1 && open > 1
}

// referralLine tells one hand-over and its answer.
func (r *Router) referralLine(ref bot.Referral) string {
	key := "card.referred"
	switch {
	case ref.Pending():
	case ref.Reason != "":
		key = "card.returned"
	case ref.Register != "":
		key = "card.registered"
	default:
		key = "card.received"
	}
	return r.Text.Text(key, "name", ref.Title, "day", calendar.ShortDay(ref.At.In(r.Zone.Location)), "register", ref.Register, "reason", ref.Reason)
}

func (r *Router) organisationNames(codes []string) string {
	var names []string
	for _, code := range codes {
		names = append(names, r.organisationName(code))
	}
	return strings.Join(names, ", ")
}

// kind says what a case is about: the desk's word if it has spoken, else the sender's, marked so.
func (r *Router) kind(c bot.Case) string {
	var kinds []string
	for _, cat := range c.Categories {
		kinds = append(kinds, r.Text.Text("category."+string(cat)))
	}
	for _, t := range []bot.Track{bot.TrackHoax, bot.TrackViolation} {
		if c.On(t) && len(c.Categories) == 0 && !(t == bot.TrackViolation && c.PassedOn()) {
			kinds = append(kinds, r.Text.Text("kind."+string(t)))
		}
	}
	switch {
	case len(kinds) > 0:
		return strings.Join(kinds, " + ")
	case c.Claim != "":
		return r.Text.Text("kind.claimed", "kind", locales.Marked(r.Text.Text("kind."+string(c.Claim))))
	}
	return r.Text.Text("kind.none")
}

func (r *Router) area(c bot.Case) string {
	if c.Region == "" {
		return r.Text.Text("card.no_area")
	}
	return bot.Clean(r.Places.Name(c.Region))
}

// originText says where something was forwarded from. Of people it says only that it was a person:
// who forwards their own words from another chat would otherwise show their name to the desk.
func (r *Router) originText(f bot.Forward) string {
	title := f.Title
	if title == "" {
		title = r.Text.Text("origin.unnamed")
	}
	text := r.Text.Text("origin."+string(f.Kind), "title", title)
	if f.Link != "" {
		text += " " + bot.Clean(f.Link)
	}
	if f.ManyTimes() {
		text = r.Text.Text("origin.many_times", "origin", locales.Marked(text))
	}
	return text
}

// fileList counts attachments by kind: "2 foto, 1 video".
func (r *Router) fileList(files []bot.FileKind) string {
	var parts []string
	for _, k := range []bot.FileKind{bot.Photo, bot.Video, bot.Animation, bot.Audio, bot.Voice, bot.File} {
		n := 0
		for _, f := range files {
			if f == k {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, r.Text.Text("file."+string(k), "count", n))
		}
	}
	return strings.Join(parts, ", ")
}

func (r *Router) closeReason(c bot.Case) string {
	if c.Spam {
		return r.Text.Text("card.spam")
	}
	return bot.Clean(c.Reason)
}

// cardActs are all that a card's buttons can offer, in one state or another.
func cardActs() []string {
	return []string{"take", "release", "hoax", "violation", "spam", "sort", "place", "approve", "reopen", actApart}
}

func (r *Router) cardButton(c bot.Case, act string) bot.Button {
	return bot.Button{Label: r.Text.Text("button." + act), Data: fmt.Sprintf("k:%d:%s", c.ID, act)}
}

// cardButtons offers what can be done in the case's present state.
func (r *Router) cardButtons(c bot.Case) [][]bot.Button {
	b := func(act string) bot.Button { return r.cardButton(c, act) }
	var rows [][]bot.Button
	if w := c.Work(bot.TrackHoax); w != nil && w.Stage == bot.Proposed {
		rows = append(rows, []bot.Button{b("approve")})
	}
	switch {
	case c.Merged != 0:
	case c.Status == bot.New:
		rows = append(rows, []bot.Button{b("take"), b("hoax")}, []bot.Button{b("violation"), b("spam")}, []bot.Button{b("sort"), b("place")})
	case c.Status == bot.Taken && len(c.Leases()) > 0:
		rows = append(rows, []bot.Button{b("release"), b("hoax")}, []bot.Button{b("violation"), b("spam")}, []bot.Button{b("sort"), b("place")})
	case c.Open():
		rows = append(rows, []bot.Button{b("sort"), b("place")})
	default:
		rows = append(rows, []bot.Button{b("reopen")})
	}
	return append(rows, r.suggestionButtons(c)...)
}

// postFiles sends a tip's attachments after its card. On the network they came from, the network's
// own reference is enough; files of another network follow when they have been fetched.
func (r *Router) postFiles(tx bot.Tx, c bot.Case, items []bot.Item) error {
	for _, it := range items {
		if it.Location != nil {
			if err := r.toDesk(tx, bot.Message{Case: c.ID, Text: r.locationText(c, *it.Location)}); err != nil {
				return err
			}
		}
		for _, f := range it.Files {
			if err := r.postFile(tx, c, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Router) postFile(tx bot.Tx, c bot.Case, f bot.Attachment) error {
	m := bot.Message{Case: c.ID, Text: r.Text.Text("card.file", "ticket", c.Ticket), File: &f}
	here := f.Network == r.Group.Network // its own reference is enough to show it
	switch f.State {
	case bot.FileTooLarge, bot.FileRefused, bot.FileGone:
		m.Text = r.Text.Text("card.file_"+string(f.State), "ticket", c.Ticket, "size", int(f.Size>>20))
		if f.State != bot.FileTooLarge || !here {
			m.File = nil
		}
	case bot.FileErased:
		return nil
	case bot.FilePending:
		if !here {
			return nil // it follows when it has been fetched
		}
	}
	return r.toDesk(tx, m)
}

func (r *Router) locationText(c bot.Case, l bot.Location) string {
	point := fmt.Sprintf("%.5f, %.5f", l.Latitude, l.Longitude)
	if l.Title != "" {
		point = l.Title + ", " + point
	}
	return r.Text.Text("card.location", "ticket", c.Ticket, "point", point,
		"link", fmt.Sprintf("https://www.openstreetmap.org/?mlat=%.5f&mlon=%.5f#map=16/%.5f/%.5f", l.Latitude, l.Longitude, l.Latitude, l.Longitude))
}

// fetched records what became of a file, and brings it to a desk on another network.
func (r *Router) fetched(tx bot.Tx, f bot.Fetched) error {
	t, err := tx.Tip(f.Tip)
	if err != nil {
		return ignoreMissing(err)
	}
	if !t.Erased.IsZero() { // the sender left while the file was on its way
		if f.File.SHA256 == "" {
			return nil
		}
		return tx.EnqueueJob(bot.Job{Kind: bot.JobUnlink, File: f.File})
	}
	items, err := tx.Items(t.ID)
	if err != nil || f.Item >= len(items) {
		return err
	}
	it := items[f.Item]
	for i, old := range it.Files {
		if old.FileID == f.File.FileID && old.State == bot.FilePending {
			it.Files[i] = f.File
		}
	}
	if err := tx.PutItem(t.ID, f.Item, it); err != nil {
		return err
	}
	if f.File.SHA256 != "" {
		if _, err := tx.FileUsed(f.File.SHA256, 1); err != nil {
			return err
		}
	}
	if f.File.State == bot.FileGone && t.Reporter != "" {
		m := bot.Message{Key: bot.Key(fmt.Sprintf("gone/%d", t.ID)), Person: t.Reporter, ReplyTo: it.Message,
			Text: r.Text.Text("citizen.file_gone", "ticket", r.ticket(t))}
		if err := ignoreMissing(tx.Enqueue(m)); err != nil {
			return err
		}
	}
	if t.Case == 0 || f.Item >= t.Shown {
		return nil // the card is still to come, and the file with it
	}
	return r.fileArrived(tx, t, f.File)
}

// fileArrived tells the desk of a file that came, or will not come, after the card.
func (r *Router) fileArrived(tx bot.Tx, t bot.Tip, f bot.Attachment) error {
	c, err := tx.Case(t.Case)
	if err != nil {
		return err
	}
	if f.State == bot.FileStored && f.Network == r.Group.Network {
		return nil // already posted by reference
	}
	return r.postFile(tx, c, f)
}
