# What a node knows of itself, read through a hostPath.
# The documentation's DaemonSet: an init container copies the node's machine id to where the node keeps its logs.

  $ cat > daemonset.yaml <<'END'
  > apiVersion: apps/v1
  > kind: DaemonSet
  > metadata:
  >   name: example-daemonset
  > spec:
  >   selector:
  >     matchLabels:
  >       app.kubernetes.io/name: example
  >   template:
  >     metadata:
  >       labels:
  >         app.kubernetes.io/name: example
  >     spec:
  >       containers:
  >       - name: web
  >         image: nginx:1.25
  >         volumeMounts:
  >         - name: log-dir
  >           mountPath: /var/log
  >       initContainers:
  >       - name: log-machine-id
  >         image: busybox:1.37
  >         command: ['sh', '-c', 'cat /etc/machine-id > /var/log/machine-id.log']
  >         volumeMounts:
  >         - name: machine-id
  >           mountPath: /etc/machine-id
  >           readOnly: true
  >         - name: log-dir
  >           mountPath: /var/log
  >       volumes:
  >       - name: machine-id
  >         hostPath:
  >           path: /etc/machine-id
  >           type: File
  >       - name: log-dir
  >         hostPath:
  >           path: /var/log
  > END
  $ kubectl apply -f daemonset.yaml
  daemonset.apps/example-daemonset created
  $ tick 20s
  $ kubectl get pods
  NAME                      READY   STATUS    RESTARTS   AGE
  example-daemonset-?????   1/1     Running   0          20s (glob)
  $ id=$(kubectl exec ds/example-daemonset -c web -- cat /var/log/machine-id.log)
  $ [ "$id" = "$(kubectl get nodes -o jsonpath='{.items[0].status.nodeInfo.machineID}')" ] && echo the same
  the same
