# Text that is not ASCII reaches a container as it is, and is counted in bytes.

  $ kubectl create configmap greeting --from-literal=ko=안녕
  configmap/greeting created
  $ kubectl create secret generic whisper --from-literal=ko=쉿
  secret/whisper created
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: reader
  > spec:
  >   containers:
  >   - name: main
  >     image: busybox
  >     command: ["sh", "-c", "cat /greeting/ko; echo; echo $WHISPER; sleep 1d"]
  >     env:
  >     - name: WHISPER
  >       valueFrom: {secretKeyRef: {name: whisper, key: ko}}
  >     volumeMounts:
  >     - {name: greeting, mountPath: /greeting}
  >   volumes:
  >   - name: greeting
  >     configMap: {name: greeting}
  > EOF
  pod/reader created
  $ tick 30s
  $ kubectl logs reader
  안녕
  쉿
  $ kubectl exec reader -- wc -c /greeting/ko
  6 /greeting/ko
  $ kubectl exec reader -- sh -c 'cat /greeting/ko | md5sum; head -c 3 /greeting/ko; echo; printf "\354\211\277\n"'
  ef1c511c9efb9259438f098aff940740  -
  안
  쉿
