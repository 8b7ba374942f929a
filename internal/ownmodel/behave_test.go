package ownmodel_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// behave is the office's program, good or bad.
func behave(how string, args []string) {
	in := bufio.NewScanner(os.Stdin)
	if how == "closes" {
		os.Stdout.Close()
	}
	for in.Scan() {
		var q struct{ ID, Text string }
		if json.Unmarshal(in.Bytes(), &q) != nil {
			return
		}
		good := fmt.Sprintf(`{"id":%q,"labels":{"complaint":0.75,"panjang":%v}}`, q.ID, float64(len(q.Text))/100)
		switch {
		case how == "stale":
			fmt.Println(`{"id":"0","labels":{"complaint":0.1}}` + "\nmemuat model …\n" + good)
		case how == "dies", how == "dies-once" && !lived(args[0]):
			os.Exit(3)
		case how == "nonsense":
			fmt.Printf("{\"id\":%q,\"labels\":{\"complaint\":7}}\n", q.ID)
		case how == "large":
			fmt.Println(strings.Repeat("x", 2<<20))
		case how == "silent", how == "slow-second" && q.Text != "pertama" && q.Text != "keempat":
			for in.Scan() { // reads, and never answers
			}
		case how == "environment":
			secrets := 0
			for _, e := range os.Environ() {
				if strings.HasPrefix(e, "KENTONGAN") {
					secrets = 1
				}
			}
			fmt.Printf("{\"id\":%q,\"labels\":{\"secrets\":%d}}\n", q.ID, secrets)
		default:
			fmt.Println(good)
		}
	}
}

// lived says whether there was a life before this one, and marks this one.
func lived(mark string) bool {
	_, err := os.Stat(mark)
	_ = os.WriteFile(mark, nil, 0o600)
	return err == nil
}
