Practising: a scenario has a cluster of its own, and one's own cluster is left alone.

  $ kubectl run mine --image=nginx:1.27
  pod/mine created
  $ podsim practice check
  error: no scenario is running: podsim practice list shows them, podsim practice start ID begins one
  [1]
  $ podsim practice start crashloop-command --clock paused --seed 1 --time 2026-01-01T00:00:00Z | head -9
  Scenario  crashloop-command: A worker that restarts again and again
            Application Observability and Maintenance · easy · 5 points · 5 minutes
  Context   practice-crashloop-command (before: default)
  
  The Deployment `worker` in the namespace `batch` never becomes ready: its Pod is in
  CrashLoopBackOff.
  
  - Find out why its container ends, and with which exit code.
  - Repair the Deployment so that the worker keeps running. The queue is at `redis://queue:6379`.
  $ kubectl get pods -n batch
  NAME                     READY   STATUS             RESTARTS      AGE
  worker-6c9cd6b58-*   0/1     CrashLoopBackOff   5 (* ago)   4m (glob)
  $ kubectl logs deployment/worker -n batch
  reading queue 
  fatal: QUEUE_URL is not set

It is graded as often as one likes; nothing changes by that.

  $ podsim clock; podsim practice check | head -6; podsim clock
  2026-01-01T00:00:00Z  paused
  crashloop-command: A worker that restarts again and again
  
  ✗ 1. The container gets the address of the queue                                           0/2
     expected  redis://queue:6379
     found     (nothing)
     see       podsim get deployment worker -n batch -o jsonpath='{.spec.template.spec.containers[0].env[?(@.name=="QUEUE_URL")].value}'
  2026-01-01T00:00:00Z  paused
  $ podsim practice check >/dev/null
  [1]
  $ podsim practice hint
  Hint 1 of 2 (-1 point)
    A container that has ended leaves its output. `kubectl logs` shows the current one,
    `--previous` the one before it.
  $ kubectl set env deployment/worker -n batch QUEUE_URL=redis://queue:6379
  deployment.apps/worker env updated
  $ podsim practice check --lang ko | tail -17
  ✓ 2. 레플리카 하나가 사용 가능(available)합니다                                            2/2
     실제  1
           (이대로 두면 1s 뒤에 만족합니다)
     확인  podsim get deployment worker -n batch -o jsonpath='{.status.availableReplicas}'
  
  ✓ 3. 파드는 하나뿐이고 실행 중입니다                                                       1/1
     실제  worker-* {"running":{"startedAt":"2026-01-01T00:00:00Z"}} (glob)
           (이대로 두면 1s 뒤에 만족합니다)
     확인  podsim get pods -l app=worker -n batch -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.containerStatuses[0].state}{"\n"}{end}'
  
  ✓ 4. 이미지와 command가 바뀌지 않았습니다
     실제  busybox:1.36 ["sh","-c","echo \"reading queue $QUEUE_URL\"; test -n \"$QUEUE_URL\" || …
     확인  podsim get deployment worker -n batch -o jsonpath='{.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].command}'
  
  모두 해결했습니다. 5점 만점에 4점 (힌트 1개: -1점)
  5m 중 * 사용 (glob)
  podsim practice solution으로 풀이와 면접 질문을 볼 수 있습니다. 이제는 감점되지 않습니다.
  $ podsim practice stop
  Ended crashloop-command; its cluster is deleted.
  The current context is default.
  $ kubectl get pods -o name
  pod/mine
  $ podsim practice score | sed -n 3,4p
  ID                  TOPIC           POINTS   TIME*      STATE (glob)
  crashloop-command   observability   4/5      * / 5m   one hint (glob)

An exam: questions by seed, graded at its end.

  $ podsim practice exam --seed 3 --questions 5 --minutes 20 --clock paused >/dev/null
  $ podsim practice check
  error: in an exam nothing is graded before the end; podsim practice score ends it
  [1]
  $ podsim practice start 9
  error: there is no question 9: the exam has 5
  [1]
  $ podsim practice start next >/dev/null; podsim practice status | sed -n 4,9p | cut -c1-5
      N
      1
  *   2
      3
      4
      5
  $ podsim practice score | tail -2
  FAIL (66% are needed) 0%, * of 20m used (glob)
  The exam is over: check, hint and solution now work on its questions; podsim practice stop deletes their clusters.
  $ podsim practice check >/dev/null
  [1]
  $ podsim practice stop
  Left the exam; its clusters are deleted.
  The current context is default.

Interview questions, and answers to them.

  $ podsim practice interview --topic oomkilled
  *  What happens when a container uses more memory than its limit? And more CPU? (glob)
  *  Requests against limits - which does the scheduler use? (glob)
  
  Answer for yourself first, then: podsim practice interview * (glob)
  $ podsim practice interview 1 --lang ko | tail -1
  직접 해 보기: podsim practice start * (glob)
  $ podsim practice interview 0
  error: there is no question "0": they have the numbers 1 to * (glob)
  [1]

What cannot be.

  $ podsim practice start crashlop
  error: no scenario "crashlop" (podsim practice list)
  [1]
  $ podsim practice list --lang fr
  error: invalid argument "fr" for "--lang": must be en or ko
  [1]
  $ podsim practice exam --questions 999
  error: invalid argument "999" for "--questions": expected a whole number from 1 to 100
  [1]
  $ PODSIM_STATE=own.json podsim practice start rollout-undo
  error: scenarios have clusters of their own, which --state and PODSIM_STATE would hide: go without them
  [1]
  $ podsim cluster create practice-rollout-undo --clock paused >/dev/null; podsim practice start rollout-undo
  error: cluster "practice-rollout-undo" exists, and no practice session has made it: podsim cluster delete practice-rollout-undo
  [1]
