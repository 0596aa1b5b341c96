package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"

	tgbot "github.com/go-telegram/bot"

	"awassiber/bot"
)

// maxPost bounds one posted update, in bytes.
const maxPost = 1 << 20

// Webhook receives updates that Telegram posts (https://core.telegram.org/bots/api#setwebhook). It is
// an http.Handler to be mounted at the path of Config.Webhook.
//
// 200 is answered only after the update is on disk, also for one that cannot be read: it is kept as a
// KindUnknown, for Telegram would otherwise post it again for a day. 500 makes Telegram try again.
type Webhook struct {
	client *Client
	to     Deliverer
	secret []byte
	track  *tracker
}

// Webhook makes a handler that delivers to a store. changed may be nil; it is called on every change of
// state, by a request's goroutine.
func (c *Client) Webhook(to Deliverer, changed func(from, to Status)) *Webhook {
	return &Webhook{client: c, to: to, secret: []byte(c.webhookSecret()), track: newTracker(c.config.Now, changed)}
}

// Status tells how it goes: Starting until the first post, then Receiving or NotStoring.
func (h *Webhook) Status() Status { return h.track.get() }

// ServeHTTP takes one update.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	given := []byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	if subtle.ConstantTimeCompare(given, h.secret) != 1 {
		http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPost))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
		return
	case err != nil, len(raw) == 0:
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	// A poster that hangs up must not interrupt the transaction: the update would only come again.
	if err := h.to.Deliver(context.WithoutCancel(r.Context()), []bot.Update{Convert(raw)}); err != nil {
		h.track.set(NotStoring)
		h.client.config.Log.Error("telegram: an update was not stored", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h.track.set(Receiving)
	w.WriteHeader(http.StatusOK)
}

// webhookSecret is what Telegram is told to send with every update: the configured secret, else one
// derived from the token, which survives a restart and cannot be guessed from outside.
func (c *Client) webhookSecret() string {
	if c.config.Secret != "" {
		return c.config.Secret
	}
	mac := hmac.New(sha256.New, []byte(c.config.Token))
	mac.Write([]byte("awassiber webhook 1"))
	return hex.EncodeToString(mac.Sum(nil))
}

// SetWebhook tells Telegram to post to Config.Webhook. What waits there is kept.
func (c *Client) SetWebhook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.api.SetWebhook(ctx, &tgbot.SetWebhookParams{URL: c.config.Webhook,
		SecretToken: c.webhookSecret(), AllowedUpdates: allowed()})
	if err != nil {
		return c.sendError(err)
	}
	return nil
}

// DeleteWebhook tells Telegram to post no more. What waits there is kept for getUpdates.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	_, err := c.call(ctx, "deleteWebhook", map[string]bool{"drop_pending_updates": false}, callTimeout)
	return err
}
