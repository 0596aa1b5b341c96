package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxAnswer bounds the answer to one getUpdates: a hundred updates, each far below this.
const maxAnswer = 64 << 20

// call runs a method with a JSON body and returns its result. Errors are a *callError for what the
// server refused, errUnreadable, or the network's, without the URL.
func (c *Client) call(ctx context.Context, method string, body any, timeout time.Duration) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	encoded, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("telegram: %s: %w", method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.method(method), bytes.NewReader(encoded))
	if err != nil {
		return nil, c.cause(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.cause(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, c.cause(err)
	}
	var answer struct {
		OK         bool            `json:"ok"`
		Result     json.RawMessage `json:"result"`
		Code       int             `json:"error_code"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	switch err := json.Unmarshal(raw, &answer); {
	case err != nil && resp.StatusCode >= 400:
		return nil, &callError{code: resp.StatusCode} // a proxy's page
	case err != nil:
		return nil, errUnreadable
	case !answer.OK && answer.Code == 0:
		return nil, &callError{code: resp.StatusCode}
	case !answer.OK:
		return nil, &callError{code: answer.Code, after: time.Duration(answer.Parameters.RetryAfter) * time.Second}
	}
	return answer.Result, nil
}
