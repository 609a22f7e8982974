#!/usr/bin/env python3
"""Written by following the lab cni-5-your-plugin alone: a file a lease, named after its address."""
import fcntl, ipaddress, json, os, subprocess, sys

config = json.load(sys.stdin)
command = os.environ.get("CNI_COMMAND", "")
container, ifname, netns = (os.environ.get(f"CNI_{word}", "") for word in ("CONTAINERID", "IFNAME", "NETNS"))
owner, pod = f"{container} {ifname}", netns.rsplit("/", 1)[-1]
GATEWAY, MAC = "169.254.1.1", "02:00:00:00:00:01"


def fail(code, msg):
    print(json.dumps({"cniVersion": "1.1.0", "code": code, "msg": msg}))
    sys.exit(1)


def ip(line, strict=True):
    done = subprocess.run(["ip", *line.split()], capture_output=True, text=True)
    if strict and done.returncode:
        fail(102, f"ip {line}: {done.stderr.strip()}")
    return done.stdout


def leases():
    os.makedirs(config["dataDir"], exist_ok=True)
    lock = open(os.path.join(config["dataDir"], ".lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    names = [name for name in os.listdir(config["dataDir"]) if not name.startswith(".")]
    return lock, {name: open(os.path.join(config["dataDir"], name)).read() for name in names}


def release(address):
    ip(f"link del v{int(ipaddress.ip_address(address)):x}", strict=False)
    os.remove(os.path.join(config["dataDir"], address))


def add():
    if not os.path.exists(netns):
        fail(4, f"{netns} is not there")
    lock, taken = leases()
    address = next((str(a) for a in ipaddress.ip_network(config["subnet"]).hosts() if str(a) not in taken), None)
    if address is None:
        fail(100, "the subnet is full")
    cable = f"v{int(ipaddress.ip_address(address)):x}"
    ip(f"link add {cable} address {MAC} type veth peer name {ifname} netns {pod}")
    open(os.path.join(config["dataDir"], address), "w").write(owner)
    ip(f"link set {cable} up")
    for line in (f"link set {ifname} up", f"addr add {address}/32 dev {ifname}", f"route add {GATEWAY} dev {ifname} scope link",
                 f"route add default via {GATEWAY} dev {ifname}", f"neigh add {GATEWAY} lladdr {MAC} dev {ifname} nud permanent"):
        ip(f"-n {pod} {line}")
    ip(f"route add {address}/32 dev {cable}")
    open("/proc/sys/net/ipv4/ip_forward", "w").write("1")
    print(json.dumps({"cniVersion": "1.1.0", "interfaces": [{"name": ifname, "sandbox": netns}],
                      "ips": [{"address": f"{address}/32", "interface": 0}]}))


def check():
    wanted = config["prevResult"]["ips"][0]["address"]
    links = json.loads(ip(f"-n {pod} -j addr show {ifname}"))
    has = [f"{a['local']}/{a['prefixlen']}" for a in links[0]["addr_info"]]
    if "UP" not in links[0]["flags"] or wanted not in has or not ip(f"-n {pod} route show default"):
        fail(103, f"{ifname} is not as ADD left it")


def keep(owners):
    lock, taken = leases()
    for address in [a for a, who in taken.items() if not owners(who)]:
        release(address)


if command == "VERSION":
    print(json.dumps({"cniVersion": "1.1.0", "supportedVersions": ["1.0.0", "1.1.0"]}))
elif command == "ADD":
    add()
elif command == "CHECK":
    check()
elif command == "DEL":
    keep(lambda who: who != owner)
elif command == "GC":
    valid = [f"{a['containerID']} {a['ifname']}" for a in config["cni.dev/valid-attachments"]]
    keep(lambda who: who in valid)
elif command == "STATUS":
    config.get("subnet") or fail(50, "subnet is missing")
else:
    fail(4, f"CNI_COMMAND {command} is not supported")
