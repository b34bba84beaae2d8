# A pod's life on one time axis.

  $ cluster 1
  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ tick 10s
  $ podsim timeline web
  pod default/web · phase Running · node podsim-control-plane
  2026-01-01T00:00:00Z + 10s
  
                            0s        2s        4s         6s        8s        10s
                            ┬──────────┬─────────┬──────────┬─────────┬──────────┬
  phase                     ░ Pending ░░░░░░░░░░░░░█ Running ████████████████████
  PodScheduled              █ True ██████████████████████████████████████████████
  PodReadyToStartContainers · False ···············█ True ███████████████████████
  Initialized               █ True ██████████████████████████████████████████████
  ContainersReady           · False ···············█ True ███████████████████████
  Ready                     · False ···············█ True ███████████████████████
  web                       ░ContainerCreating░░█ Running ███████████████████████
  
  █ running, True   ░ on its way   · False
  
    +0s  kube-apiserver     Created       the object is stored
    +0s  default-scheduler  Scheduled     Successfully assigned default/web to podsim-control-plane
    +0s  default-scheduler  PodScheduled  condition PodScheduled is True
    +0s  kubelet            Initialized   condition Initialized is True
  +0.5s  kubelet            Pulling       web: Pulling image "nginx:1.27"
  +3.8s  kubelet            Pulled        web: Successfully pulled image "nginx:1.27" in 3.295s (3.295s including waiting). Image size: 72223946 bytes.
  +3.8s  kubelet            Created       Created container: web
  +3.8s  kubelet            Started       Started container web
  +4.3s  kubelet            Running       phase Running
  +4.3s  kubelet            Ready         conditions PodReadyToStartContainers, ContainersReady, Ready are True

# A crash loop: hours beside seconds, each run and each wait.

  $ kubectl run crash --image=busybox:1.36 -- sh -c 'sleep 5; exit 3'
  pod/crash created
  $ tick 2h
  $ podsim timeline pod/crash | sed -n 1,16p
  pod default/crash · phase Running · node podsim-control-plane
  2026-01-01T00:00:10Z + 2h0m0s · axis stretched where much happens
  
                            0s        15s          2m            30m       1h30m
                            ┬──────────┬────────────┬─────────────┬──────────┬────
  phase                     ░░░█ Running ████████████████████████████████████████
  PodScheduled              █ True ██████████████████████████████████████████████
  PodReadyToStartContainers ···█ True ███████████████████████████████████████████
  Initialized               █ True ██████████████████████████████████████████████
  ContainersReady           ···████·██·····█···█···█··█··························
  Ready                     ···████·██·····█···█···█··█··························
  crash x28                 ░░████x██x▒▒▒▒██▒▒▒█x▒▒█▒▒x▒█▒▒▒▒▒▒▒█▒▒█▒▒▒▒▒▒▒▒▒▒▒▒▒
                                  x  x     x    x  x  x x  x x xx xxxxxxxxxxxxxxx
  
  █ running, True   ░ on its way   ▒ held up   x ended badly   · False
  x exit code not 0
  $ podsim timeline crash --first 20s | sed -n 4,13p
                            0s          5s            10s          15s         20s
                            ┬────────────┬─────────────┬────────────┬────────────┬
  phase                     ░░░░░░█ Running █████████████████████████████████████
  PodScheduled              █ True ██████████████████████████████████████████████
  PodReadyToStartContainers ······█ True ████████████████████████████████████████
  Initialized               █ True ██████████████████████████████████████████████
  ContainersReady           ······█ True ██████·█ True ██████· False ············
  Ready                     ······█ True ██████·█ True ██████· False ············
  crash x28                 ░░░░█ Running ████x█ Running ███xxxx▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
                                             x              x
  $ podsim timeline crash -o json | jq -c '.rows[] | select(.name == "crash") | [.kind, .restartCount, ([.spans[] | select(.state == "Running")] | length)]'
  ["container",28,29]
  $ podsim timeline crash -o json | jq -c '[.rows[] | select(.name == "crash") | .spans[:3][] | [.state, .exitCode, .restart]]'
  [["ContainerCreating",null,null],["Running",null,0],["Error",3,0]]

