package bolt

import (
	"encoding/binary"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/store/seal"

	"go.etcd.io/bbolt"
)

// seenDays is how many days back a second delivery is recognised. Telegram keeps an update for at
// most 24 hours (Bot API, "Getting updates"); the rest is for clocks and long outages.
const seenDays = 3

// unseen reports whether neither the update nor the message it brings was delivered before, and
// remembers both. The message's own number catches what a network sends again under another
// update number, for instance after changing from polling to a webhook.
func (x *tx) unseen(u bot.Update) (bool, error) {
	marks := make([]seal.Mark, 0, 2)
	marks = append(marks, x.updateMark(u.Network, u.ID))
	if u.Kind == bot.KindMessage && u.Message != nil && u.Message.ID != "" && !u.Chat.IsZero() {
		marks = append(marks, x.s.keys.Mark("seen", "message", string(u.Chat.Network), u.Chat.Chat, string(u.Message.ID)))
	}
	today, err := x.today()
	if err != nil {
		return false, err
	}
	for _, day := range x.days {
		for i := range marks {
			if day.Get(marks[i][:]) != nil {
				return false, nil
			}
		}
	}
	for i := range marks {
		x.writes++
		if err := today.Put(marks[i][:], []byte{valueVersion}); err != nil {
			return false, err
		}
	}
	return true, nil
}

// updateMark is what an update is recognised by. Ids of the form u/<number> count what comes to the
// bot (Telegram's update_id) and name nobody: they keep their order, so that those of one time share
// pages. Any other may contain a chat and is hashed.
func (x *tx) updateMark(net bot.Network, id bot.UpdateID) seal.Mark {
	digits, _ := strings.CutPrefix(string(id), "u/")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || string(id) != "u/"+strconv.FormatUint(n, 10) { // u/07 is not u/7
		return x.s.keys.Mark("seen", "update", string(net), string(id))
	}
	m := x.s.keys.Mark("seen", "numbers", string(net))
	binary.BigEndian.PutUint64(m[seal.MarkSize-8:], n)
	return m
}

// today returns the bucket of the day and reads the list of all days. On the first delivery of a
// day it makes the bucket and deletes those that are too old, whole.
func (x *tx) today() (*bbolt.Bucket, error) {
	day := uint32(max(x.now.Unix(), 0) / 86400)
	key := binary.BigEndian.AppendUint32(nil, day)
	seen := x.bucket(tSeen)
	today := seen.Bucket(key)
	if today == nil {
		x.writes++
		var old [][]byte
		for k := range x.scan(tSeen, nil, false) {
			if binary.BigEndian.Uint32(k)+seenDays < day {
				old = append(old, append([]byte(nil), k...))
			}
		}
		for _, k := range old {
			if err := seen.DeleteBucket(k); err != nil {
				return nil, err
			}
		}
		var err error
		if today, err = seen.CreateBucket(key); err != nil {
			return nil, err
		}
		x.days = nil
	}
	if x.days == nil {
		c := seen.Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			x.days = append(x.days, seen.Bucket(k))
		}
	}
	return today, nil
}
