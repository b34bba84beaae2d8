# The node as who administers a cluster meets it: its runtime, its init, its files, and on the control plane kubeadm and etcd.

  $ cluster 2
  $ on() { kubectl debug node/$1 -it --profile=sysadmin --image=busybox:1.36 -- chroot /host sh -c "$2" 2>&1 | tail -n +2 | tr -d '\r'; }
  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ kubectl run bad --image=ngnix
  pod/bad created
  $ kubectl run crash --image=busybox:1.36 -- sh -c 'echo hi; exit 1'
  pod/crash created
  $ tick 60s > /dev/null

crictl asks the runtime.

  $ on podsim-worker 'crictl ps -a --name "web|crash"; crictl pods --namespace default -s ready | tail -n +2 | wc -l; crictl images busybox'
  CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD                 NAMESPACE
  [0-9a-f]{13}       [0-9a-f]{13}       2\d seconds ago      Exited              crash               3                   [0-9a-f]{13}       crash               default (re)
  [0-9a-f]{13}       [0-9a-f]{13}       5\d seconds ago      Running             web                 0                   [0-9a-f]{13}       web                 default (re)
  4
  IMAGE                       TAG                 IMAGE ID            SIZE
  docker.io/library/busybox   1.36                [0-9a-f]{13}       2\.\d+MB (re)
  $ on podsim-worker 'crictl logs $(crictl ps -aq --name crash); crictl inspect $(crictl ps -q --name web) | jq -r .status.state; crictl logs nonesuch'
  hi
  CONTAINER_RUNNING
  FATA[0000] container status: rpc error: code = NotFound desc = an error occurred when try to find container "nonesuch": not found 
  $ on podsim-worker 'crictl stop $(crictl ps -q --name web)'
  [0-9a-f]{64} (re)
  $ tick 5s > /dev/null
  $ kubectl get pod web
  NAME   READY   STATUS    RESTARTS     AGE
  web    1/1     Running   1 (*s ago)   *s (glob)
  $ on podsim-worker 'crictl rmp $(crictl pods -q --name web); crictl rmp -f $(crictl pods -q --name web)'
  FATA\[0000\] pod sandbox "[0-9a-f]*" is running, please stop it first  (re)
  Stopped sandbox [0-9a-f]* (re)
  Removed sandbox [0-9a-f]* (re)
  $ tick 10s > /dev/null
  $ kubectl get pod web
  NAME   READY   STATUS    RESTARTS.* (re)
  web    1/1     Running   .* (re)

Its files: logs as the runtime writes them, the kubelet's settings, what kubeadm has left.

  $ on podsim-worker 'ls /var/log/pods | grep default_crash; cat /var/log/containers/crash_default_crash-*.log | head -1; ls /etc/kubernetes; grep staticPodPath /var/lib/kubelet/config.yaml; ls /etc/cni/net.d'
  default_crash_*-* (glob)
  2026-01-01T00:0*Z stdout F hi (glob)
  kubelet.conf
  manifests
  pki
  staticPodPath: /etc/kubernetes/manifests
  10-flannel.conflist
  $ on podsim-control-plane 'ls /etc/kubernetes /etc/kubernetes/manifests; grep -c BEGIN /etc/kubernetes/pki/ca.crt; ss -lntp | grep :6443; ps aux | grep "[k]ube-scheduler" | wc -l'
  /etc/kubernetes:
  admin.conf
  controller-manager.conf
  kubelet.conf
  manifests
  pki
  scheduler.conf
  super-admin.conf
  
  /etc/kubernetes/manifests:
  etcd.yaml
  kube-apiserver.yaml
  kube-controller-manager.yaml
  kube-scheduler.yaml
  1
  LISTEN 0      4096 .*\*:6443 .*users:\(\("kube-apiserver",pid=\d+,fd=\d+\)\) (re)
  1

