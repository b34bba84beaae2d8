kubectl run that stays with its pod: what it wrote, and how it ended. An attached session itself has no exit code.

  $ podsim cluster create --clock paused --time 2026-01-01T00:00:00Z --seed 1 --force >/dev/null
  $ kubectl run fails --image=busybox --restart=Never -i --rm -- sh -c 'echo out; exit 5' </dev/null
  out
  pod default/fails terminated (Error)
  pod "fails" deleted
  [5]
  $ echo 'echo one; exit 5' | kubectl run reads --image=busybox --restart=Never -i --rm -- sh 2>&1 | grep -v "command prompt"
  one
  pod default/reads terminated (Error)
  pod "reads" deleted
  $ kubectl run shell --image=busybox -i --tty -- sh </dev/null
  Unable to use a TTY - input is not a terminal or the right kind of file
  If you don't see a command prompt, try pressing enter.
