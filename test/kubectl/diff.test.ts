import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/text/unified-diff.js';
import { session, terminal } from '../harness/terminal.js';

const MAP = (value: string) => `
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {a: "1", b: "${value}"}
`;

test('nothing, something new, something changed', () =>
  session(
    `
    $ kubectl diff -f c.yaml
    diff -u -N /tmp/LIVE-…/v1.ConfigMap.default.c /tmp/MERGED-…/v1.ConfigMap.default.c
    --- /tmp/LIVE-…/v1.ConfigMap.default.c	2026-01-01 00:00:00.000000000 +0000
    +++ /tmp/MERGED-…/v1.ConfigMap.default.c	2026-01-01 00:00:00.000000000 +0000
    @@ -0,0 +1,…
    +apiVersion: v1
    +data:
    +  a: "1"
    +  b: "2"
    +kind: ConfigMap
    +metadata:
    ...
    [1]
    $ kubectl get cm c
    Error from server (NotFound): configmaps "c" not found
    [1]
    $ kubectl apply -f c.yaml
    configmap/c created
    $ kubectl diff -f c.yaml
    $ kubectl diff -f d.yaml
    diff -u -N /tmp/LIVE-…/v1.ConfigMap.default.c /tmp/MERGED-…/v1.ConfigMap.default.c
    --- /tmp/LIVE-…
    +++ /tmp/MERGED-…
    @@ -1,7 +1,7 @@
     apiVersion: v1
     data:
       a: "1"
    -  b: "2"
    +  b: "3"
     kind: ConfigMap
     metadata:
       annotations:
    [1]
    $ kubectl diff -f d.yaml --server-side
    ...
    -  b: "2"
    +  b: "3"
    ...
    [1]
    $ kubectl get cm c -o jsonpath={.data.b}
    2
    `,
    { files: { 'c.yaml': MAP('2'), 'd.yaml': MAP('3') } },
  ));

test('secrets show that they change, not how', () =>
  session(
    `
    $ kubectl create secret generic s --from-literal=a=1 --from-literal=b=2
    secret/s created
    $ kubectl diff -f s.yaml
    ...
    -  a: '*** (before)'
    +  a: '*** (after)'
       b: '***'
    ...
    [1]
    `,
    { files: { 's.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: eA==, b: Mg==}\n' } },
  ));

test('another program', async () => {
  const shell = terminal({ files: { 'c.yaml': MAP('2') }, env: { KUBECTL_EXTERNAL_DIFF: 'nosuchprogram -u' } });
  const { code, err } = await shell.run('kubectl diff -f c.yaml');
  expect({ code, err }).toEqual({ code: 2, err: 'error: failed to run "nosuchprogram": executable file not found in $PATH\n' });
  shell.close();
  const other = terminal({ files: { 'c.yaml': MAP('2') }, env: { KUBECTL_EXTERNAL_DIFF: 'diff -N -q $x' } });
  const ran = await other.run('kubectl diff -f c.yaml');
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(/^Files .*LIVE-.*v1\.ConfigMap\.default\.c and .*MERGED-.* differ\n$/);
  other.close();
});

test('what pruning would take away', () =>
  session(
    `
    $ kubectl apply -f c.yaml
    configmap/c created
    $ kubectl apply -f e.yaml
    configmap/e created
    $ kubectl diff -f c.yaml --prune -l x=one
    W0101 00:00:… prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced resources by default…
    Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
    diff -u -N /tmp/LIVE-…/v1.ConfigMap.default.e /tmp/MERGED-…/v1.ConfigMap.default.e
    --- …
    +++ …
    @@ -1,… +0,0 @@
    -apiVersion: v1
    ...
    [1]
    `,
    {
      files: {
        'c.yaml': MAP('2').replace('{name: c}', '{name: c, labels: {x: one}}'),
        'e.yaml': MAP('2').replace('{name: c}', '{name: e, labels: {x: one}}'),
      },
    },
  ));

const hunks: readonly (readonly [string, string, string])[] = [
  ['', 'a\nb\n', '@@ -0,0 +1,2 @@\n+a\n+b\n'],
  ['a\nb\n', '', '@@ -1,2 +0,0 @@\n-a\n-b\n'],
  ['a\n', 'b\n', '@@ -1 +1 @@\n-a\n+b\n'],
  ['a\n', 'a\n', ''],
  ['1\n2\n3\n4\n5\n6\n7\n8\n', '1\n2\n3\n4\n5\n6\n7\nx\n', '@@ -5,4 +5,4 @@\n 5\n 6\n 7\n-8\n+x\n'],
];
test.each(hunks)('%j and %j', (before, after, out) => expect(unifiedDiff(before, after)).toBe(out));
