# Tokens that the kubelet mounts end, and are replaced when four fifths of their time are over (pkg/kubelet/token, TokenRequest).

  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: vault}
  > spec:
  >   containers: [{name: c, image: "busybox:1.36", command: [sleep, "99999"], volumeMounts: [{name: t, mountPath: /t}]}]
  >   volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 600}}]}}]
  > Y
  $ tick 10s
  $ claims() { kubectl exec vault -- cut -d. -f2 $1 | tr '_-' '/+' | awk '{while (length($0) % 4) $0 = $0 "="; print}' | base64 -d | jq -c "$2"; }
  $ claims /t/token '[.aud[0], .exp - .iat, .nbf - .iat]'
  ["vault",600,0]
  $ claims /var/run/secrets/kubernetes.io/serviceaccount/token '[.exp - .iat, .["kubernetes.io"].warnafter - .iat, (.iat | todate)]'
  [31536000,3607,"2026-01-01T00:00:00Z"]
  $ claims /t/token '.iat | todate'
  "2026-01-01T00:00:00Z"
  $ tick 9m
  $ claims /t/token '.iat | todate'
  "2026-01-01T00:08:00Z"
  $ tick 60m
  $ claims /var/run/secrets/kubernetes.io/serviceaccount/token '.iat | todate'
  "2026-01-01T00:48:05Z"

A Job holds on to the pods that it adopts.

  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: batch/v1
  > kind: Job
  > metadata: {name: work}
  > spec:
  >   parallelism: 1
  >   template: {spec: {restartPolicy: Never, containers: [{name: c, image: "busybox:1.36", command: [sleep, "999"]}]}}
  > Y
  $ tick 5s
  $ pod=$(kubectl get pods -l job-name=work -o name)
  $ kubectl patch $pod --type=json -p '[{"op": "remove", "path": "/metadata/ownerReferences"}, {"op": "remove", "path": "/metadata/finalizers"}]'
  pod/work-* patched (glob)
  $ tick 5s
  $ kubectl get $pod -o jsonpath='{.metadata.ownerReferences[0].name} {.metadata.finalizers}{"\n"}'
  work ["batch.kubernetes.io/job-tracking"]
