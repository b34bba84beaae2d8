/** @kubernetes/client-node against `podsim serve`, over TLS with the kubeconfig it has written. */
import { type AddressInfo, createServer } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import {
  AppsV1Api,
  Attach,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1Pod,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServedCluster } from './served.js';

const namespace = 'default';
let cluster: ServedCluster;
let config: KubeConfig;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await new ServedCluster('--nodes', '2', '--clock', '20x').start();
  config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => cluster?.close());

const pod = (name: string, ...command: readonly string[]): V1Pod => ({
  metadata: { name, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'busybox:1.36', command: [...command], stdin: true }] },
});

async function until<T>(what: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`in vain: ${what}`);
}

const running = (name: string): Promise<V1Pod> =>
  until(async () => {
    const found = await core.readNamespacedPod({ name, namespace });
    return found.status?.phase === 'Running' ? found : undefined;
  });

/** Collects what is written to it. */
class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

test('create, list, replace, delete; errors are ApiExceptions with a Status', async () => {
  const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' }, data: { a: '1' } } });
  expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'two', labels: { x: 'y' } }, data: { a: '2' } } });
  const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: 'x=y' });
  expect(items.map(({ metadata }) => metadata?.name)).toEqual(['two']);
  const replaced = await core.replaceNamespacedConfigMap({ name: 'one', namespace, body: { ...made, data: { a: '3' } } });
  expect(replaced.data).toEqual({ a: '3' });
  await expect(core.replaceNamespacedConfigMap({ name: 'one', namespace, body: made })).rejects.toMatchObject({ code: 409 });
  await expect(core.readNamespacedConfigMap({ name: 'none', namespace })).rejects.toMatchObject({ code: 404, body: expect.stringContaining('not found') });
  const page = await core.listNamespacedConfigMap({ namespace, limit: 1 });
  expect(page.items).toHaveLength(1);
  const rest = await core.listNamespacedConfigMap({ namespace, limit: 100, _continue: page.metadata?._continue as string });
  expect([...page.items, ...rest.items].map(({ metadata }) => metadata?.name)).toEqual(['kube-root-ca.crt', 'one', 'two']);
  await core.deleteNamespacedConfigMap({ name: 'one', namespace });
  await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'x=y' });
  expect((await core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name)).toEqual(['kube-root-ca.crt']);
});

test('patches of all types', async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const name = 'patched';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
  await apps.createNamespacedDeployment({ namespace, body: { metadata: { name }, spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template } } });
  const patch = (type: PatchStrategy, body: object, extra: object = {}) =>
    apps.patchNamespacedDeployment({ name, namespace, body, ...extra }, setHeaderOptions('Content-Type', type));
  const merged = await patch(PatchStrategy.MergePatch, { metadata: { labels: { merge: 'yes' } } });
  expect(merged.metadata?.labels).toEqual({ merge: 'yes' });
  const json = await patch(PatchStrategy.JsonPatch, [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'nginx:1.28' }]);
  expect(json.spec?.template.spec?.containers[0]?.image).toBe('nginx:1.28');
  const strategic = await patch(PatchStrategy.StrategicMergePatch, { spec: { template: { spec: { containers: [{ name: 'd', image: 'busybox:1.36' }] } } } });
  expect(strategic.spec?.template.spec?.containers.map((container) => container.name)).toEqual(['d', 'c']);
  const applied = await patch(
    PatchStrategy.ServerSideApply,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: { applied: 'yes' } } },
    { fieldManager: 'me' },
  );
  expect(applied.metadata?.labels).toEqual({ applied: 'yes', merge: 'yes' });
  expect(applied.metadata?.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)).toContain('me Apply');
  const status = await apps.patchNamespacedDeploymentScale(
    { name, namespace, body: { spec: { replicas: 2 } } },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
  expect(status.spec?.replicas).toBe(2);
  await until(async () => ((await apps.readNamespacedDeployment({ name, namespace })).status?.replicas === 2 ? true : undefined));
  await apps.deleteNamespacedDeployment({ name, namespace });
});

test('any object by its kind: KubernetesObjectApi', async () => {
  const client = KubernetesObjectApi.makeApiClient(config);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'any', namespace } };
  await client.create(object);
  const patched = await client.patch({ ...object, data: { a: 'b' } } as typeof object, undefined, undefined, 'me', true, PatchStrategy.ServerSideApply);
  expect(patched).toMatchObject({ data: { a: 'b' } });
  expect(await client.read(object)).toMatchObject({ data: { a: 'b' } });
  expect((await client.delete(object)).status).toBe('Success');
});

