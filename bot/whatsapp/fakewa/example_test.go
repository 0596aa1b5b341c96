package fakewa_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"awassiber/bot/whatsapp/fakewa"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

// The real client logs in, hears a person, and answers.
func Example() {
	ctx := context.Background() // fakewa.TrustRoot was called by TestMain
	if err := conversation(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// the client heard: halo
	// warga1 heard: halo juga
}

func conversation(ctx context.Context) error {
	srv, err := fakewa.Start(fakewa.Options{})
	if err != nil {
		return err
	}
	defer srv.Close()
	db, err := sql.Open("sqlite", "file::memory:?_pragma=foreign_keys(1)")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	container := sqlstore.NewWithDB(db, "sqlite", nil)
	defer container.Close()
	if err := container.Upgrade(ctx); err != nil {
		return err
	}
	device, err := srv.Device(ctx, container)
	if err != nil {
		return err
	}
	cli := whatsmeow.NewClient(device, nil)
	cli.SetWebsocketHTTPClient(srv.HTTPClient())
	defer cli.Disconnect()
	messages := make(chan *events.Message, 1)
	cli.AddEventHandler(func(evt any) {
		if m, is := evt.(*events.Message); is {
			messages <- m
		}
	})
	if err := cli.Connect(); err != nil {
		return err
	}
	warga := srv.Person("warga1")
	if _, err := warga.Say("halo"); err != nil {
		return err
	}
	m := <-messages
	fmt.Println("the client heard:", m.Message.GetConversation())
	if _, err := cli.SendMessage(ctx, m.Info.Chat, &waE2E.Message{Conversation: proto.String("halo juga")}); err != nil {
		return err
	}
	answer, err := srv.WaitMessage(ctx, warga.Heard(nil))
	if err != nil {
		return err
	}
	fmt.Println("warga1 heard:", answer.Text())
	return nil
}
