// Command judge drives CNI plugins as container runtimes do: through libcni, with its cache. It reads one
// request as JSON from standard input and writes what libcni answered.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/types"
)

type request struct {
	Op           string                 `json:"op"`
	List         json.RawMessage        `json:"list"`
	ContainerID  string                 `json:"containerID"`
	NetNS        string                 `json:"netns"`
	IfName       string                 `json:"ifname"`
	Args         [][2]string            `json:"args"`
	Capabilities map[string]interface{} `json:"capabilities"`
	Valid        []types.GCAttachment   `json:"valid"`
	Path         []string               `json:"path"`
	Cache        string                 `json:"cache"`
}

func run(r request) (types.Result, error) {
	list, err := libcni.ConfListFromBytes(r.List)
	if err != nil {
		return nil, err
	}
	cni := libcni.NewCNIConfigWithCacheDir(r.Path, r.Cache, nil)
	runtime := &libcni.RuntimeConf{
		ContainerID: r.ContainerID, NetNS: r.NetNS, IfName: r.IfName,
		Args: r.Args, CapabilityArgs: r.Capabilities,
	}
	ctx := context.Background()
	switch r.Op {
	case "ADD":
		return cni.AddNetworkList(ctx, list, runtime)
	case "CHECK":
		return nil, cni.CheckNetworkList(ctx, list, runtime)
	case "DEL":
		return nil, cni.DelNetworkList(ctx, list, runtime)
	case "STATUS":
		return nil, cni.GetStatusNetworkList(ctx, list)
	case "GC":
		return nil, cni.GCNetworkList(ctx, list, &libcni.GCArgs{ValidAttachments: r.Valid})
	case "GC-NIL":
		return nil, cni.GCNetworkList(ctx, list, nil)
	case "TESTUTILS":
		return nil, throughTestutils(r)
	case "VALIDATE":
		_, err := cni.ValidateNetworkList(ctx, list)
		return nil, err
	}
	return nil, fmt.Errorf("no such operation: %q", r.Op)
}

func main() {
	var r request
	answer := map[string]interface{}{}
	err := json.NewDecoder(os.Stdin).Decode(&r)
	if err == nil {
		var result types.Result
		if result, err = run(r); result != nil {
			answer["result"] = result
		}
	}
	if err != nil {
		answer["error"] = err.Error()
		var coded *types.Error
		if errors.As(err, &coded) {
			answer["code"] = coded.Code
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		os.Exit(1)
	}
}