# The end: hooks, signals, grace. The pod is gone, and still shown.

  $ cat > stubborn.yaml <<'YAML'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: end}
  > spec:
  >   terminationGracePeriodSeconds: 8
  >   containers:
  >   - {name: web, image: nginx:1.27, lifecycle: {preStop: {exec: {command: [sleep, '3']}}}}
  >   - {name: stubborn, image: busybox:1.36, command: [sh, -c, 'trap "" TERM; sleep 999']}
  > YAML
  $ kubectl apply -f stubborn.yaml
  pod/end created
  $ tick 20s
  $ kubectl delete pod end
  pod "end" deleted
  $ podsim timeline end
  pod default/end · phase Failed · removed · node podsim-control-plane
  2026-01-01T02:00:10Z + 28.8s
  
                            0s      5s       10s       15s      20s      25s
                            ┬────────┬────────┬─────────┬────────┬────────┬───────
  phase                     ░░█ Running ████████████████████████████████████████x
  PodScheduled              █ True ██████████████████████████████████████████████
  PodReadyToStartContainers ··█ True ███████████████████████████████████████████·
  Initialized               █ True ██████████████████████████████████████████████
  ContainersReady           ··█ True ███████████████████████████████████████████·
  Ready                     ··█ True ███████████████████████████████████████████·
  web                       ░█ Running ████████████████████████████████==========
                                                                h     T
  stubborn                  ░█ Running █████████████████████████████████████████x
                                                                T              K
  deletion                                                      ▓ Terminating ▓▓▓
  
  █ running, True   ░ on its way   x ended badly   = ended well   ▓ terminating
  · False   h hook   x exit code not 0   T stop signal (SIGTERM)   K SIGKILL
  
     +0s  kube-apiserver     Created                    the object is stored
     +0s  default-scheduler  Scheduled                  Successfully assigned default/end to podsim-control-plane
     +0s  default-scheduler  PodScheduled               condition PodScheduled is True
     +0s  kubelet            Initialized                condition Initialized is True
   +0.4s  kubelet            Pulled                     web: Container image "nginx:1.27" already present on machine
   +0.4s  kubelet            Created                    Created container: web
   +0.4s  kubelet            Started                    Started container web
   +0.4s  kubelet            Pulled                     stubborn: Container image "busybox:1.36" already present on machine
   +0.4s  kubelet            Created                    Created container: stubborn
   +0.4s  kubelet            Started                    Started container stubborn
   +0.9s  kubelet            Running                    phase Running
   +0.9s  kubelet            Ready                      conditions PodReadyToStartContainers, ContainersReady, Ready are True
    +20s  kube-apiserver     Deletion                   deletion requested: grace period 8s
    +20s  kubelet            Killing                    Stopping container web
    +20s  kubelet            Killing                    Stopping container stubborn
    +20s  containerd         SIGTERM                    SIGTERM to container stubborn; SIGKILL would follow after 8s
    +20s  kubelet            PreStop                    web: preStop hook begins: exec [sleep 3]
    +23s  containerd         SIGQUIT                    SIGQUIT to container web; SIGKILL would follow after 5s
  +23.1s  containerd         Completed                  container web ended: exit code 0, Completed
    +28s  containerd         SIGKILL                    SIGKILL to container stubborn: it still ran after 8s
    +28s  containerd         Error                      container stubborn ended: exit code 137 (128+9: SIGKILL), Error
    +28s  kubelet            Failed                     phase Failed
    +28s  kubelet            PodReadyToStartContainers  condition PodReadyToStartContainers is False
    +28s  kubelet            Ready                      conditions ContainersReady, Ready are False (PodFailed)
  +28.8s  kube-apiserver     Removed                    the object is gone

# Another life under the same name begins anew.

  $ kubectl run end --image=nginx:1.27
  pod/end created
  $ tick 5s
  $ podsim timeline end | sed -n '/^end/p'
  end                       ░░░░░░░█ Running ████████████████████████████████████

