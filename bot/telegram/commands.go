package telegram

import (
	"context"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Command is a line of the menu a client shows: a name of 1-32 small letters, digits and underscores,
// and a description of 1-256 characters.
type Command struct{ Name, Description string }

// SetCommands sets the menus of private chats and of groups
// (https://core.telegram.org/bots/api#setmycommands). An empty list removes a menu. Errors are
// *bot.SendError.
func (c *Client) SetCommands(ctx context.Context, private, group []Command) error {
	if err := c.setCommands(ctx, private, &models.BotCommandScopeAllPrivateChats{}); err != nil {
		return err
	}
	return c.setCommands(ctx, group, &models.BotCommandScopeAllGroupChats{})
}

func (c *Client) setCommands(ctx context.Context, list []Command, scope models.BotCommandScope) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	commands := make([]models.BotCommand, len(list))
	for i, one := range list {
		commands[i] = models.BotCommand{Command: one.Name, Description: one.Description}
	}
	if _, err := c.api.SetMyCommands(ctx, &tgbot.SetMyCommandsParams{Commands: commands, Scope: scope}); err != nil {
		return c.sendError(err)
	}
	return nil
}
