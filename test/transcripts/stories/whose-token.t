# A pod's token is its user's alone where all of its containers name one, and fsGroup's members may read it.

  $ cat > pods.sh <<'END'
  > pod() {
  >   kubectl run "$1" --image=busybox:1.36 --restart=Never --overrides="{\"spec\":{\"securityContext\":$2}}" -- sh -c 'ls -lnL /var/run/secrets/kubernetes.io/serviceaccount/token' > out
  >   kubectl wait --for=jsonpath='{.status.phase}'=Succeeded "pod/$1" > out
  >   kubectl logs "$1" | awk '{ print $1, $3, $4 }'
  > }
  > pod any '{}'
  > pod user '{"runAsUser":1000}'
  > pod group '{"fsGroup":2000}'
  > pod both '{"runAsUser":1000,"fsGroup":2000}'
  > END
  $ sh pods.sh
  -rw-r--r-- 0 0
  -rw------- 1000 0
  -rw-r----- 0 2000
  -rw-r----- 1000 2000
