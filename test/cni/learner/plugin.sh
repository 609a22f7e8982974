#!/bin/bash
# Written by following the lab cni-5-your-plugin alone: one file of leases, a line each, under a lock.
config=$(cat)
get() { jq -r "$1 // empty" <<<"$config"; }
fail() { jq -n --argjson code "$1" --arg msg "$2" '{cniVersion:"1.1.0",code:$code,msg:$msg}'; exit 1; }
subnet=$(get .subnet) folder=$(get .dataDir) pod=$(basename "$CNI_NETNS")
leases=$folder/leases me="$CNI_CONTAINERID/$CNI_IFNAME"
cable=cni$(md5sum <<<"$me" | cut -c1-11)

open_leases() {
  mkdir -p "$folder" && touch "$leases" || fail 5 "cannot write $folder"
  exec 9>"$folder/lock"; flock 9
}
forget() { grep -v " $1\$" "$leases" >"$leases.new"; mv "$leases.new" "$leases"; }
free_address() {
  local ip number first size
  IFS=./ read -r a b c d length <<<"$subnet"
  first=$(((a << 24) + (b << 16) + (c << 8) + d)) size=$((1 << (32 - length)))
  for ((number = first + 1; number < first + size - 1; number++)); do
    ip=$((number >> 24 & 255)).$((number >> 16 & 255)).$((number >> 8 & 255)).$((number & 255))
    grep -q "^$ip " "$leases" || { echo "$ip"; return; }
  done
}
connect() {
  ip link add "$cable" address 02:00:00:00:00:01 type veth peer name "$CNI_IFNAME" netns "$pod" &&
  ip link set "$cable" up &&
  ip -n "$pod" link set "$CNI_IFNAME" up &&
  ip -n "$pod" addr add "$1/32" dev "$CNI_IFNAME" &&
  ip -n "$pod" route add 169.254.1.1 dev "$CNI_IFNAME" scope link &&
  ip -n "$pod" route add default via 169.254.1.1 dev "$CNI_IFNAME" &&
  ip -n "$pod" neigh add 169.254.1.1 lladdr 02:00:00:00:00:01 dev "$CNI_IFNAME" nud permanent &&
  ip route replace "$1/32" dev "$cable" && echo 1 >/proc/sys/net/ipv4/ip_forward
}
add() {
  [ -e "$CNI_NETNS" ] || fail 4 "CNI_NETNS $CNI_NETNS is not there"
  open_leases
  address=$(free_address)
  [ -n "$address" ] || fail 100 "no address of $subnet is free"
  connect "$address" 2>/dev/null || { ip link del "$cable" 2>/dev/null; fail 101 "cannot connect $pod"; }
  echo "$address $me" >>"$leases"
  jq -n --arg name "$CNI_IFNAME" --arg netns "$CNI_NETNS" --arg ip "$address/32" \
    '{cniVersion:"1.1.0",interfaces:[{name:$name,sandbox:$netns}],ips:[{address:$ip,interface:0}]}'
}
check() {
  address=$(get '.prevResult.ips[0].address')
  link=$(ip -n "$pod" -o link show "$CNI_IFNAME" 2>/dev/null)
  [[ $link == *,UP* ]] || fail 102 "$CNI_IFNAME is not up"
  ip -n "$pod" -o addr show "$CNI_IFNAME" | grep -qF " $address " || fail 102 "$address is missing"
  [ -n "$(ip -n "$pod" route show default)" ] || fail 102 'the default route is missing'
}
collect() {
  open_leases
  valid=$(jq -r '."cni.dev/valid-attachments"[]? | "\(.containerID)/\(.ifname)"' <<<"$config")
  while read -r _ owner; do grep -qxF "$owner" <<<"$valid" || forget "$owner"; done < <(cat "$leases")
}
case $CNI_COMMAND in
VERSION) echo '{"cniVersion":"1.1.0","supportedVersions":["1.0.0","1.1.0"]}' ;;
ADD) add ;;
DEL) open_leases; ip link del "$cable" 2>/dev/null; forget "$me" ;;
CHECK) check ;;
STATUS) [ -n "$subnet" ] || fail 50 'subnet is missing' ;;
GC) collect ;;
*) fail 4 "CNI_COMMAND '$CNI_COMMAND' is not supported" ;;
esac