The kubelet is a unit of systemd, and writes to the journal.

  $ on podsim-worker 'systemctl is-active kubelet; systemctl status kubelet | head -9; journalctl -u kubelet -o cat | grep CrashLoop | tail -1'
  active
  ● kubelet.service - kubelet: The Kubernetes Node Agent
       Loaded: loaded (/etc/systemd/system/kubelet.service; enabled; preset: enabled)
      Drop-In: /etc/systemd/system/kubelet.service.d
               └─10-kubeadm.conf, 11-kind.conf
       Active: active (running) since Wed 2025-12-31 23:58:00 UTC; 3min *s ago (glob)
         Docs: http://kubernetes.io/docs/
     Main PID: 223 (kubelet)
        Tasks: 15 (limit: 9442)
       Memory: 42.4M
  E0101 00:0\S+     223 pod_workers.go:1301\] "Error syncing pod, skipping" err="failed to .*CrashLoopBackOff: .*back-off \S+s restarting failed container=crash pod=crash_default\(.*\).*" pod="default/crash" podUID=".*" (re)
  $ kubectl run admin --image=busybox:1.36 --overrides='{"spec": {"nodeName": "podsim-worker", "hostPID": true, "hostNetwork": true, "volumes": [{"name": "host", "hostPath": {"path": "/"}}], "containers": [{"name": "admin", "image": "busybox:1.36", "command": ["sh", "-c", "sleep 5; chroot /host systemctl stop kubelet; sleep 300; chroot /host systemctl start kubelet; sleep 9999"], "securityContext": {"privileged": true}, "volumeMounts": [{"name": "host", "mountPath": "/host"}]}]}}'
  pod/admin created
  $ tick 20s > /dev/null
  $ kubectl logs web
  Error from server: Get "https://172.18.0.3:10250/containerLogs/default/web/web": dial tcp 172.18.0.3:10250: connect: connection refused
  [1]
  $ kubectl get node podsim-worker
  NAME            STATUS   ROLES    AGE .* (re)
  podsim-worker   Ready    <none>   \S+   v1.33.1 (re)
  $ tick 60s > /dev/null
  $ kubectl get node podsim-worker
  NAME            STATUS     ROLES    AGE .* (re)
  podsim-worker   NotReady   <none>   \S+   v1.33.1 (re)
  $ podsim fault list
  node podsim-worker: its kubelet has been stopped
  $ tick 240s > /dev/null
  $ kubectl get node podsim-worker
  NAME            STATUS   ROLES    AGE .* (re)
  podsim-worker   Ready    <none>   \S+   v1.33.1 (re)
  $ kubectl describe node podsim-worker | grep 'Starting kubelet'
    Normal  Starting * kubelet  *Starting kubelet. (glob)

kubeadm's tokens and certificates; etcd's keys and snapshots.

  $ on podsim-control-plane 'kubeadm version -o short; kubeadm token create abcdef.0123456789abcdef --ttl 2h; kubeadm token list; kubeadm token delete abcdef; kubeadm certs check-expiration | head -6 | sed "s/ *$//"'
  v1.33.1
  abcdef.0123456789abcdef
  TOKEN                     TTL       EXPIRES                USAGES                   DESCRIPTION   EXTRA GROUPS
  abcdef.0123456789abcdef   1h        2026-01-01T02:\S+   authentication,signing   <none>        system:bootstrappers:kubeadm:default-node-token (re)
  bootstrap token "abcdef" deleted
  [check-expiration] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...
  [check-expiration] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.
  
  CERTIFICATE                EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED
  admin.conf                 Dec 31, 2026 23:58 UTC   364d            ca                      no
  apiserver                  Dec 31, 2026 23:58 UTC   364d            ca                      no
  $ etcd() { kubectl exec -n kube-system etcd-podsim-control-plane -- etcdctl --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key "$@"; }
  $ etcd get /registry/pods/default/ --prefix --keys-only | grep -v debugger
  /registry/pods/default/admin
  
  /registry/pods/default/bad
  
  /registry/pods/default/crash
  
  
  
  
  
  
  
  
  
  /registry/pods/default/web
  
  $ etcd get /registry/minions/podsim-worker --print-value-only 2>/dev/null | jq -r .kind
  Node
  $ etcd snapshot save /var/lib/etcd/backup.db 2>/dev/null
  Snapshot saved at /var/lib/etcd/backup.db
  $ etcd snapshot status /var/lib/etcd/backup.db -w table 2>/dev/null | head -2
  \+-+\+-+\+-+\+-+\+ (re)
  |   HASH   | REVISION | TOTAL KEYS | TOTAL SIZE |
  $ on podsim-control-plane 'ls /var/lib/etcd'
  backup.db
  member

Who may, enters the node by its first process.

  $ kubectl run enter --image=busybox:1.36 --overrides='{"spec": {"nodeName": "podsim-worker", "hostPID": true, "containers": [{"name": "enter", "image": "busybox:1.36", "command": ["sleep", "9999"], "securityContext": {"privileged": true}}]}}'
  pod/enter created
  $ tick 5s
  $ kubectl exec enter -- ls /proc/1/root/etc/kubernetes
  kubelet.conf
  manifests
  pki
  $ kubectl exec enter -- nsenter -t 1 -m -u -i -n -p -- sh -c 'systemctl is-active kubelet; crictl ps -q --name enter | wc -l; echo x > /srv/mark'
  active
  1
  $ kubectl exec enter -- cat /proc/1/root/srv/mark
  x
  $ kubectl exec admin -- ls /host/srv
  mark
  $ kubectl run poor --image=busybox:1.36 --overrides='{"spec": {"hostPID": true}}' -- sleep 9999
  pod/poor created
  $ tick 5s
  $ kubectl exec poor -- nsenter -t 1 -m -- ls
  nsenter: cannot open /proc/1/ns/mnt: Permission denied
  command terminated with exit code 1
  [1]

# What was said before the kubelet was stopped arrives; then the connection is gone with it.
  $ on podsim-worker 'sleep 1; hostname; systemctl stop kubelet' | tail -n 1
  podsim-worker
  $ kubectl logs web
  Error from server: Get "https://172.18.0.3:10250/containerLogs/default/web/web": dial tcp 172.18.0.3:10250: connect: connection refused
  [1]