test('exec, attach, logs', async () => {
  const script = 'echo started; while read line; do echo got $line; done';
  await core.createNamespacedPod({ namespace, body: pod('talker', 'sh', '-c', script) });
  await running('talker');

  const out = new Text();
  const err = new Text();
  const status = await new Promise<V1Status>((resolve, reject) => {
    const input = new PassThrough();
    new Exec(config)
      .exec(namespace, 'talker', 'c', ['sh', '-c', 'read a; echo $a; echo no >&2; exit 3'], out, err, input, false, resolve)
      .then((socket) => socket.on('error', reject), reject);
    input.end('typed\n');
  });
  expect([out.text, err.text]).toEqual(['typed\n', 'no\n']);
  expect(status).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '3' }] } });

  expect(await core.readNamespacedPodLog({ name: 'talker', namespace })).toBe('started\n');
  const followed = new Text();
  const stop = await new Log(config).log(namespace, 'talker', 'c', followed, { follow: true, tailLines: 10 });
  const attached = new Text();
  const input = new PassThrough();
  const socket = await new Attach(config).attach(namespace, 'talker', 'c', attached, null, input, false);
  input.write('hello\n');
  await until(() => (attached.text.includes('got hello\n') ? true : undefined));
  await until(() => (followed.text === 'started\ngot hello\n' ? true : undefined));
  stop.abort();
  socket.close();
});

test('port-forward', async () => {
  const web: V1Pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
  await core.createNamespacedPod({ namespace, body: web });
  await running('web');
  const forward = new PortForward(config);
  const local = createServer((socket) => void forward.portForward(namespace, 'web', [80], socket, null, socket));
  await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(local.address() as AddressInfo).port}/`, { headers: { connection: 'close' } });
  expect(await answer.text()).toContain('Welcome to nginx!');
  local.close();
});

test('watch: events in order, bookmarks, an end by timeout, 410 for what is too old', async () => {
  const watch = new Watch(config);
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const { metadata } = await core.listNamespacedConfigMap({ namespace });
  const seen: string[] = [];
  const ended = new Promise<unknown>((resolve, reject) => {
    const query = { resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 20 };
    watch.watch(path, query, (type, object: V1Pod) => void seen.push(type === 'BOOKMARK' ? type : `${type} ${object.metadata?.name}`), resolve).catch(reject);
  });
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'seen' } } });
  await core.patchNamespacedConfigMap({ name: 'seen', namespace, body: { data: { a: 'b' } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await core.deleteNamespacedConfigMap({ name: 'seen', namespace });
  expect(await ended).toBeNull();
  expect(seen).toEqual(['ADDED seen', 'MODIFIED seen', 'DELETED seen', 'BOOKMARK']);
});

test('an informer survives a server that is killed and one that is stopped', async () => {
  const list = () => core.listNamespacedConfigMap({ namespace, labelSelector: 'informed=yes' });
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list, 'informed=yes');
  const events: string[] = [];
  for (const verb of ['add', 'update', 'delete']) informer.on(verb, ({ metadata }) => void events.push(`${verb} ${metadata?.name}`));
  const restart = () => void informer.start().catch(() => setTimeout(restart, 50));
  informer.on('error', restart);
  await informer.start();
  const create = (name: string) => core.createNamespacedConfigMap({ namespace, body: { metadata: { name, labels: { informed: 'yes' } } } });
  const seen = (text: string) => until(() => (events.includes(text) ? true : undefined));
  await create('before');
  await seen('add before');
  await cluster.stop('SIGKILL');
  // What happens while nobody serves is told when somebody does again.
  expect(cluster.podsim('create', 'configmap', 'between')).toMatchObject({ code: 0 });
  cluster.podsim('label', 'configmap', 'between', 'informed=yes');
  await cluster.start();
  await seen('add between');
  await create('after');
  await seen('add after');
  expect(await cluster.stop('SIGTERM')).toBe(0);
  await cluster.start();
  await core.deleteNamespacedConfigMap({ name: 'after', namespace });
  await seen('delete after');
  expect(events.filter((event) => event.startsWith('add'))).toEqual(['add before', 'add between', 'add after']);
  await informer.stop();
});

test('groups, versions and custom objects by path', async () => {
  const custom = config.makeApiClient(CustomObjectsApi);
  const nodes = (await custom.listClusterCustomObject({ group: 'metrics.k8s.io', version: 'v1beta1', plural: 'nodes' })) as { kind: string };
  expect(nodes.kind).toBe('NodeMetricsList');
});
