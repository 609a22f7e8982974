// What Kubernetes' own code makes of a Service: EndpointSlices by the reconciler of the EndpointSlice
// controller, endpoints of each node by kube-proxy's trackers and its choice, DNS answers by CoreDNS'
// kubernetes plugin. One JSON object a line in, one out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/go-logr/logr"
	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	corelisters "k8s.io/client-go/listers/core/v1"
	testing "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	"k8s.io/endpointslice"
	endpointsliceutil "k8s.io/endpointslice/util"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/proxy"
)

type world struct {
	Services []*v1.Service              `json:"services"`
	Pods     []*v1.Pod                  `json:"pods"`
	Nodes    []*v1.Node                 `json:"nodes"`
	Slices   []*discovery.EndpointSlice `json:"slices"`
	Names    []question                 `json:"names"`
}

type verdict struct {
	Slices []*discovery.EndpointSlice `json:"slices"`
	Ports  []port                     `json:"ports"`
	Names  []answer                   `json:"names"`
}

// What kube-proxy of one node chooses for one port of a Service in one family.
type port struct {
	Node        string   `json:"node"`
	Name        string   `json:"name"`
	Family      string   `json:"family"`
	Cluster     []string `json:"cluster"`
	Local       []string `json:"local"`
	Any         bool     `json:"any"`
	UsesCluster bool     `json:"usesCluster"`
	UsesLocal   bool     `json:"usesLocal"`
}

func main() {
	klog.SetLogger(logr.Discard())
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var w world
		if err := json.Unmarshal(in.Bytes(), &w); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		slices := append(reconcile(w), w.Slices...)
		if err := out.Encode(verdict{slices, choose(w, slices), ask(w, slices)}); err != nil {
			os.Exit(1)
		}
	}
}

func reconcile(w world) []*discovery.EndpointSlice {
	nodes := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{})
	for _, node := range w.Nodes {
		nodes.Add(node)
	}
	var all []*discovery.EndpointSlice
	for _, service := range w.Services {
		if len(service.Spec.Selector) == 0 || service.Spec.Type == v1.ServiceTypeExternalName {
			continue
		}
		client := fake.NewSimpleClientset()
		number := 0
		client.PrependReactor("create", "endpointslices", func(action testing.Action) (bool, runtime.Object, error) {
			slice := action.(testing.CreateAction).GetObject().(*discovery.EndpointSlice)
			slice.Name = fmt.Sprintf("%s%d", slice.GenerateName, number)
			number++
			return false, slice, nil
		})
		reconciler := endpointslice.NewReconciler(client, corelisters.NewNodeLister(nodes), 1000,
			endpointsliceutil.NewEndpointSliceTracker(), nil, record.NewFakeRecorder(100),
			"endpointslice-controller.k8s.io", endpointslice.WithTrafficDistributionEnabled(true, true))
		err := reconciler.Reconcile(klog.Background(), service, selected(w.Pods, service), nil, time.Now())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		list, _ := client.DiscoveryV1().EndpointSlices(service.Namespace).List(context.TODO(), metav1.ListOptions{})
		for i := range list.Items {
			all = append(all, &list.Items[i])
		}
	}
	return all
}

func selected(pods []*v1.Pod, service *v1.Service) []*v1.Pod {
	var found []*v1.Pod
	for _, pod := range pods {
		matches := pod.Namespace == service.Namespace
		for key, value := range service.Spec.Selector {
			matches = matches && pod.Labels[key] == value
		}
		if matches {
			found = append(found, pod)
		}
	}
	return found
}

func choose(w world, slices []*discovery.EndpointSlice) []port {
	ports := []port{}
	for _, family := range []v1.IPFamily{v1.IPv4Protocol, v1.IPv6Protocol} {
		for _, node := range w.Nodes {
			endpoints := proxy.NewEndpointsChangeTracker(family, node.Name, nil, nil)
			for _, slice := range slices {
				endpoints.EndpointSliceUpdate(slice, false)
			}
			endpointsMap := make(proxy.EndpointsMap)
			endpointsMap.Update(endpoints)
			services := proxy.NewServiceChangeTracker(family, nil, nil)
			for _, service := range w.Services {
				services.Update(nil, service)
			}
			serviceMap := make(proxy.ServicePortMap)
			serviceMap.Update(services)
			for name, info := range serviceMap {
				cluster, local, _, any := proxy.CategorizeEndpoints(endpointsMap[name], info, node.Name, node.Labels)
				ports = append(ports, port{node.Name, name.String() + "/" + string(name.Protocol), string(family),
					texts(cluster), texts(local), any, info.UsesClusterEndpoints(), info.UsesLocalEndpoints()})
			}
		}
	}
	return ports
}

func texts(endpoints []proxy.Endpoint) []string {
	found := []string{}
	for _, endpoint := range endpoints {
		found = append(found, endpoint.String())
	}
	sort.Strings(found)
	return found
}
