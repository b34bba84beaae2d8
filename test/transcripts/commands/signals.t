Who waits or watches ends by a signal with 1, as kubectl does, and a forwarded port by Ctrl-C with 0; others are killed by it.

  $ kubectl run web --image=nginx --port=80 && kubectl wait --for=condition=Ready pod/web
  pod/web created
  pod/web condition met
  $ stopped() { timeout --preserve-status --kill-after=60 --signal="$1" 5 kubectl "${@:2}" >out 2>err; echo $?; cat err; }
  $ stopped INT get pods -w --no-headers & stopped TERM get pods -w -o name & wait
  1
  1
  $ stopped INT port-forward web 0:80
  0
  $ stopped HUP port-forward web 0:80 2>/dev/null
  129
