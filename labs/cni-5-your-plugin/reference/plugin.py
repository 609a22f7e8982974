#!/usr/bin/env python3
"""A CNI plugin: a cable for each pod, the host as router, leases in one JSON file under a lock."""
import fcntl, hashlib, ipaddress, json, os, subprocess, sys

env = os.environ.get
command, container, netns, ifname = (env(k, "") for k in ("CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"))
config = json.load(sys.stdin)
me, pod = f"{container} {ifname}", os.path.basename(netns)
host = "c" + hashlib.sha1(me.encode()).hexdigest()[:12]


def fail(code, msg):
    print(json.dumps({"cniVersion": "1.1.0", "code": code, "msg": msg}))
    sys.exit(1)


def ip(*args):
    done = subprocess.run(["ip", *args], capture_output=True, text=True)
    if done.returncode:
        raise OSError(done.stderr.strip())
    return done.stdout


def quietly(*args):
    try:
        ip(*args)
    except OSError:
        pass


class Leases(dict):
    def __enter__(self):
        os.makedirs(config["dataDir"], exist_ok=True)
        self.file = open(os.path.join(config["dataDir"], "leases"), "a+")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.file.seek(0)
        self.update(json.loads(self.file.read() or "{}"))
        return self

    def __exit__(self, *_):
        self.file.truncate(0)
        self.file.write(json.dumps(self))
        self.file.close()


def wire(address):
    ip("link", "add", host, "type", "veth", "peer", "name", ifname, "netns", pod)
    mac = json.loads(ip("-j", "link", "show", host))[0]["address"]
    ip("link", "set", host, "up")
    for words in (f"link set {ifname} up", f"addr add {address}/32 dev {ifname}", f"route add 169.254.1.1 dev {ifname} scope link",
                  f"route add default via 169.254.1.1 dev {ifname}", f"neigh add 169.254.1.1 lladdr {mac} dev {ifname} nud permanent"):
        ip("-n", pod, *words.split())
    ip("route", "replace", f"{address}/32", "dev", host)
    open("/proc/sys/net/ipv4/ip_forward", "w").write("1")


def add():
    if not os.path.exists(netns):
        fail(4, f"no network namespace at '{netns}'")
    with Leases() as leases:
        free = (str(one) for one in ipaddress.ip_network(config["subnet"]).hosts() if str(one) not in leases)
        address = next(free, None)
        if address is None:
            fail(11, "the subnet is full")
        try:
            wire(address)
        except OSError as error:
            quietly("link", "del", host)
            fail(100, str(error))
        leases[address] = me
    print(json.dumps({"cniVersion": config["cniVersion"], "interfaces": [{"name": ifname, "sandbox": netns}, {"name": host}],
                      "ips": [{"address": f"{address}/32", "interface": 0}]}))


def keep(is_kept):
    with Leases() as leases:
        for address in [a for a, owner in leases.items() if not is_kept(owner)]:
            quietly("route", "del", f"{address}/32")
            del leases[address]


def check():
    want = config["prevResult"]["ips"][0]["address"]
    try:
        link = json.loads(ip("-n", pod, "-j", "addr", "show", "dev", ifname))[0]
        has = [f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"]]
        if "UP" not in link["flags"] or want not in has or not ip("-n", pod, "route", "show", "default").strip():
            fail(101, f"{ifname} is not as it was left")
    except OSError as error:
        fail(101, str(error))


if command == "VERSION":
    print(json.dumps({"cniVersion": "1.1.0", "supportedVersions": ["1.0.0", "1.1.0"]}))
elif command == "ADD":
    add()
elif command == "DEL":
    quietly("link", "del", host)
    keep(lambda owner: owner != me)
elif command == "CHECK":
    check()
elif command == "STATUS":
    "subnet" in config or fail(50, "no subnet")
elif command == "GC":
    valid = [f"{a['containerID']} {a['ifname']}" for a in config.get("cni.dev/valid-attachments", [])]
    keep(lambda owner: owner in valid)
else:
    fail(4, f"unknown command '{command}'")
