import { test } from 'vitest';
import { session } from '../harness/terminal.js';

const REQUEST = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: default}
rules:
- {apiGroups: [""], resources: [pods], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: default}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}
`;

test('can-i', () =>
  session(
    `
    $ kubectl auth can-i get pods
    yes
    $ kubectl auth can-i create po -A
    yes
    $ kubectl auth can-i '*' '*'
    yes
    $ kubectl auth can-i get /healthz
    yes
    $ kubectl auth can-i get pods -q
    $ kubectl auth can-i get foos
    Warning: the server doesn't have a resource type 'foos'

    yes
    $ kubectl auth can-i get nodes
    Warning: resource 'nodes' is not namespace scoped

    yes
    $ kubectl auth can-i frob pods
    Warning: verb 'frob' is not a known verb

    yes
    `,
  ));

test('reconcile, and somebody else', () =>
  session(
    `
    $ kubectl auth reconcile -f rbac.yaml --dry-run=client
    role.rbac.authorization.k8s.io/r reconciled (dry run)
    	reconciliation required create
    	missing rules added:
    		{Verbs:[get list] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}
    rolebinding.rbac.authorization.k8s.io/b reconciled (dry run)
    	reconciliation required create
    	missing subjects added:
    		{Kind:User APIGroup:rbac.authorization.k8s.io Name:ann Namespace:}
    $ kubectl auth reconcile -f rbac.yaml
    role.rbac.authorization.k8s.io/r reconciled
    	reconciliation required create
    	missing rules added:
    		{Verbs:[get list] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}
    rolebinding.rbac.authorization.k8s.io/b reconciled
    	reconciliation required create
    	missing subjects added:
    		{Kind:User APIGroup:rbac.authorization.k8s.io Name:ann Namespace:}
    $ kubectl auth can-i list pods --as=ann
    yes
    $ kubectl auth can-i delete pods --as=ann
    no
    [1]
    $ kubectl auth can-i get pods/web --as=ann -q
    $ kubectl auth can-i list pods --as=ann -n kube-system
    no
    [1]
    $ kubectl get pods --as=ann
    No resources found in default namespace.
    $ kubectl delete pod web --as=ann
    Error from server (Forbidden): pods "web" is forbidden: User "ann" cannot delete resource "pods" in API group "" in the namespace "default"
    [1]
    $ kubectl auth whoami --as=ann
    ATTRIBUTE   VALUE
    Username    ann
    Groups      [system:authenticated]
    $ kubectl auth reconcile -f implied.yaml
    error: resource name may not be empty
    [1]
    `,
    { files: { 'rbac.yaml': REQUEST, 'implied.yaml': (REQUEST.split('---')[0] as string).replace(', namespace: default', '') } },
  ));

test('whoami', () =>
  session(`
    $ kubectl auth whoami
    ATTRIBUTE   VALUE
    Username    kubernetes-admin
    Groups      [kubeadm:cluster-admins system:authenticated]
    $ kubectl auth whoami -o jsonpath={.status.userInfo.username}
    kubernetes-admin
  `));

test('--list', () =>
  session(
    `
    $ kubectl auth reconcile -f rbac.yaml
    ...
    $ kubectl auth can-i --list --as=ann
    Resources                                       Non-Resource URLs   Resource Names   Verbs
    selfsubjectreviews.authentication.k8s.io        []                  []               [create]
    selfsubjectaccessreviews.authorization.k8s.io   []                  []               [create]
    selfsubjectrulesreviews.authorization.k8s.io    []                  []               [create]
    pods                                            []                  []               [get list]
                                                    [/api/*]            []               [get]
                                                    [/api]              []               [get]
                                                    [/apis/*]           []               [get]
                                                    [/apis]             []               [get]
                                                    [/healthz]          []               [get]
                                                    [/healthz]          []               [get]
                                                    [/livez]            []               [get]
                                                    [/livez]            []               [get]
                                                    [/openapi/*]        []               [get]
                                                    [/openapi]          []               [get]
                                                    [/readyz]           []               [get]
                                                    [/readyz]           []               [get]
                                                    [/version/]         []               [get]
                                                    [/version/]         []               [get]
                                                    [/version]          []               [get]
                                                    [/version]          []               [get]
    $ kubectl auth can-i --list --as=ann --no-headers
    selfsubjectreviews.authentication.k8s.io …
    ...
    `,
    { files: { 'rbac.yaml': REQUEST } },
  ));
