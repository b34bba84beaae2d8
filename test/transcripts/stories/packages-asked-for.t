# apt asks before it installs: Enter and y go on, the end of the input does not. What the image has is not installed again.

  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ kubectl wait --for=condition=Ready pod/web
  pod/web condition met
  $ kubectl exec web -- sh -c 'apt-get update > /dev/null; apt-get install procps'
  Reading package lists...
  Building dependency tree...
  Reading state information...
  The following NEW packages will be installed:
    procps
  0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.
  Do you want to continue? [Y/n] Abort.
  command terminated with exit code 1
  [1]
  $ echo no | kubectl exec -i web -- apt-get install procps | tail -1
  command terminated with exit code 1
  Do you want to continue? [Y/n] Abort.
  $ echo y | kubectl exec -i web -- apt-get install procps | tail -3
  Do you want to continue? [Y/n] Selecting previously unselected package procps.
  Unpacking procps ...
  Setting up procps ...
  $ kubectl exec web -- ps -o pid,comm -C nginx
      PID COMMAND
        1 nginx
       29 nginx
  $ kubectl exec web -- apt install curl
  
  WARNING: apt does not have a stable CLI interface. Use with caution in scripts.
  
  Reading package lists...
  Building dependency tree...
  Reading state information...
  curl is already the newest version (7.88.1-10+deb12u12).
  0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.
