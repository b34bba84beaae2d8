# Kubernetes' own end-to-end tests of workloads (test/e2e/apps) where podsim once did otherwise.

RollingUpdateDeployment should delete old pods and create new ones: the revision of a ReplicaSet that is adopted is an int64, and goes on from there.

  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: ReplicaSet
  > metadata: {name: adopted, labels: {name: sample-pod, pod: httpd}, annotations: {deployment.kubernetes.io/revision: "3546343826724305832"}}
  > spec:
  >   selector: {matchLabels: {name: sample-pod, pod: httpd}}
  >   template:
  >     metadata: {labels: {name: sample-pod, pod: httpd}}
  >     spec: {containers: [{name: httpd, image: "registry.k8s.io/e2e-test-images/httpd:2.4.38-4"}]}
  > Y
  replicaset.apps/adopted created
  $ tick 20s
  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: rolling}
  > spec:
  >   selector: {matchLabels: {name: sample-pod}}
  >   template:
  >     metadata: {labels: {name: sample-pod}}
  >     spec: {containers: [{name: agnhost, image: "registry.k8s.io/e2e-test-images/agnhost:2.53"}]}
  > Y
  deployment.apps/rolling created
  $ tick 20s
  $ kubectl get deployment,rs -o custom-columns=KIND:.kind,REPLICAS:.spec.replicas,REVISION:'.metadata.annotations.deployment\.kubernetes\.io/revision'
  KIND         REPLICAS   REVISION
  Deployment   1          3546343826724305833
  ReplicaSet   0          3546343826724305832
  ReplicaSet   1          3546343826724305833

iterative rollouts should eventually progress: the wish of the old rollbackTo, kept as an annotation, is granted and taken away.

  $ kubectl annotate deployment rolling deprecated.deployment.rollback.to=0
  deployment.apps/rolling annotated
  $ tick 20s
  $ kubectl get deployment rolling -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision} {.metadata.annotations.deprecated\.deployment\.rollback\.to} {.spec.template.spec.containers[*].name}{"\n"}'
  3546343826724305834  httpd
  $ kubectl annotate deployment rolling deprecated.deployment.rollback.to=7
  deployment.apps/rolling annotated
  $ kubectl annotate deployment rolling deprecated.deployment.rollback.to=3546343826724305834
  deployment.apps/rolling annotated
  $ kubectl get events --no-headers -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message | grep Rollback
  Normal    DeploymentRollback                    Rolled back deployment "rolling" to revision 3546343826724305832
  Warning   DeploymentRollbackRevisionNotFound    Unable to find the revision to rollback to.
  Warning   DeploymentRollbackTemplateUnchanged   The rollback revision contains the same template as current deployment "rolling"
  $ kubectl delete deployment rolling
  deployment.apps "rolling" deleted

Should recreate evicted statefulset: a node turns its pod away again and again, and the set makes it anew until there is room.

  $ kubectl create service clusterip test --clusterip=None
  service/test created
  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: first}
  > spec:
  >   nodeName: podsim-control-plane
  >   containers: [{name: webserver, image: "registry.k8s.io/e2e-test-images/httpd:2.4.38-4", ports: [{containerPort: 21017, hostPort: 21017}]}]
  > Y
  pod/first created
  $ tick 5s
  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: StatefulSet
  > metadata: {name: ss}
  > spec:
  >   serviceName: test
  >   selector: {matchLabels: {foo: bar}}
  >   template:
  >     metadata: {labels: {foo: bar}}
  >     spec:
  >       nodeName: podsim-control-plane
  >       containers: [{name: webserver, image: "registry.k8s.io/e2e-test-images/httpd:2.4.38-4", ports: [{containerPort: 21017, hostPort: 21017}]}]
  > Y
  statefulset.apps/ss created
  $ tick 2s
  $ kubectl get events --field-selector involvedObject.name=ss-0 -o custom-columns=REASON:.reason --no-headers | sort -u
  NodePorts
  $ kubectl delete pod first --now
  pod "first" deleted
  $ tick 10s
  $ kubectl get pods ss-0
  NAME   READY   STATUS    RESTARTS   AGE
  ss-0   1/1     Running   0          10s
  $ kubectl delete statefulset ss
  statefulset.apps "ss" deleted

