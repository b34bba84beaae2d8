# Static pods by hand: the kubelet runs what the files in its manifests directory say, and shows it to the API by mirrors.

  $ kubectl run host --image=busybox:1.36 --overrides='{"spec":{"containers":[{"name":"host","image":"busybox:1.36","command":["sleep","1d"],"volumeMounts":[{"name":"root","mountPath":"/host"}]}],"volumes":[{"name":"root","hostPath":{"path":"/"}}]}}'
  pod/host created
  $ kubectl wait --for=condition=Ready pod/host
  pod/host condition met
  $ kubectl exec host -- sh -c 'grep staticPodPath /host/var/lib/kubelet/config.yaml; ls /host/etc/kubernetes/manifests'
  staticPodPath: /etc/kubernetes/manifests
  etcd.yaml
  kube-apiserver.yaml
  kube-controller-manager.yaml
  kube-scheduler.yaml
  $ kubectl run static-web --image=nginx:1.27 --dry-run=client -o yaml | kubectl exec -i host -- sh -c 'cat > /host/etc/kubernetes/manifests/web.yaml'
  $ tick 10s
  $ kubectl get pods
  NAME                              READY   STATUS    RESTARTS   AGE
  host                              1/1     Running   0          * (glob)
  static-web-podsim-control-plane   1/1     Running   0          10s
  $ kubectl get pod static-web-podsim-control-plane -o jsonpath='{.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name} {.metadata.annotations.kubernetes\.io/config\.source} {.spec.tolerations}{"\n"}'
  Node/podsim-control-plane file [{"effect":"NoExecute","operator":"Exists"}]
  $ kubectl delete pod static-web-podsim-control-plane
  pod "static-web-podsim-control-plane" deleted
  $ tick 2s
  $ kubectl get pods static-web-podsim-control-plane
  NAME                              READY   STATUS    RESTARTS   AGE
  static-web-podsim-control-plane   1/1     Running   0          2s

Another text is another pod: the old one is stopped first.

  $ kubectl exec host -- sed -i 's/nginx:1.27/nginx:1.28/' /host/etc/kubernetes/manifests/web.yaml
  $ tick 15s
  $ kubectl get pods static-web-podsim-control-plane -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image,PHASE:.status.phase
  NAME                              IMAGE        PHASE
  static-web-podsim-control-plane   nginx:1.28   Running
  $ kubectl get events --field-selector involvedObject.name=static-web-podsim-control-plane,reason=Killing -o custom-columns=MESSAGE:.message
  MESSAGE
  Stopping container static-web

What a node has besides says that nothing comes of it.

  $ kubectl exec host -- chroot /host systemctl restart kubelet

What cannot be read as a Pod is as good as not there, and hidden files are not looked at.

  $ kubectl exec host -- sh -c 'cd /host/etc/kubernetes/manifests; mv web.yaml .web.yaml; echo "kind: [" > broken.yaml; echo "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}" > other.yaml'
  $ tick 5s
  $ kubectl get pods
  NAME   READY   STATUS    RESTARTS   AGE
  host   1/1     Running   0          * (glob)

A mirror needs its namespace; the kubelet tries again.

  $ kubectl exec host -- sh -c 'cd /host/etc/kubernetes/manifests; rm broken.yaml other.yaml; sed "s/^  name: static-web/&\n  namespace: later/" .web.yaml > later.yaml'
  $ tick 5s
  $ kubectl get pods -n later
  No resources found in later namespace.
  $ kubectl create namespace later
  namespace/later created
  $ tick 90s
  $ kubectl get pods -n later --no-headers
  static-web-podsim-control-plane   1/1   Running   0     * (glob)
  $ kubectl exec host -- rm /host/etc/kubernetes/manifests/later.yaml
  $ tick 5s
  $ kubectl get pods -n later
  No resources found in later namespace.

Without its manifest there is no scheduler, and nobody looks for a node.

  $ kubectl exec host -- mv /host/etc/kubernetes/manifests/kube-scheduler.yaml /host/tmp/
  $ tick 35s
  $ kubectl get pods -n kube-system kube-scheduler-podsim-control-plane
  Error from server (NotFound): pods "kube-scheduler-podsim-control-plane" not found
  [1]
  $ kubectl run waiting --image=nginx:1.27
  pod/waiting created
  $ tick 1m
  $ kubectl get pod waiting
  NAME      READY   STATUS    RESTARTS   AGE
  waiting   0/1     Pending   0          60s
  $ kubectl events --for pod/waiting
  No events found in default namespace.
  $ kubectl exec host -- mv /host/tmp/kube-scheduler.yaml /host/etc/kubernetes/manifests/
  $ tick 10s
  $ kubectl get pod waiting
  NAME      READY   STATUS    RESTARTS   AGE
  waiting   1/1     Running   0          70s

Nor are there controllers without kube-controller-manager: what they have missed they do when it is back.

  $ kubectl create deployment web --image=nginx:1.27
  deployment.apps/web created
  $ tick 10s
  $ kubectl exec host -- mv /host/etc/kubernetes/manifests/kube-controller-manager.yaml /host/tmp/
  $ tick 35s
  $ kubectl scale deployment web --replicas=3
  deployment.apps/web scaled
  $ tick 1m
  $ kubectl get deployment web
  NAME   READY   UP-TO-DATE   AVAILABLE   AGE
  web    1/3     1            1           105s
  $ kubectl exec host -- mv /host/tmp/kube-controller-manager.yaml /host/etc/kubernetes/manifests/
  $ tick 10s
  $ kubectl get deployment web
  NAME   READY   UP-TO-DATE   AVAILABLE   AGE
  web    3/3     3            3           115s
