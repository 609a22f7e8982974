#!/bin/bash
# A CNI plugin, to be written. Read the configuration once: standard input is gone afterwards.
config=$(cat)
get() { jq -r "$1 // empty" <<<"$config"; }
fail() { jq -n --argjson code "$1" --arg msg "$2" '{cniVersion:"1.1.0",code:$code,msg:$msg}'; exit 1; }

case $CNI_COMMAND in
# VERSION) ... ;;
# ADD) ... "$(get .subnet)" ... ;;
*) fail 4 "CNI_COMMAND '$CNI_COMMAND' is not supported" ;;
esac