So does a ReplicaSet, which leaves them all lying there.

  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: ReplicaSet
  > metadata: {name: crowd}
  > spec:
  >   replicas: 2
  >   selector: {matchLabels: {a: b}}
  >   template:
  >     metadata: {labels: {a: b}}
  >     spec:
  >       nodeName: podsim-control-plane
  >       containers: [{name: c, image: "registry.k8s.io/e2e-test-images/nginx:1.14-4", ports: [{containerPort: 80, hostPort: 8080}]}]
  > Y
  replicaset.apps/crowd created
  $ tick 3s
  $ kubectl get pods -l a=b --no-headers | awk '{print $3}' | sort | uniq -c
       20 NodePorts
        1 Pending
        1 Running
  $ kubectl delete replicaset crowd
  replicaset.apps "crowd" deleted

PVC should be recreated when pod is pending due to missing PVC.

  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: StatefulSet
  > metadata: {name: ss}
  > spec:
  >   serviceName: test
  >   selector: {matchLabels: {foo: bar}}
  >   template:
  >     metadata: {labels: {foo: bar}}
  >     spec: {containers: [{name: c, image: "registry.k8s.io/e2e-test-images/httpd:2.4.38-4", volumeMounts: [{name: datadir, mountPath: /data/}]}]}
  >   volumeClaimTemplates:
  >   - metadata: {name: datadir}
  >     spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: "1"}}}
  > Y
  statefulset.apps/ss created
  $ tick 20s
  $ kubectl cordon podsim-control-plane
  node/podsim-control-plane cordoned
  $ kubectl delete pod ss-0
  pod "ss-0" deleted
  $ kubectl delete pvc datadir-ss-0
  persistentvolumeclaim "datadir-ss-0" deleted
  $ kubectl uncordon podsim-control-plane
  node/podsim-control-plane uncordoned
  $ tick 30s
  $ kubectl get pods,pvc --no-headers | awk '{print $1, $2, $3}'
  pod/ss-0 1/1 Running
  persistentvolumeclaim/datadir-ss-0 Bound pvc-* (glob)

ReplicationController should test the lifecycle of a ReplicationController: what somebody else writes into its status is put right.

  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: v1
  > kind: ReplicationController
  > metadata: {name: rc-test}
  > spec:
  >   replicas: 1
  >   selector: {test-rc-static: "true"}
  >   template:
  >     metadata: {labels: {test-rc-static: "true"}}
  >     spec: {containers: [{name: rc-test, image: "registry.k8s.io/e2e-test-images/nginx:1.14-4"}]}
  > Y
  replicationcontroller/rc-test created
  $ tick 20s
  $ kubectl patch rc rc-test --subresource=status -p '{"status":{"readyReplicas":0,"availableReplicas":0}}' -o jsonpath='{.status.replicas} {.status.readyReplicas}{"\n"}'
  1 
  $ tick 1s
  $ kubectl get rc rc-test
  NAME      DESIRED   CURRENT   READY   AGE
  rc-test   1         1         1       21s

Secrets should be consumable via the environment: busybox' shell hands on what cannot be a variable, dash does not.

  $ kubectl create secret generic named --from-literal=data-1=value-1
  secret/named created
  $ for image in busybox:1.36 debian:12-slim; do
  >   kubectl run "${image%%:*}" --image="$image" --restart=Never --overrides='{"spec":{"containers":[{"name":"c","image":"'"$image"'","command":["sh","-c","env"],"envFrom":[{"secretRef":{"name":"named"}}]}]}}'
  > done
  pod/busybox created
  pod/debian created
  $ tick 30s
  $ kubectl logs busybox | grep data
  data-1=value-1
  $ kubectl logs debian | grep data
  [1]

ServiceAccounts should mount an API token into pods: the token says which it is, and which pod and node it is bound to.

  $ kubectl run holder --image=busybox:1.36 -- sleep 1000
  pod/holder created
  $ tick 10s
  $ kubectl auth whoami --token="$(kubectl exec holder -- cat /var/run/secrets/kubernetes.io/serviceaccount/token)"
  ATTRIBUTE                                           VALUE
  Username                                            system:serviceaccount:default:default
  UID                                                 *-*-*-*-* (glob)
  Groups                                              [system:serviceaccounts system:serviceaccounts:default system:authenticated]
  Extra: authentication.kubernetes.io/credential-id   [JTI=*-*-4*-*-*] (glob)
  Extra: authentication.kubernetes.io/node-name       [podsim-control-plane]
  Extra: authentication.kubernetes.io/node-uid        [*-*-*-*-*] (glob)
  Extra: authentication.kubernetes.io/pod-name        [holder]
  Extra: authentication.kubernetes.io/pod-uid         [*-*-*-*-*] (glob)
