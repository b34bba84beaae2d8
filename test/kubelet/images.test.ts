/** Images: policies, failures and their back-off (image_manager.go), told by STATUS and events. */
import { describe, expect, test } from 'vitest';
import { TestNode } from './node.js';

const pod = (image: string, more: object = {}) => ({ containers: [{ name: 'c', image, ...more }] });
const PULL = 'failed to pull and unpack image';

describe('an image that cannot be had', () => {
  test.each([
    [
      'no-such-image:1.0',
      'docker.io/library/no-such-image:1.0',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      '',
    ],
    [
      'ngnix',
      'docker.io/library/ngnix:latest',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      '',
    ],
    ['nginx:lates', 'docker.io/library/nginx:lates', 'docker.io/library/nginx:lates: not found', 'rpc error: code = NotFound desc = '],
    [
      'registry.invalid/x:1',
      'registry.invalid/x:1',
      'failed to do request: Head "https://registry.invalid/v2/x/manifests/1": dial tcp: lookup registry.invalid: no such host',
      '',
    ],
    [
      '123.dkr.ecr.us-east-1.amazonaws.com/app:1',
      '123.dkr.ecr.us-east-1.amazonaws.com/app:1',
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
      '',
    ],
  ])('%s: ErrImagePull, then ImagePullBackOff, by turns', (image, full, why, prefix) => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod(image) });
    node.advance(300);
    const story = node.story('p').slice(2);
    expect(story.slice(0, 4)).toEqual(['0/1 ErrImagePull 0', '0/1 ImagePullBackOff 0', '0/1 ErrImagePull 0', '0/1 ImagePullBackOff 0']);
    const text = `${prefix}${PULL} "${full}": failed to resolve reference "${full}": ${why}`;
    const messages = new Set(node.events('p').map((event) => event.replace(/ x\d+$/, '')));
    expect(messages).toEqual(
      new Set([
        `Normal Pulling Pulling image "${image}"`,
        `Warning Failed Failed to pull image "${image}": ${text}`,
        'Warning Failed Error: ErrImagePull',
        `Normal BackOff Back-off pulling image "${image}"`,
        'Warning Failed Error: ImagePullBackOff',
      ]),
    );
    const waiting = node.pod('p').status?.containerStatuses?.[0]?.state?.waiting;
    expect(waiting?.message).toBe(waiting?.reason === 'ErrImagePull' ? text : `Back-off pulling image "${image}": ErrImagePull: ${text}`);
    expect(node.pod('p').status?.phase).toBe('Pending');
  });

  test('pulls are tried again after 10, 20, 40 … seconds at the earliest', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod('nginx:nope') });
    node.advance(140);
    // About 0, 12, 34 and 75: the delay is over, and the kubelet comes round.
    expect(node.events('p')).toContain('Normal Pulling Pulling image "nginx:nope" x4');
  });

  test('a name that is none', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod('Nginx:latest') });
    node.advance(5);
    expect(node.show('p')).toBe('0/1 InvalidImageName 0');
    const message = `Failed to apply default image tag "Nginx:latest": couldn't parse image name "Nginx:latest": invalid reference format: repository name (library/Nginx) must be lowercase`;
    expect(node.pod('p').status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(message);
    expect(node.events('p')[0]).toMatch(/^Warning InspectFailed /);
  });
});

describe('policies', () => {
  test('Never with no image', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod('nginx:1.27', { imagePullPolicy: 'Never' }) });
    node.advance(2);
    expect(node.show('p')).toBe('0/1 ErrImageNeverPull 0');
    expect(node.pod('p').status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('Container image "nginx:1.27" is not present with pull policy of Never');
  });
  test('Never with an image another pod has brought', () => {
    const node = new TestNode();
    node.run({ name: 'a', spec: pod('nginx:1.27') });
    node.advance(10);
    node.run({ name: 'b', spec: pod('nginx:1.27', { imagePullPolicy: 'Never' }) });
    node.advance(5);
    expect(node.show('b')).toBe('1/1 Running 0');
  });
  test('Always pulls again, quickly', () => {
    const node = new TestNode();
    node.run({ name: 'a', spec: pod('nginx') });
    node.advance(10);
    node.run({ name: 'b', spec: pod('nginx') });
    node.advance(5);
    expect(node.show('b')).toBe('1/1 Running 0');
    expect(node.events('b').slice(0, 2)).toEqual([
      'Normal Pulling Pulling image "nginx"',
      expect.stringMatching(/^Normal Pulled Successfully pulled image "nginx" in \d+ms/),
    ]);
  });
  test('pulls of a node wait for one another', () => {
    const node = new TestNode();
    node.run({ name: 'a', spec: pod('mysql:8.0', { env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'x' }] }) });
    node.run({ name: 'b', spec: pod('nginx:1.27') });
    node.advance(60);
    const waits = ['a', 'b'].map((name) => {
      const [took = 0, waited = 0] = (/in (\S+) \((\S+) including/.exec(node.events(name)[1] ?? '') ?? []).slice(1).map((text) => Number.parseFloat(text));
      return waited - took;
    });
    expect(Math.min(...waits)).toBe(0);
    expect(Math.max(...waits)).toBeGreaterThan(1);
  });
  test('an image of an unknown organisation exists and runs', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod('acme/anything:2.3', { ports: [{ containerPort: 8080 }] }) });
    node.advance(30);
    expect(node.show('p')).toBe('1/1 Running 0');
    node.delete('p');
    node.advance(3);
    expect(node.find('p')).toBeUndefined();
  });
  test('a new image in a living pod restarts that container alone', () => {
    const node = new TestNode();
    node.run({ name: 'p', spec: pod('nginx:1.27') });
    node.advance(10);
    const old = node.pod('p');
    node.put('pods', {
      ...old,
      metadata: { ...old.metadata, generation: 2 },
      spec: { ...old.spec, containers: [{ ...old.spec.containers[0], image: 'nginx:1.28' }] },
    } as never);
    node.advance(10);
    expect(node.show('p')).toBe('1/1 Running 1');
    expect(node.events('p')).toContain('Normal Killing Container c definition changed, will be restarted');
    expect(node.pod('p').status?.containerStatuses?.[0]?.image).toBe('docker.io/library/nginx:1.28');
  });
});
