With --overwrite=false a patch that would undo somebody else's change is not sent.

  $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b, x: z}\n' > c.yaml && kubectl apply -f c.yaml && kubectl apply -f c.yaml --overwrite=false
  configmap/c created
  configmap/c unchanged
  $ kubectl patch configmap c --type=merge -p '{"data":{"a":"theirs"}}' && kubectl apply -f c.yaml --overwrite=false 2>&1 | grep -v '^{' | head -24
  configmap/c patched
  error: error when applying patch:
  
  to:
  Resource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"
  Name: "c", Namespace: "default"
  for: "c.yaml": error when patching "c.yaml": creating patch with:
  original:
  
  modified:
  
  current:
  
  for:: patch:
  data:
    a: b
  
  conflicts with changes made from original to current:
  data:
    a: theirs
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        {"apiVersion":"v1","data":{"a":"b","x":"z"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c","namespace":"default"}}
    creationTimestamp: "2026-01-01T00:00:00Z"
  $ kubectl get configmap c -o jsonpath='{.data.a}{"\n"}' && kubectl apply -f c.yaml
  theirs
  configmap/c configured
