/** What admission plugins say to requests on subresources, and to more than one plain creation. */
import { test } from 'vitest';
import { session } from '../harness/terminal.js';

const resized = (request: string, limit?: string) =>
  JSON.stringify({
    spec: { containers: [{ name: 'a', resources: { requests: { cpu: request }, ...(limit === undefined ? {} : { limits: { cpu: limit } }) } }] },
  });

test('a LimitRange holds for resizes too', () =>
  session(
    `
  $ kubectl create -f range.yaml
  limitrange/range created
  $ kubectl run a --image=nginx
  pod/a created
  $ kubectl patch pod a --subresource resize -p '${resized('2', '2')}'
  Error from server (Forbidden): pods "a" is forbidden: maximum cpu usage per Container is 500m, but limit is 2
  [1]
  $ kubectl patch pod a --subresource resize -p '${resized('300m', '400m')}'
  pod/a patched
  `,
    {
      files: {
        'range.yaml':
          '{apiVersion: v1, kind: LimitRange, metadata: {name: range}, spec: {limits: [{type: Container, max: {cpu: 500m}, default: {cpu: 200m}}]}}',
      },
    },
  ));

test('a quota holds for resizes too, and counts what they come to', () =>
  session(
    `
  $ kubectl create quota q --hard=requests.cpu=500m,pods=5
  resourcequota/q created
  $ advance 1s
  $ kubectl create -f a.yaml
  pod/a created
  $ advance 5s
  $ kubectl patch pod a --subresource resize -p '${resized('2')}'
  Error from server (Forbidden): pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=1800m, used: requests.cpu=200m, limited: requests.cpu=500m
  [1]
  $ kubectl patch pod a --subresource resize -p '${resized('300m')}'
  pod/a patched
  $ kubectl get quota q -o jsonpath={.status.used}
  {"pods":"1","requests.cpu":"300m"}
  $ advance 5s
  $ kubectl patch pod a --subresource resize -p '${resized('100m')}'
  pod/a patched
  $ advance 5s
  $ kubectl get quota q -o jsonpath={.status.used}
  {"pods":"1","requests.cpu":"100m"}
  `,
    {
      files: {
        'a.yaml': '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: nginx, resources: {requests: {cpu: 200m}}}]}}',
      },
    },
  ));

test('what takes less of a quota that is exceeded already is let through, and is counted soon', () =>
  session(`
  $ kubectl create service loadbalancer one --tcp=80
  service/one created
  $ kubectl create service loadbalancer two --tcp=80
  service/two created
  $ kubectl create quota q --hard=services.loadbalancers=0
  resourcequota/q created
  $ advance 1s
  $ kubectl patch service one -p '{"spec":{"type":"ClusterIP"}}'
  service/one patched
  $ advance 1s
  $ kubectl get quota q -o jsonpath={.status.used}
  {"services.loadbalancers":"1"}
  `));

test('what a LimitRange asks of claims is asked of their requests', () =>
  session(
    `
  $ kubectl create -f range.yaml
  limitrange/range created
  $ kubectl create -f claim.yaml
  persistentvolumeclaim/claim created
  `,
    {
      files: {
        'range.yaml': '{apiVersion: v1, kind: LimitRange, metadata: {name: range}, spec: {limits: [{type: PersistentVolumeClaim, min: {storage: 1Gi}}]}}',
        'claim.yaml':
          '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: claim}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}, limits: {storage: 500Mi}}}}',
      },
    },
  ));

test('a namespace restricts those who debug its pods', () =>
  session(`
  $ kubectl run a --image=nginx
  pod/a created
  $ advance 5s
  $ kubectl label ns default pod-security.kubernetes.io/enforce=baseline
  namespace/default labeled
  $ kubectl debug a --image=busybox --container=d --profile=sysadmin
  Error from server (Forbidden): pods "a" is forbidden: violates PodSecurity "baseline:latest": privileged (container "d" must not set securityContext.privileged=true)
  [1]
  $ kubectl debug a --image=busybox --container=d --profile=baseline
  `));

test('policies for subresources look at their bodies', () =>
  session(
    `
  $ kubectl create deploy web --image=nginx
  deployment.apps/web created
  $ kubectl create -f few.yaml
  validatingadmissionpolicy.admissionregistration.k8s.io/few created
  validatingadmissionpolicybinding.admissionregistration.k8s.io/few created
  $ kubectl scale deploy web --replicas=4
  The deployments "web" is invalid: : ValidatingAdmissionPolicy 'few' with binding 'few' denied request: too many
  [1]
  $ kubectl scale deploy web --replicas=3
  deployment.apps/web scaled
  `,
    {
      files: {
        'few.yaml': `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments/scale]}]}
  validations: [{expression: "request.kind.kind == 'Scale' && object.spec.replicas <= 3", message: too many}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few}
spec: {policyName: few, validationActions: [Deny]}
`,
      },
    },
  ));

const tight = '{name: tight, annotations: {kubernetes.io/enforce-mountable-secrets: "true"}}';
const podOf = (more: string, container = '') =>
  `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {serviceAccountName: tight, containers: [{name: a, image: nginx${container}}]${more}}}`;

