package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/containernetworking/plugins/pkg/testutils"
)

// pluginCall is what CmdAdd and its kin of testutils call in place of a plugin's own functions: the plugin as
// a process, with their environment and their standard output.
func pluginCall(path string, config []byte) func() error {
	return func() error {
		command := exec.Command(path)
		command.Stdin, command.Stdout = bytes.NewReader(config), os.Stdout
		return command.Run()
	}
}

// throughTestutils is one life of an interface, as the tests of the reference plugins call theirs.
func throughTestutils(r request) error {
	var list struct {
		CNIVersion string
		Name       string
		Plugins    []map[string]interface{}
	}
	if err := json.Unmarshal(r.List, &list); err != nil {
		return err
	}
	config := list.Plugins[0]
	config["cniVersion"], config["name"] = list.CNIVersion, list.Name
	path := filepath.Join(r.Path[0], config["type"].(string))
	os.Setenv("PATH", r.Path[0]+":"+os.Getenv("PATH"))
	bytesOf := func() []byte { text, _ := json.Marshal(config); return text }

	if list.CNIVersion == "1.1.0" {
		if err := testutils.CmdStatus(pluginCall(path, bytesOf())); err != nil {
			return fmt.Errorf("STATUS: %w", err)
		}
	}
	add := pluginCall(path, bytesOf())
	_, result, err := testutils.CmdAdd(r.NetNS, r.ContainerID, r.IfName, bytesOf(), add)
	if err != nil {
		return fmt.Errorf("ADD: %w", err)
	}
	config["prevResult"] = json.RawMessage(result)
	if err := testutils.CmdCheck(r.NetNS, r.ContainerID, r.IfName, pluginCall(path, bytesOf())); err != nil {
		return fmt.Errorf("CHECK: %w", err)
	}
	if err := testutils.CmdDel(r.NetNS, r.ContainerID, r.IfName, pluginCall(path, bytesOf())); err != nil {
		return fmt.Errorf("DEL: %w", err)
	}
	return nil
}
