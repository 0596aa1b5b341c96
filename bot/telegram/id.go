package telegram

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"awassiber/bot"
)

// noteMark stands before the file id of a round video message. The Bot API sends a file again only as
// what it was, and to the rest of the program a round video is a video.
const noteMark = "note:"

// address is the chat with a Bot API id: a person's is positive and equals the user's id.
func address(id int64) bot.Address {
	return bot.Address{Network: bot.Telegram, Chat: strconv.FormatInt(id, 10)}
}

// chatID reads what address made.
func chatID(a bot.Address) (int64, error) {
	id, err := strconv.ParseInt(a.Chat, 10, 64)
	if a.Network != bot.Telegram || err != nil || id == 0 {
		return 0, fmt.Errorf("%w: not a Telegram chat", bot.ErrAddress) // the chat may be a person's: not shown
	}
	return id, nil
}

// messageID is empty for 0, which the API uses for messages that have none.
func messageID(id int) bot.MessageID {
	if id <= 0 {
		return ""
	}
	return bot.MessageID(strconv.Itoa(id))
}

// messageNumber reads what messageID made; 0 for everything else.
func messageNumber(id bot.MessageID) int {
	n, err := strconv.Atoi(string(id))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// updateID names an update by its number.
func updateID(n int64) bot.UpdateID { return bot.UpdateID("u/" + strconv.FormatInt(n, 10)) }

// rawID names an update without a readable number by its bytes, so that its return is recognised.
func rawID(raw []byte) bot.UpdateID {
	sum := sha256.Sum256(raw)
	return bot.UpdateID("raw/" + hex.EncodeToString(sum[:16]))
}

// updateNumber is the number in an id that updateID made, 0 for one that rawID made.
func updateNumber(id bot.UpdateID) int64 {
	digits, ok := strings.CutPrefix(string(id), "u/")
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
