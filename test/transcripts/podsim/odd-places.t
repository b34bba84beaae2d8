Where the state cannot be kept, and where one cannot stand, is said plainly.

  $ mkdir directory && PODSIM_STATE=directory kubectl get pods
  error: EISDIR: illegal operation on a directory, read
  [1]
  $ touch file && PODSIM_STATE=file/cluster.json kubectl get pods
  error: ENOTDIR: not a directory, open 'file/cluster.json'
  [1]
  $ mkdir gone && cd gone && rmdir ../gone && kubectl get namespace default -o name 2>/dev/null; cd ..
  namespace/default
  $ kubectl run one --rm -i --quiet --image=busybox --restart=Never -- echo only
  only
