# A Deployment that is made smaller in the middle of a rollout that gets nowhere: as many pods as it promises stay available, though the
# old ReplicaSet's status still counts those that are on their way out (pkg/controller/deployment/rolling.go cleanupUnhealthyReplicas).
# Watched on a Kubernetes 1.33 control plane.

  $ cat <<'Y' | kubectl create -f -
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: web}
  > spec:
  >   replicas: 8
  >   strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}
  >   selector: {matchLabels: {app: web}}
  >   template:
  >     metadata: {labels: {app: web}}
  >     spec: {containers: [{name: c, image: "nginx:1.27"}]}
  > Y
  deployment.apps/web created
  $ tick 15s > /dev/null
  $ kubectl set image deployment/web c=registry.invalid/x:1
  deployment.apps/web image updated
  $ tick 4s > /dev/null
  $ kubectl get rs -o custom-columns=IMAGE:.spec.template.spec.containers[0].image,SPEC:.spec.replicas,AVAILABLE:.status.availableReplicas --sort-by=.metadata.creationTimestamp
  IMAGE                  SPEC   AVAILABLE
  nginx:1.27             6      6
  registry.invalid/x:1   5      <none>
  $ kubectl scale deployment/web --replicas=3
  deployment.apps/web scaled
  $ tick 5s > /dev/null
  $ kubectl get rs -o custom-columns=IMAGE:.spec.template.spec.containers[0].image,SPEC:.spec.replicas,AVAILABLE:.status.availableReplicas --sort-by=.metadata.creationTimestamp
  IMAGE                  SPEC   AVAILABLE
  nginx:1.27             1      1
  registry.invalid/x:1   3      <none>
  $ kubectl scale deployment/web --replicas=5
  deployment.apps/web scaled
  $ tick 5s > /dev/null
  $ kubectl get events --field-selector reason=ScalingReplicaSet -o custom-columns=M:.message --no-headers | sed 's/web-[^ ]*/web/' | tail -5
  Scaled down replica set web from 6 to 3
  Scaled down replica set web from 5 to 3
  Scaled down replica set web from 3 to 1
  Scaled up replica set web from 3 to 7
  Scaled down replica set web from 7 to 5

# Made to recreate its pods in the middle of a rollout, it stops the old ones, but hears of no pod's end while the new ReplicaSet has pods
# (deployment_controller.go deletePod): it goes on with the next change of something else.

  $ kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"progressDeadlineSeconds":60}}'
  deployment.apps/web patched
  $ tick 20s > /dev/null
  $ kubectl set image deployment/web c=nginx:1.27
  deployment.apps/web image updated
  $ tick 30s > /dev/null
  $ kubectl get rs -o custom-columns=IMAGE:.spec.template.spec.containers[0].image,SPEC:.spec.replicas,AVAILABLE:.status.availableReplicas --sort-by=.metadata.creationTimestamp
  IMAGE                  SPEC   AVAILABLE
  nginx:1.27             5      5
  registry.invalid/x:1   0      <none>
  $ kubectl patch deployment web -p '{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":1}}}}'
  deployment.apps/web patched
  $ kubectl set image deployment/web c=registry.invalid/x:1
  deployment.apps/web image updated
  $ tick 5s > /dev/null
  $ kubectl patch deployment web -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'
  deployment.apps/web patched
  $ tick 10s > /dev/null
  $ kubectl get rs -o custom-columns=IMAGE:.spec.template.spec.containers[0].image,SPEC:.spec.replicas,AVAILABLE:.status.availableReplicas --sort-by=.metadata.creationTimestamp
  IMAGE                  SPEC   AVAILABLE
  nginx:1.27             0      <none>
  registry.invalid/x:1   2      <none>
  $ tick 60s > /dev/null
  $ kubectl get rs -o custom-columns=IMAGE:.spec.template.spec.containers[0].image,SPEC:.spec.replicas,AVAILABLE:.status.availableReplicas --sort-by=.metadata.creationTimestamp
  IMAGE                  SPEC   AVAILABLE
  nginx:1.27             0      <none>
  registry.invalid/x:1   5      <none>
