// A CNI plugin, to be written. Build it with: go build -o /run/cni/bin/my-plugin plugin.go
package main

import (
	"encoding/json"
	"os"
)

type config struct {
	Subnet  string `json:"subnet"`
	DataDir string `json:"dataDir"`
}

func fail(code int, msg string) {
	json.NewEncoder(os.Stdout).Encode(map[string]any{"cniVersion": "1.1.0", "code": code, "msg": msg})
	os.Exit(1)
}

func main() {
	var given config
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		fail(6, err.Error())
	}
	fail(4, "CNI_COMMAND '"+os.Getenv("CNI_COMMAND")+"' is not supported")
}
