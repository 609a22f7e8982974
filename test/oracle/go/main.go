// Command oracle answers flows as sigs.k8s.io/kube-network-policies decides them.
//
// It reads one world a line (JSON: namespaces, pods, policies, admin, baseline, flows) and prints for
// each the verdicts of its flows, in their order: "." for allowed, "X" for denied.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	_ "unsafe"

	v1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/network-policy-api/apis/v1alpha1"
	npafake "sigs.k8s.io/network-policy-api/pkg/client/clientset/versioned/fake"
	npainformers "sigs.k8s.io/network-policy-api/pkg/client/informers/externalversions"
)

// packet has the layout of the package's own type of this name (packet.go of v0.8.0).
type packet struct {
	id      uint32
	family  v1.IPFamily
	srcIP   net.IP
	dstIP   net.IP
	proto   v1.Protocol
	srcPort int
	dstPort int
	payload []byte
}

// The package exports no way to ask; an empty assembly file lets the body be linked from there.
//
//go:linkname evaluatePacket sigs.k8s.io/kube-network-policies/pkg/networkpolicy.(*Controller).evaluatePacket
func evaluatePacket(c *networkpolicy.Controller, ctx context.Context, p packet) bool

type world struct {
	Namespaces []*v1.Namespace
	Pods       []*v1.Pod
	Policies   []*networkingv1.NetworkPolicy
	Admin      []*v1alpha1.AdminNetworkPolicy
	Baseline   []*v1alpha1.BaselineAdminNetworkPolicy
	Flows      []struct {
		From, To, Protocol string
		Port               int
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var w world
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			panic(err)
		}
		fmt.Println(answer(w))
	}
}

func answer(w world) string {
	client := fake.NewSimpleClientset()
	core := informers.NewSharedInformerFactory(client, 0)
	npa := npafake.NewSimpleClientset()
	admin := npainformers.NewSharedInformerFactory(npa, 0)
	policies := core.Networking().V1().NetworkPolicies()
	namespaces := core.Core().V1().Namespaces()
	pods := core.Core().V1().Pods()
	admins := admin.Policy().V1alpha1().AdminNetworkPolicies()
	baselines := admin.Policy().V1alpha1().BaselineAdminNetworkPolicies()
	controller, err := networkpolicy.NewController(client, policies, namespaces, pods,
		core.Core().V1().Nodes(), npa, admins, baselines,
		networkpolicy.Config{NodeName: "n", AdminNetworkPolicy: true, BaselineAdminNetworkPolicy: true})
	if err != nil {
		panic(err)
	}
	for _, one := range w.Namespaces {
		namespaces.Informer().GetIndexer().Add(one)
	}
	for _, one := range w.Pods {
		pods.Informer().GetIndexer().Add(one)
	}
	for _, one := range w.Policies {
		policies.Informer().GetIndexer().Add(one)
	}
	for _, one := range w.Admin {
		admins.Informer().GetIndexer().Add(one)
	}
	for _, one := range w.Baseline {
		baselines.Informer().GetIndexer().Add(one)
	}
	verdicts := make([]byte, len(w.Flows))
	for i, flow := range w.Flows {
		verdicts[i] = 'X'
		if evaluatePacket(controller, context.Background(), packet{
			family: v1.IPv4Protocol, srcIP: net.ParseIP(flow.From), dstIP: net.ParseIP(flow.To),
			proto: v1.Protocol(flow.Protocol), srcPort: 40000, dstPort: flow.Port,
		}) {
			verdicts[i] = '.'
		}
	}
	return string(verdicts)
}
