Who waits or watches ends by a signal with 1, as kubectl does, and a forwarded port by Ctrl-C with 0; others are killed by it.

  $ kubectl run web --image=nginx --port=80 && kubectl wait --for=condition=Ready pod/web
  pod/web created
  pod/web condition met
  $ stopped() { timeout --preserve-status --kill-after=60 --signal="$1" 5 kubectl "${@:2}" >/dev/null 2>&1; echo "$1 $2: $?" >> codes; }
  $ stopped INT get pods -w & stopped TERM get pods -w -o name & stopped INT port-forward web 0:80 & stopped HUP port-forward web 0:80 & wait; sort codes
  HUP port-forward: 129
  INT get: 1
  INT port-forward: 0
  TERM get: 1
