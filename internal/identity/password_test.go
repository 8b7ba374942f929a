package identity

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// The decoy must cost what a real hash costs, or the time of an answer tells
// which names exist.
func TestTheDecoyCostsAsMuchAsARealHash(t *testing.T) {
	h := newHasher()
	params, _, key, err := argon2id.DecodeHash(decoy)
	if err != nil {
		t.Fatal(err)
	}
	if params.Memory != h.cost.Memory || params.Iterations != h.cost.Iterations || params.Parallelism != h.cost.Parallelism || len(key) != int(h.cost.KeyLength) {
		t.Errorf("decoy %+v, real %+v", *params, h.cost)
	}
}

func TestTheSameCharactersAreTheSamePassword(t *testing.T) {
	if composed, apart := cleanPassword("caf\u00e9"), cleanPassword("cafe\u0301"); composed != apart {
		t.Errorf("%q and %q differ", composed, apart)
	}
}
