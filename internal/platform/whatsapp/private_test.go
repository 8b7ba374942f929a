package whatsapp

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/sandbox"
	"kentongan/internal/vault"
)

// What is stored of a conversation holds neither the citizen's number nor a
// message id that does; an answer reaches the citizen all the same.
func TestStoredIDsTellNobodysNumber(t *testing.T) {
	s := pretended(t, specification(t), sandbox.Rules{})
	v, err := vault.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	plain := s.Connector.(*Connector)
	private := Keep(plain, v)
	const body = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
		"metadata":{"display_phone_number":"62","phone_number_id":"104500000000701"},"contacts":[{"profile":{"name":"Warga"},"wa_id":"628123456789"}],
		"messages":[{"from":"628123456789","id":"wamid.HBgNNjI4MTIzNDU2Nzg5","timestamp":"1795435200","type":"text","text":{"body":"halo"}}]}}]}]}`
	open, err := plain.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := private.Parse([]byte(body))
	if err != nil || len(kept["104500000000701"]) != 1 {
		t.Fatalf("%+v %v", kept, err)
	}
	it, was := kept["104500000000701"][0], open["104500000000701"][0]
	for name, id := range map[string]string{"message": it.RemoteID, "conversation": it.Thread, "answered": it.InReplyTo} {
		if strings.Contains(id, "628123456789") || strings.Contains(id, "wamid") {
			t.Errorf("the %s's id tells who it is: %s", name, id)
		}
	}
	out, err := private.named(platform.Outgoing{InReplyTo: it.RemoteID, Thread: it.Thread})
	if err != nil || out.InReplyTo != was.RemoteID || out.Thread != was.Thread {
		t.Errorf("named %+v, %v", out, err)
	}
	if _, err := private.Publish(t.Context(), s.Account, platform.Outgoing{Text: "x", Thread: it.Thread[:20], InReplyTo: it.RemoteID}, &platformtest.Notes{}); platform.Classify(platform.Receipt{}, err) != platform.Unsent {
		t.Errorf("an alias that does not open: %v", err)
	}
	if was.At.Before(time.Unix(1795435199, 0)) {
		t.Errorf("at %v", was.At)
	}
}