# Other namespaces, pods that never run, what is wrong.

  $ podsim timeline -n kube-system pod/kube-apiserver-podsim-control-plane | sed -n 1,2p
  pod kube-system/kube-apiserver-podsim-control-plane · phase Running · node podsim-control-plane
  2025-12-31T23:58:00Z + 2h2m43.8s · axis stretched where much happens
  $ kubectl run big --image=nginx --overrides='{"spec":{"containers":[{"name":"big","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'
  pod/big created
  $ tick 30s
  $ podsim timeline big --ascii
  pod default/big | phase Pending | no node
  2026-01-01T02:00:43Z + 30s
  
               0s        5s         10s        15s        20s        25s       30s
               +----------+----------+----------+----------+----------+----------+
  phase        . Pending ........................................................
  PodScheduled - False ----------------------------------------------------------
  big
  
  . on its way   - False
  
  +0s  kube-apiserver     Created           the object is stored
  +0s  default-scheduler  FailedScheduling  0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.
  $ podsim timeline nope
  error: pods "nope" not found in namespace "default", nor Events about one
  [1]
  $ podsim timeline deploy/web
  error: podsim timeline is about pods, not deploy/web: name one of its pods
  [1]
  $ podsim timeline web -o yaml
  error: unable to match a printer suitable for the output format "yaml", allowed formats are: json,svg
  [1]
  $ podsim timeline web --first soon
  error: invalid argument "soon" for "--first": expected a duration, for example 30s
  [1]
  $ podsim timeline web --first 1s --last 1s
  error: --first and --last cannot be used together
  [1]
  $ podsim timeline web --watch -o svg
  error: --watch draws on a terminal; -o svg is one picture
  [1]
  $ podsim timeline web -o svg | sed -n 1,2p
  <svg xmlns="http://www.w3.org/2000/svg" width="1100" height="583" viewBox="0 0 1100 583" role="img" aria-label="Timeline of pod default/web">
  <title>Timeline of pod default/web</title>

# A dump tells what is in it, and no more.

  $ kubectl get pods,nodes -o yaml > dump.yaml
  $ podsim cluster create dump --from dump.yaml --frozen --clock paused --time 2026-01-01T02:01:10Z >/dev/null
  $ podsim timeline crash
  pod default/crash · phase Running · node podsim-control-plane
  2026-01-01T00:00:10Z + 2h1m0s
  
                            0s          30m          1h          1h30m          2h
                            ┬────────────┬────────────┬────────────┬─────────────┬
  phase                     █ Running ███████████████████████████████████████████
  PodScheduled              █ True ██████████████████████████████████████████████
  PodReadyToStartContainers █ True ██████████████████████████████████████████████
  Initialized               █ True ██████████████████████████████████████████████
  ContainersReady           ? not on record ????????????????????????????????????·
  Ready                     ? not on record ????????????????????????????????????·
  crash x28                 ? 28 runs not on record ???????????????????????????▒▒
                                                                               x
  
  █ running, True   ░ on its way   ▒ held up   · False   ? not on record
  x exit code not 0
  
        ~0s  kube-apiserver     Created                    the object is stored
        ~0s  default-scheduler  PodScheduled               condition PodScheduled is True
        ~0s  kubelet            Initialized                condition Initialized is True
        ~2s  kubelet            Running                    phase Running
        ~2s  kubelet            PodReadyToStartContainers  condition PodReadyToStartContainers is True
  ~1h57m37s  containerd         Error                      container crash ended: exit code 3, Error
  ~1h57m37s  kubelet            Ready                      conditions ContainersReady, Ready are False (ContainersNotReady: containers with unready status: [crash])
  
  Note: Not every earlier run is still on record: of crash the API keeps only the last one that ended.
  Note: Times come from the object and its Events: they are good to the second.

# Looking changes nothing.

  $ podsim cluster use default >/dev/null
  $ before=$(md5sum < $PODSIM_HOME/clusters/default.json); podsim timeline crash >/dev/null; podsim trace crash >/dev/null; test "$before" = "$(md5sum < $PODSIM_HOME/clusters/default.json)" && echo same
  same