test('an account may keep its pods from other secrets than its own', () =>
  session(
    `
  $ kubectl create -f account.yaml
  Warning: metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets
  serviceaccount/tight created
  $ kubectl create -f volume.yaml
  Error from server (Forbidden): error when creating "volume.yaml": pods "a" is forbidden: volume with secret.secretName="bad" is not allowed because service account tight does not reference that secret
  [1]
  $ kubectl create -f env.yaml
  Error from server (Forbidden): error when creating "env.yaml": pods "a" is forbidden: container a with envVar A referencing secret.secretName="bad" is not allowed because service account tight does not reference that secret
  [1]
  $ kubectl create -f env-from.yaml
  Error from server (Forbidden): error when creating "env-from.yaml": pods "a" is forbidden: container a with envFrom referencing secret.secretName="bad" is not allowed because service account tight does not reference that secret
  [1]
  $ kubectl create -f pull.yaml
  Error from server (Forbidden): error when creating "pull.yaml": pods "a" is forbidden: imagePullSecrets[0].name="own" is not allowed because service account tight does not reference that imagePullSecret
  [1]
  $ kubectl create -f own.yaml
  pod/a created
  `,
    {
      files: {
        'account.yaml': `{apiVersion: v1, kind: ServiceAccount, metadata: ${tight}, secrets: [{name: own}]}`,
        'volume.yaml': podOf(', volumes: [{name: v, secret: {secretName: bad}}]'),
        'env.yaml': podOf('', ', env: [{name: A, valueFrom: {secretKeyRef: {name: bad, key: x}}}]'),
        'env-from.yaml': podOf('', ', envFrom: [{secretRef: {name: bad}}]'),
        'pull.yaml': podOf(', imagePullSecrets: [{name: own}]'),
        'own.yaml': podOf('', ', envFrom: [{secretRef: {name: own}}]'),
      },
    },
  ));

/** openssl req -new -newkey rsa:2048 -nodes -subj /CN=jane/O=system:masters */
const REQUEST =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ2JUQ0NBVlVDQVFBd0tERU5NQXNHQTFVRUF3d0VhbUZ1WlRFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaApjM1JsY25Nd2dnRWlNQTBHQ1NxR1NJYjNEUUVCQVFVQUE0SUJEd0F3Z2dFS0FvSUJBUUNLTllSdHgwdEFWQXBkCmNka0pxZFlhanBEay96Um1aY05rYXlQUE1vY0VkQi9ERVFzY0thOE5NbzgyNFJ1anZDZDNYaFNaU0Z2ODliRFgKUXJkb1kzRnRoZjJLT0NUcGZVQ2NnY0Y2T2N5Z1pla3cvSVNITTduLzlnOWlRLzc4TG9BK0VqRlBLZnZUN3VpQgowb1VOanNPSzFEc09wLzVRSXZzYm5xS2RYeXpic0hOV2U1L1lNR1NkZElYMEZSRWNjZXFTOWVMRjhEY2ZaTzdWCk0xcHBmYXVpdlFDT2xzUzhnOWFJeFV6dXVUb3RjcFowNzlwczREYzhVZUlIOU8vU0puaFpWd1dyZEF5aGJmL2cKbFlVVURTTk03ZDBBdW8vUWQxcTRTODB6TjhIOU92ZS9naHlCc1AxS1QxdmdlQ3IzdjdzQlQ0RU9DVk43TDBRVQpnNXJHSFowdEFnTUJBQUdnQURBTkJna3Foa2lHOXcwQkFRc0ZBQU9DQVFFQU9uSjBqODdid054ZWlRaURiVEE4CkhzZko5cGJHR0RkemQ0aUtsUmZiRUFPZVFBa0UzdVB4RGpKMWJsKzVudmVEWFZZNzliblNJWkN2RWs1Z0RhL2oKWFp6REhRMERDYnIxYzdsSDNpZW1ZR0U1MyswQXo0UjVMZS85UE9VN2RqM21Gc2hjNHJONzZydStFTEhyNEVnSQo3YTNoM0N6b0lxdHBqWm0ydWhVT1ZpMm5CdlBYNXo2N2toOFdDVGR3Z2ZwS1orclUyTmg2dHp0dFFpZlZIYVMrClRhOWc3OEQrbUEwK09sZzRha0FDeEI2K3RLUElJWUNQbGJUT2Y3dm82Zk5rOGlpL1hacjZyM2xxQTBXa2xsb0kKVUZSa085TTFGdFVLRS9pVEwrSWxWajVXRWVIemF4Y25TblZiWWFZeG9WMWdpUHptYlhucjFqQ2dnUUZOVExXOQpmZz09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';
const requestOf = (name: string, signer: string) =>
  `{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: ${name}}, spec: {request: ${REQUEST}, signerName: ${signer}, usages: [client auth]}}`;

test('nobody is certified a master, and signers say whose requests one may approve', () =>
  session(
    `
  $ kubectl create -f master.yaml
  Error from server (Forbidden): error when creating "master.yaml": certificatesigningrequests.certificates.k8s.io "jane" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed
  [1]
  $ kubectl create -f other.yaml
  certificatesigningrequest.certificates.k8s.io/joe created
  $ kubectl create -f roles.yaml
  clusterrole.rbac.authorization.k8s.io/approver created
  clusterrole.rbac.authorization.k8s.io/signer created
  $ kubectl create clusterrolebinding approver --clusterrole=approver --user=ann
  clusterrolebinding.rbac.authorization.k8s.io/approver created
  $ kubectl certificate approve joe --as=ann
  Error from server (Forbidden): certificatesigningrequests.certificates.k8s.io "joe" is forbidden: user not permitted to approve requests with signerName "example.com/one"
  [1]
  $ kubectl create clusterrolebinding signer --clusterrole=signer --user=ann
  clusterrolebinding.rbac.authorization.k8s.io/signer created
  $ kubectl certificate approve joe --as=ann
  certificatesigningrequest.certificates.k8s.io/joe approved
  `,
    {
      files: {
        'master.yaml': requestOf('jane', 'kubernetes.io/kube-apiserver-client'),
        'other.yaml': requestOf('joe', 'example.com/one'),
        'roles.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: approver}
rules:
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [get, list]}
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: signer}
rules: [{apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [example.com/*], verbs: [approve]}]
`,
      },
    },
  ));
