#!/bin/bash
# A CNI plugin: a cable for each pod, the host as router, addresses counted from the subnet of the configuration.
# Leases are files named after their address, in dataDir: each holds the container and the interface.
DOES="VERSION ADD DEL CHECK STATUS GC LOCK"
config=$(cat)
# Without a lock the moment between looking and writing counts; a busy node makes it long.
pause=true; [[ $DOES != *GC ]] || pause="sleep 0.3"

get() { jq -r "$1 // empty" <<<"$config"; }
fail() { jq -n --argjson code "$1" --arg msg "$2" '{cniVersion:"1.1.0",code:$code,msg:$msg}'; exit 1; }
number() { local IFS=.; set -- $1; echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4)); }
dotted() { echo $(($1 >> 24 & 255)).$(($1 >> 16 & 255)).$(($1 >> 8 & 255)).$(($1 & 255)); }

subnet=$(get .subnet); data=$(get .dataDir); pod=${CNI_NETNS##*/}
me="$CNI_CONTAINERID $CNI_IFNAME"
host=veth$(sha1sum <<<"$me" | head -c 10)

lease_of() { grep -lxF "$1" "$data"/* 2>/dev/null | head -1; }
release() { ip route del "$(basename "$1")" 2>/dev/null; rm -f "$1"; }

add() {
  ip netns exec "$pod" true 2>/dev/null || fail 4 "no network namespace at '$CNI_NETNS'"
  [ -n "$subnet" ] || fail 7 "the configuration has no subnet"
  mkdir -p "$data"
  local base size address i
  base=$(number "${subnet%/*}"); size=$((1 << (32 - ${subnet#*/})))
  for ((i = 1; i < size - 1; i++)); do
    address=$(dotted $((base + i)))
    [ -e "$data/$address" ] || { $pause; echo "$me" >"$data/$address"; break; }
    address=
  done
  [ -n "$address" ] || fail 11 "the subnet $subnet is full"
  {
    ip link add "$host" type veth peer name "$CNI_IFNAME" netns "$pod" &&
    ip link set "$host" up &&
    ip -n "$pod" link set "$CNI_IFNAME" up &&
    ip -n "$pod" addr add "$address/32" dev "$CNI_IFNAME" &&
    ip -n "$pod" route add 169.254.1.1 dev "$CNI_IFNAME" scope link &&
    ip -n "$pod" route add default via 169.254.1.1 dev "$CNI_IFNAME" &&
    ip -n "$pod" neigh add 169.254.1.1 lladdr "$(cat /sys/class/net/"$host"/address 2>/dev/null ||
      ip -j link show "$host" | jq -r '.[0].address')" dev "$CNI_IFNAME" nud permanent &&
    ip route replace "$address/32" dev "$host" &&
    sysctl -qw net.ipv4.ip_forward=1
  } 2>/dev/null || { ip link del "$host" 2>/dev/null; release "$data/$address"; fail 100 "cannot connect $pod"; }
  jq -n --arg name "$CNI_IFNAME" --arg ns "$CNI_NETNS" --arg host "$host" --arg ip "$address/32" '{
    cniVersion: "1.1.0",
    interfaces: [{name: $host}, {name: $name, sandbox: $ns}],
    ips: [{address: $ip, interface: 1}],
    routes: [{dst: "0.0.0.0/0"}]}'
}

del() {
  ip link del "$host" 2>/dev/null
  local lease; lease=$(lease_of "$me"); [ -z "$lease" ] || release "$lease"
}

check() {
  local want; want=$(get '.prevResult.ips[0].address')
  ip -n "$pod" -j addr show dev "$CNI_IFNAME" 2>/dev/null |
    jq -e --arg want "$want" '.[0] | (.flags | index("UP")) and any(.addr_info[]; "\(.local)/\(.prefixlen)" == $want)' >/dev/null ||
    fail 101 "$CNI_IFNAME is not up with $want"
  ip -n "$pod" route show default | grep -q . || fail 101 "the default route is missing"
}

collect() {
  local lease
  for lease in "$data"/*; do
    [ -e "$lease" ] || continue
    jq -e --arg me "$(cat "$lease")" 'any(."cni.dev/valid-attachments"[]?; "\(.containerID) \(.ifname)" == $me)' <<<"$config" >/dev/null || release "$lease"
  done
}

[[ " $DOES " == *" $CNI_COMMAND "* ]] || fail 4 "CNI_COMMAND '$CNI_COMMAND' is not supported"
[[ $DOES != *LOCK* || -z $data ]] || { mkdir -p "${data%/*}"; exec 9>"$data.lock"; flock 9; }
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.1.0","supportedVersions":["1.0.0","1.1.0"]}' ;;
ADD) add ;;
DEL) del ;;
CHECK) check ;;
STATUS) [ -n "$subnet" ] || fail 50 "the configuration has no subnet" ;;
GC) collect ;;
esac
exit 0
