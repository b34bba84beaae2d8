/** What images' entrypoint scripts make of a container's arguments (`kubectl run x --image=nginx -- sleep 3`). */
import { expect, test } from 'vitest';
import { pods } from './shell/pods.js';

const cases: readonly (readonly [image: string, args: readonly string[], phase: string, log: RegExp])[] = [
  ['nginx', ['sh', '-c', 'echo hi'], 'Succeeded', /^hi\n$/],
  ['nginx', ['nosuch', 'x'], 'Failed', /^\/docker-entrypoint.sh: 47: exec: nosuch: not found\n$/],
  ['nginx', ['nginx', '-g', 'daemon off;'], 'Running', /Configuration complete/],
  ['redis', ['sleep', '1d'], 'Running', /^$/],
  ['redis', ['--appendonly', 'yes'], 'Running', /Ready to accept connections/],
  ['redis', ['redis-cli', '-p', '1', 'ping'], 'Failed', /^Could not connect to Redis at 127.0.0.1:1: Connection refused\n$/],
  ['node', ['node', '-e', 'console.log(1)'], 'Succeeded', /^1\n$/],
  ['node', ['-e', 'console.log(2)'], 'Succeeded', /^2\n$/],
  ['python', ['python', '-c', 'print(3)'], 'Succeeded', /^3\n$/],
  ['mysql', ['env'], 'Succeeded', /HOSTNAME=/],
  ['curlimages/curl', ['-sS', 'http://localhost:81'], 'Failed', /Failed to connect to localhost port 81/],
  ['busybox', ['echo', 'x'], 'Succeeded', /^x\n$/],
  ['node', ['npm', '--version'], 'Succeeded', /^11\.3\.0\n$/],
  ['openjdk', ['java', '-version'], 'Succeeded', /^openjdk version "17\.0\.15"\nOpenJDK Runtime Environment /],
  ['httpd', ['httpd', '-v'], 'Succeeded', /^Server version: Apache\/2\.4\.63 \(Unix\)\n/],
  ['busybox', ['fdisk', '-l'], 'Succeeded', /^podsim: fdisk is not simulated; it does nothing\n$/],
];

test('arguments reach the program they name', () => {
  const c = pods();
  cases.forEach(([image, args], i) => {
    c.run(`p${i}`, image, undefined, { restartPolicy: 'Never', container: { args } });
  });
  c.advance('90s');
  for (const [i, [image, args, phase, log]] of cases.entries()) {
    const pod = c.get<{ metadata: { name: string }; status: { phase: string } } & Parameters<typeof c.create>[0]>('pods', `p${i}`);
    expect([image, args, pod.status.phase]).toEqual([image, args, phase]);
    expect(c.logs(`p${i}`), `${image} ${args.join(' ')}`).toMatch(log);
  }
});
