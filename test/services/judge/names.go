package main

import (
	"context"
	"net"
	"sort"
	"strings"

	"github.com/coredns/coredns/plugin/kubernetes"
	"github.com/coredns/coredns/plugin/kubernetes/object"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
)

type question struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

type answer struct {
	Code  string   `json:"code"`
	Found []string `json:"found"`
}

// ask has CoreDNS' plugin answer every question, with the stored objects in place of a cluster's.
func ask(w world, slices []*discovery.EndpointSlice) []answer {
	plugin := kubernetes.New([]string{"cluster.local.", "in-addr.arpa.", "ip6.arpa."})
	plugin.APIConn = store(w, slices)
	plugin.Upstream = upstream{}
	answers := []answer{}
	for _, one := range w.Names {
		query := new(dns.Msg)
		query.SetQuestion(dns.Fqdn(one.Name), dns.StringToType[one.Type])
		written := &writer{}
		code, _ := plugin.ServeDNS(context.TODO(), written, query)
		found := []string{}
		if written.message != nil {
			code = written.message.Rcode
			for _, rr := range written.message.Answer {
				found = append(found, strings.ToLower(strings.Join(strings.Fields(rr.String()), " ")))
			}
		}
		sort.Strings(found)
		answers = append(answers, answer{dns.RcodeToString[code], found})
	}
	return answers
}

type objects struct {
	services   []*object.Service
	endpoints  []*object.Endpoints
	namespaces map[string]bool
}

func store(w world, slices []*discovery.EndpointSlice) *objects {
	o := &objects{namespaces: map[string]bool{}}
	for _, service := range w.Services {
		o.namespaces[service.Namespace] = true
		if made, err := object.ToService(service.DeepCopy()); err == nil {
			o.services = append(o.services, made.(*object.Service))
		}
	}
	for _, pod := range w.Pods {
		o.namespaces[pod.Namespace] = true
	}
	for _, slice := range slices {
		if made, err := object.EndpointSliceToEndpoints(slice.DeepCopy()); err == nil {
			o.endpoints = append(o.endpoints, made.(*object.Endpoints))
		}
	}
	return o
}

func (o *objects) ServiceList() []*object.Service                   { return o.services }
func (o *objects) EndpointsList() []*object.Endpoints               { return o.endpoints }
func (o *objects) ServiceImportList() []*object.ServiceImport       { return nil }
func (o *objects) SvcImportIndex(string) []*object.ServiceImport    { return nil }
func (o *objects) SvcExtIndexReverse(string) []*object.Service      { return nil }
func (o *objects) PodIndex(string) []*object.Pod                    { return nil }
func (o *objects) McEpIndex(string) []*object.MultiClusterEndpoints { return nil }
func (o *objects) Run()                                             {}
func (o *objects) HasSynced() bool                                  { return true }
func (o *objects) Stop() error                                      { return nil }
func (o *objects) Modified(kubernetes.ModifiedMode) int64           { return 1 }
func (o *objects) GetNodeByName(context.Context, string) (*v1.Node, error) {
	return &v1.Node{}, nil
}

func (o *objects) SvcIndex(index string) (found []*object.Service) {
	for _, one := range o.services {
		if one.Index == index {
			found = append(found, one)
		}
	}
	return found
}

func (o *objects) SvcIndexReverse(ip string) (found []*object.Service) {
	for _, one := range o.services {
		for _, own := range one.ClusterIPs {
			if same(own, ip) {
				found = append(found, one)
			}
		}
	}
	return found
}

func (o *objects) EpIndex(index string) (found []*object.Endpoints) {
	for _, one := range o.endpoints {
		if one.Index == index {
			found = append(found, one)
		}
	}
	return found
}

func (o *objects) EpIndexReverse(ip string) (found []*object.Endpoints) {
	for _, one := range o.endpoints {
		for _, own := range one.IndexIP {
			if same(own, ip) {
				found = append(found, one)
				break
			}
		}
	}
	return found
}

func (o *objects) GetNamespaceByName(name string) (*object.Namespace, error) {
	if !o.namespaces[name] {
		return nil, &missing{name}
	}
	return &object.Namespace{Name: name}, nil
}

type missing struct{ name string }

func (m *missing) Error() string { return "no namespace " + m.name }

func same(a, b string) bool { return net.ParseIP(a).Equal(net.ParseIP(b)) }

// writer keeps what the plugin answers.
type writer struct{ message *dns.Msg }

func (w *writer) LocalAddr() net.Addr         { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 53} }
func (w *writer) RemoteAddr() net.Addr        { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000} }
func (w *writer) WriteMsg(m *dns.Msg) error   { w.message = m; return nil }
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }
func (w *writer) Close() error                { return nil }
func (w *writer) TsigStatus() error           { return nil }
func (w *writer) TsigTimersOnly(bool)         {}
func (w *writer) Hijack()                     {}

// upstream knows no name.
type upstream struct{}

func (upstream) Lookup(context.Context, request.Request, string, uint16) (*dns.Msg, error) {
	return new(dns.Msg), nil
}
