package fakeapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// hook is what setWebhook asked for.
type hook struct {
	url     string
	secret  string
	allowed []string
}

func (s *Server) setWebhook(p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := hook{url: p.values["url"], secret: p.values["secret_token"]}
	if err := p.object("allowed_updates", &h.allowed); err != nil {
		return nil, err
	}
	s.hook = h
	s.wake()
	return true, nil
}

func (s *Server) deleteWebhook(p params) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook{}
	if p.values["drop_pending_updates"] == "true" {
		s.queue.waiting = nil
	}
	s.wake()
	return true, nil
}

func (s *Server) webhookInfo() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return object{"url": s.hook.url, "pending_update_count": len(s.queue.waiting), "allowed_updates": s.hook.allowed}
}

// WebhookSecret is the secret_token the bot asked to be sent with every update, "" if none.
func (s *Server) WebhookSecret() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hook.secret
}

// PushClient sets the client that Push posts with: one that trusts a test's certificate.
func (s *Server) PushClient(c *http.Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.poster = c
}

// Push posts the updates that wait to the webhook, oldest first, until one is refused: an update is
// acknowledged by a 2xx status and by nothing else. It returns the status of the last post.
func (s *Server) Push(ctx context.Context) (int, error) {
	status := 0
	for {
		s.mu.Lock()
		h, client := s.hook, s.poster
		var next *pending
		if len(s.queue.waiting) > 0 {
			next = &s.queue.waiting[0]
		}
		s.mu.Unlock()
		if h.url == "" {
			return 0, fmt.Errorf("fakeapi: no webhook is set")
		}
		if next == nil {
			return status, nil
		}
		if client == nil {
			client = &http.Client{Timeout: 30 * time.Second}
			defer client.CloseIdleConnections()
		}
		var err error
		if status, err = post(ctx, client, h, next.raw); err != nil || status/100 != 2 {
			return status, err
		}
		s.mu.Lock()
		s.acknowledge(next.id + 1)
		s.mu.Unlock()
	}
}

func post(ctx context.Context, client *http.Client, h hook, raw []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(raw))
	if err != nil {
		return 0, fmt.Errorf("fakeapi: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	resp, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("fakeapi: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, nil
}

// setCommands is setMyCommands.
func (s *Server) setCommands(p params) (any, error) {
	var list []struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	if err := p.object("commands", &list); err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.Command == "" || c.Description == "" || len(list) > 100 {
			return nil, bad("Bad Request: BOT_COMMAND_INVALID")
		}
	}
	var scope struct {
		Type string `json:"type"`
	}
	if err := p.object("scope", &scope); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[scope.Type] = p.values["commands"]
	return true, nil
}

// Commands returns the menu set for a scope such as "all_private_chats", as JSON; "" if none was.
func (s *Server) Commands(scope string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands[scope]
}
