# What an exec or a hook writes to process 1's output is in the container's log.

  $ cat > app.yaml <<'EOF'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: app
  > spec:
  >   terminationGracePeriodSeconds: 5
  >   containers:
  >   - name: main
  >     image: busybox:1.36
  >     command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"]
  >     resources:
  >       limits: {cpu: 500m, memory: 64Mi}
  >     lifecycle:
  >       preStop:
  >         exec:
  >           command: ["sh", "-c", "echo draining > /proc/1/fd/1; sleep 60"]
  > EOF
  $ kubectl apply -f app.yaml
  pod/app created
  $ tick 5s
  $ kubectl exec app -- sh -c 'echo by hand > /proc/1/fd/1; echo seen'
  seen
  $ kubectl logs app
  by hand

# The kernel shows its command line, and the cgroup what it may use.

  $ kubectl exec app -- sh -c "tr '\0' ' ' < /proc/1/cmdline"
  sh -c trap 'exit 0' TERM; while true; do sleep 1; done 
  $ kubectl exec app -- cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max
  67108864
  50000 100000
  $ kubectl exec app -- grep -c ^processor /proc/cpuinfo
  4

# So is what its preStop hook writes.

  $ kubectl delete pod app --wait=false
  pod "app" deleted
  $ tick 2s
  $ kubectl logs app
  by hand
  draining

# The entrypoint of an official image becomes the server, of the server's own account, under the title that the server gives itself.

  $ kubectl run store --image=redis:7.4
  pod/store created
  $ kubectl run queue --image=redis:7.4 --command -- redis-server --port 7000
  pod/queue created
  $ kubectl run database --image=postgres:16 --env=POSTGRES_PASSWORD=secret
  pod/database created
  $ tick 30s
  $ cat > processes <<'EOF'
  > apt-get update > /dev/null
  > apt-get install -y procps > /dev/null
  > ps -o pid,user,args -p 1
  > EOF
  $ kubectl exec -i store -- sh < processes
      PID USER     COMMAND
        1 redis    redis-server *:6379
  $ kubectl exec -i queue -- sh < processes
      PID USER     COMMAND
        1 root     redis-server *:7000
  $ kubectl exec -i database -- sh < processes
      PID USER     COMMAND
        1 postgres postgres
  $ kubectl exec store -- id redis
  uid=999(redis) gid=999(redis) groups=999(redis)
