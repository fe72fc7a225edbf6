#!/usr/bin/env bash
# Tells Spark which GPUs there are, for spark.executor.resource.gpu.discoveryScript and spark.worker.resource.gpu's:
#   {"name":"gpu","addresses":["0","1"]}
# Addresses are the numbers of nvidia-smi. CUDA_VISIBLE_DEVICES, where it is set, says which of them may be used (by
# number or UUID), since nvidia-smi itself does not look at it.
set -euo pipefail

if ! listed=$(nvidia-smi --query-gpu=index,uuid --format=csv,noheader 2>&1); then
  printf 'discover-gpus: nvidia-smi failed: %s\n' "$listed" >&2
  exit 1
fi

addresses=
while IFS=', ' read -r index uuid; do
  if [ -z "$index" ]; then
    continue
  fi
  if [ -n "${CUDA_VISIBLE_DEVICES+set}" ]; then
    case ",${CUDA_VISIBLE_DEVICES// /}," in
      *",$index,"* | *",$uuid,"*) ;;
      *) continue ;;
    esac
  fi
  addresses="$addresses${addresses:+,}\"$index\""
done <<<"$listed"

printf '{"name":"gpu","addresses":[%s]}\n' "$addresses"
