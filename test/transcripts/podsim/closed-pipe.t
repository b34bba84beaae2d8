# Who reads a command's output may stop reading: the command ends as SIGPIPE ends a program, and says nothing.

  $ kubectl create deployment web --image=nginx --replicas=3
  deployment.apps/web created
  $ set -o pipefail; kubectl get clusterroles,nodes,pods -A -o yaml | head -1
  apiVersion: v1
  [141]
  $ set +o pipefail; podsim cluster export | head -1
  apiVersion: v1
  $ kubectl get deployment web -o yaml | head -1
  apiVersion: apps/v1
  $ kubectl get nodes >/dev/full
  error: cannot write to standard output: ENOSPC: no space left on device, write
  [1]
