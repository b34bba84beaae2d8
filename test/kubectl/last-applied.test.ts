import { test } from 'vitest';
import { session } from '../harness/terminal.js';

const MAP = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "${value}"}\n`;

test('view, set and edit what was applied last', () =>
  session(
    `
    $ kubectl create -f c.yaml
    configmap/c created
    $ kubectl apply view-last-applied cm c
    $ kubectl apply set-last-applied -f d.yaml
    error: no last-applied-configuration annotation found on resource: c, to create the annotation, run the command with --create-annotation
    [1]
    $ kubectl apply edit-last-applied cm c
    error: no last-applied-configuration annotation found on resources, to create the annotation, use command \`kubectl apply set-last-applied --create-annotation\`
    [1]
    $ kubectl apply set-last-applied -f d.yaml --create-annotation --dry-run=client
    configmap/c configured (dry run)
    $ kubectl apply set-last-applied -f d.yaml --create-annotation
    configmap/c configured
    $ kubectl get cm c -o jsonpath={.data.a}
    1
    $ kubectl apply view-last-applied cm/c
    apiVersion: v1
    data:
      a: "2"
    kind: ConfigMap
    metadata:
      name: c
      namespace: default
    $ kubectl apply view-last-applied -f d.yaml -o json
    {
      "apiVersion": "v1",
      "data": {
        "a": "2"
      },
      "kind": "ConfigMap",
      "metadata": {
        "name": "c",
        "namespace": "default"
      }
    }
    $ kubectl apply view-last-applied cm c -o wide
    error: Unexpected -o output mode: wide, the flag 'output' must be one of yaml|json
    See 'kubectl apply view-last-applied -h' for help and examples
    [1]
    $ kubectl apply set-last-applied -f d.yaml -o name
    set-last-applied c: no changes required.
    `,
    { files: { 'c.yaml': MAP('1'), 'd.yaml': MAP('2') } },
  ));
