# Local disk has limits, too: what a container writes beyond them gets the pod evicted at the kubelet's next look (every 10s).

  $ writer() { cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: $1
  > spec:
  >   containers:
  >   - name: c
  >     image: busybox:1.36
  >     command: [sh, -c, "sleep 5; dd if=/dev/zero of=$2 bs=1M count=20; sleep 1000"]
  >     volumeMounts: [{name: d, mountPath: /d}]
  >     $3
  >   - name: idle
  >     image: busybox:1.36
  >     command: [sleep, "1000"]
  >     $4
  >   volumes:
  >   - name: d
  >     emptyDir: $5
  > EOF
  > }
  $ writer pod /big 'resources: {limits: {ephemeral-storage: 10Mi}}' '' '{}'
  pod/pod created
  $ writer one /big 'resources: {limits: {ephemeral-storage: 10Mi}}' 'resources: {limits: {ephemeral-storage: 100Mi}}' '{}'
  pod/one created
  $ writer volume /d/big 'resources: {limits: {ephemeral-storage: 10Mi}}' '' '{}'
  pod/volume created
  $ writer sized /d/big '' '' '{sizeLimit: 10Mi}'
  pod/sized created
  $ writer free /big '' '' '{}'
  pod/free created
  $ tick 8s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3}'
  free 2/2 Running
  one 2/2 Running
  pod 2/2 Running
  sized 2/2 Running
  volume 2/2 Running
  $ tick 30s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3}'
  free 2/2 Running
  one 0/2 Error
  pod 0/2 Error
  sized 0/2 Error
  volume 0/2 Error
  $ kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}: {.status.reason} {.status.message}{"\n"}{end}'
  free:  
  one: Evicted Container c exceeded its local ephemeral storage limit "10Mi". 
  pod: Evicted Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. 
  sized: Evicted Usage of EmptyDir volume "d" exceeds the limit "10Mi". 
  volume: Evicted Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. 
  $ kubectl describe pod one | grep Evicted | tail -n 1
    Warning  Evicted  *  kubelet  *Container c exceeded its local ephemeral storage limit "10Mi". (glob)
