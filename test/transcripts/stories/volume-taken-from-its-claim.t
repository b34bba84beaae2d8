# Who takes the claimRef from a volume whose claim is still there has freed it for a moment: the next look at all claims binds it again
# (pv_controller.go syncBoundClaim, resync). Watched on a Kubernetes 1.33 control plane.

  $ cat <<'Y' | kubectl create -f -
  > {apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: {path: /data}}}
  > ---
  > {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], storageClassName: manual, resources: {requests: {storage: 1Gi}}}}
  > Y
  persistentvolume/v created
  persistentvolumeclaim/c created
  $ tick 5s > /dev/null
  $ kubectl patch pv v -p '{"spec":{"claimRef":null}}'
  persistentvolume/v patched
  $ tick 1s > /dev/null
  $ kubectl get pv v -o jsonpath='{.status.phase} {.spec.claimRef.name}{"\n"}'
  Available 
  $ tick 15s > /dev/null
  $ kubectl get pv v -o jsonpath='{.status.phase} {.spec.claimRef.name}{"\n"}'
  Bound c
  $ kubectl get pvc c -o jsonpath='{.status.phase}{"\n"}'
  Bound
