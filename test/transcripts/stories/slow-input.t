# No time passes for a program that waits for its input, however long the input takes.

  $ kubectl run client --image=busybox:1.36 --restart=Never -- sleep 60
  pod/client created
  $ kubectl wait --for=condition=Ready pod/client
  pod/client condition met
  $ (sleep 1; echo 'echo late') | kubectl exec -i client -- sh
  late
  $ kubectl get pod client --no-headers | awk '{print $2, $3}'
  1/1 Running
