import { expect, test } from 'vitest';
import { session, terminal } from '../harness/terminal.js';

const POD = (name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  containers:
  - {name: a, image: nginx}
  - {name: b, image: busybox, command: [sleep, infinity]}
`;

test('pods and their containers', async () => {
  const shell = terminal({ files: { 'x.yaml': POD('one'), 'y.yaml': POD('two') } });
  await shell.run('kubectl apply -f x.yaml -f y.yaml');
  await session(
    `
    $ kubectl top pod
    error: metrics not available yet
    [1]
    $ kubectl wait --for=condition=Ready pods --all --timeout=60s
    ...
    $ kubectl top pod
    NAME   CPU(cores)   MEMORY(bytes)   
    one    1m           6Mi             
    two    1m           6Mi             
    $ kubectl top pod one --containers
    POD   NAME   CPU(cores)   MEMORY(bytes)   
    one   a      …m           …Mi             
    one   b      …m           …Mi             
    $ kubectl top po -l app=two --no-headers
    two   …m   …Mi   
    $ kubectl top pod --sum -n default
    NAME   CPU(cores)   MEMORY(bytes)   
    one    …
    two    …
           ________     ________        
           1m           13Mi            
    $ kubectl top pod -l app=none
    No resources found in default namespace.
    $ kubectl top pod nope
    Error from server (NotFound): podmetrics.metrics.k8s.io "default/nope" not found
    [1]
    $ kubectl top node nope
    Error from server (NotFound): nodemetrics.metrics.k8s.io "nope" not found
    [1]
    `,
    {},
    shell,
  );
  const all = (await shell.run('kubectl top pod -A --sort-by=memory --no-headers')).out;
  const memory = all.split('\n').flatMap((line) => /(\d+)Mi/.exec(line)?.[1] ?? []);
  expect(memory.length).toBeGreaterThan(2);
  expect(memory.map(Number)).toEqual([...memory.map(Number)].sort((a, b) => b - a));
  expect(all).toMatch(/^kube-system +\S+/m);
  const nodes = (await shell.run('kubectl top node')).out;
  expect(nodes).toMatch(/^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) +\n\S+ +\d+m +\d+% +\d+Mi +\d+% +\n/);
  shell.close();
});
