package bot

// Phase is a stage of an election (DOMAIN section 10). The words are those of the configuration.
type Phase string

// Phases, in the order an election passes through them. Between elections it is NoPhase.
const (
	NoPhase     Phase = "NON_TAHAPAN"
	Preparation Phase = "PRA"
	Candidacy   Phase = "PENCALONAN"
	Campaign    Phase = "KAMPANYE"
	Silence     Phase = "MASA_TENANG"
	Voting      Phase = "PEMUNGUTAN"
	Counting    Phase = "REKAPITULASI"
	Dispute     Phase = "SENGKETA"
	Revote      Phase = "PSU" // pemungutan suara ulang
	Aftermath   Phase = "PASCA"
)

// Phases lists every phase in order.
func Phases() []Phase {
	return []Phase{NoPhase, Preparation, Candidacy, Campaign, Silence, Voting, Counting, Dispute, Revote, Aftermath}
}
