package bolt

import "awassiber/bot"

// PutChannel implements bot.PeopleTx.
func (x *tx) PutChannel(c bot.Channel) error {
	return x.put(tChannel, []byte(c.Organisation), nil, c)
}

// DeleteChannel implements bot.PeopleTx.
func (x *tx) DeleteChannel(organisation string) error {
	return x.remove(tChannel, []byte(organisation))
}

// Channels implements bot.PeopleTx.
func (x *tx) Channels() ([]bot.Channel, error) {
	var all []bot.Channel
	for k, v := range x.scan(tChannel, nil, false) {
		var c bot.Channel
		if err := x.decode(tChannel, k, v, &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
