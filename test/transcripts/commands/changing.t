Words of commands that change objects, as the real kubectl says them (test/twin compares more of them).

  $ kubectl taint node podsim-control-plane a=b:NoSchedule x
  error: all resources must be specified before taint changes: x
  [1]
  $ kubectl taint node podsim-control-plane a=b:NoSchedule a-
  error: can not both modify and remove the following taint(s) in the same command: a=
  [1]
  $ kubectl taint node podsim-control-plane a=b:Bad
  error: invalid taint effect: Bad, unsupported taint effect
  See 'kubectl taint -h' for help and examples
  [1]
  $ kubectl taint node podsim-control-plane nope-
  error: taint "nope" not found
  [1]
  $ kubectl taint node podsim-control-plane a=b:NoSchedule
  node/podsim-control-plane tainted
  $ kubectl taint node podsim-control-plane a=c:NoSchedule
  error: node podsim-control-plane already has a taint(s) with same effect(s) and --overwrite is false
  [1]
  $ kubectl taint node podsim-control-plane a=c:NoSchedule --overwrite
  node/podsim-control-plane modified
  $ kubectl cordon node/podsim-control-plane
  node/podsim-control-plane cordoned
  $ kubectl cordon podsim-control-plane absent
  Error from server (NotFound): nodes "absent" not found
  [1]
  $ kubectl create cm c --from-literal=mode=fast
  configmap/c created
  $ kubectl create deployment d --image=nginx
  deployment.apps/d created
  $ kubectl set env deploy/d --from=configmap/c
  Warning: key mode transferred to MODE
  deployment.apps/d env updated
  $ kubectl set env deploy/d --list --resolve
  # Deployment d, container nginx
  MODE=fast
  $ kubectl set env deploy/d MODE=x --overwrite=false
  error: deployments/d 'MODE' already has a value (), and --overwrite is false
  [1]
  $ kubectl set image cm/c a=b
  error: configmaps/c the object is not a pod or does not have a pod template: *v1.ConfigMap
  [1]
  $ kubectl set selector svc kubernetes a
  error: match expression [{a Exists []}] not supported on this object
  [1]
  $ KUBE_EDITOR='sed -i s/fast/slow/' kubectl edit cm c
  configmap/c edited
  $ KUBE_EDITOR=true kubectl edit cm c
  Edit cancelled, no changes made.
  $ KUBE_EDITOR='sed -i s/slow/fast/' kubectl edit cm --output-patch
  Patch: {"data":{"mode":"fast"}}
  configmap/c edited
  configmap/kube-root-ca.crt skipped
  $ kubectl patch cm c --type=merge -p '{"kind":7}' 2>&1 | grep -o '}": .*'
  }": couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string
  $ kubectl patch cm c --type=merge -p '{"apiVersion":[{}]}' 2>&1 | grep -o '}": .*'
  }": couldn't get version/kind; json parse error: json: cannot unmarshal array into Go struct field .apiVersion of type string
  $ kubectl patch cm c --type=JSON -p '[{"op":"add","path":"/data/x","value":"y"}]'
  configmap/c patched
  $ kubectl rollout history rs/x
  Error from server (NotFound): replicasets.apps "x" not found
  [1]
  $ kubectl scale deploy absent --replicas=1
  error: no objects passed to scale deployments.apps "absent" not found
  [1]
