/** Volumes that cannot be mounted, and what the events say: texts of pkg/volume/* and volumemanager of v1.33. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import type { VolumeAttachment } from '../../src/resources/volumeattachments/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const object = (apiVersion: string, kind: string, name: string, more: object): KubeObject => ({ apiVersion, kind, metadata: { name }, ...more }) as KubeObject;
const pod = (name: string, volume: object, more: object = {}): KubeObject =>
  object('v1', 'Pod', name, {
    spec: {
      containers: [{ name: 'c', image: 'busybox', command: ['sleep', 'infinity'], volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', ...volume }],
      ...more,
    },
  });
const claimed = { persistentVolumeClaim: { claimName: 'x' } };
const pv = (spec: object): KubeObject =>
  object('v1', 'PersistentVolume', 'pv', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'manual', ...spec } });
const pvc = (spec: object = {}): KubeObject =>
  object('v1', 'PersistentVolumeClaim', 'x', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'manual', ...spec },
  });
const on = (node: string) => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] },
});
const eventsOf = (c: TestCluster, name: string) =>
  c
    .list<Event>('events')
    .filter(({ involvedObject, type }) => involvedObject.name === name && type === 'Warning')
    .map(({ reason, source, message }) => `${reason} ${source?.component} ${message}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uid>'));

const SET_UP = 'FailedMount kubelet MountVolume.SetUp failed for volume';
const GAVE_UP = (unattached: string) =>
  `FailedMount kubelet Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[${unattached}], failed to process volumes=[]: context deadline exceeded`;
const UNPROCESSED = 'FailedMount kubelet Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]:';
const nfs = (output: string, name = 'v', flags = '') =>
  `${SET_UP} "${name}" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs ${flags}${output.includes('resolve') ? 'files.example' : output.includes('refused') ? '172.18.0.2' : '192.0.2.1'}:/data /var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~nfs/${name}\nOutput: mount.nfs: ${output}\n`;

interface Case {
  readonly name: string;
  readonly before?: readonly KubeObject[];
  readonly volume?: object;
  readonly spec?: object;
  /** After three minutes. */
  readonly events: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'an NFS server that never answers',
    volume: { nfs: { server: '192.0.2.1', path: '/data' } },
    events: [GAVE_UP(''), nfs('Connection timed out')],
  },
  {
    name: 'an NFS server whose name the node cannot resolve',
    volume: { nfs: { server: 'files.example', path: '/data' } },
    events: [nfs('Failed to resolve server files.example: Name or service not known'), GAVE_UP('')],
  },
  {
    name: 'a node that exports nothing, read only and with options',
    before: [pv({ nfs: { server: '172.18.0.2', path: '/data', readOnly: true }, mountOptions: ['nfsvers=4.1', 'hard'] }), pvc()],
    volume: claimed,
    events: [GAVE_UP(''), nfs('Connection refused', 'pv', '-o nfsvers=4.1,hard,ro ')],
  },
  {
    name: 'an inline CSI volume without its driver',
    volume: { csi: { driver: 'secrets-store.csi.k8s.io' } },
    events: [
      `${SET_UP} "v" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers`,
      GAVE_UP(''),
    ],
  },
  {
    name: 'a CSI volume nobody attaches',
    before: [pv({ csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' } }), pvc()],
    volume: claimed,
    events: [
      'FailedAttachVolume attachdetach-controller AttachVolume.Attach failed for volume "pv" : timed out waiting for external-attacher of ebs.csi.aws.com CSI driver to attach volume vol-1',
      GAVE_UP('v'),
    ],
  },
  {
    name: 'a CSI volume that needs no attaching, without its driver',
    before: [
      object('storage.k8s.io/v1', 'CSIDriver', 'nfs.csi.k8s.io', { spec: { attachRequired: false } }),
      pv({ csi: { driver: 'nfs.csi.k8s.io', volumeHandle: 'h' } }),
      pvc(),
    ],
    volume: claimed,
    events: [
      'FailedMount kubelet MountVolume.MountDevice failed for volume "pv" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name nfs.csi.k8s.io not found in the list of registered CSI drivers',
      GAVE_UP(''),
    ],
  },
  {
    name: 'a disk whose plugin is a CSI driver now',
    volume: { gcePersistentDisk: { pdName: 'disk' } },
    events: [
      'FailedAttachVolume attachdetach-controller AttachVolume.Attach failed for volume "v" : timed out waiting for external-attacher of pd.csi.storage.gke.io CSI driver to attach volume projects/UNSPECIFIED/zones/UNSPECIFIED/disks/disk',
      GAVE_UP('v'),
    ],
  },
  {
    name: 'a kind of volume no kubelet knows any more',
    volume: { rbd: { monitors: ['10.0.0.1:6789'], image: 'i' } },
    events: [`${UNPROCESSED} failed to get Plugin from volumeSpec for volume "v" err=no volume plugin matched`],
  },
  {
    name: 'a local directory that is not there',
    before: [pv({ local: { path: '/mnt/disks/ssd1' }, nodeAffinity: on('podsim-control-plane') }), pvc()],
    volume: claimed,
    events: ['FailedMount kubelet MountVolume.NewMounter initialization failed for volume "pv" : path "/mnt/disks/ssd1" does not exist', GAVE_UP('')],
  },
  {
    name: 'a file as a local volume',
    before: [pv({ local: { path: '/etc/hostname' }, nodeAffinity: on('podsim-control-plane') }), pvc()],
    volume: claimed,
    events: ['FailedMount kubelet MountVolume.NewMounter initialization failed for volume "pv" : only directory and block device are supported', GAVE_UP('')],
  },
  {
    name: 'a volume of another node, by nodeName',
    before: [pv({ hostPath: { path: '/tmp/x' }, nodeAffinity: on('elsewhere') }), pvc()],
    volume: claimed,
    spec: { nodeName: 'podsim-control-plane' },
    events: ['FailedMount kubelet MountVolume.NodeAffinity check failed for volume "pv" : no matching NodeSelectorTerms', GAVE_UP('')],
  },
  {
    name: 'a block volume as a directory',
    before: [pv({ hostPath: { path: '/dev/sdb' }, volumeMode: 'Block' }), pvc({ volumeMode: 'Block' })],
    volume: claimed,
    events: [`${UNPROCESSED} volume v has volumeMode Block, but is specified in volumeMounts`],
  },
  {
    name: 'a git repository',
    volume: { gitRepo: { repository: 'https://example.com/x.git' } },
    events: [
      `${SET_UP} "v" : git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate \`GitRepoVolumeDriver\``,
      GAVE_UP(''),
    ],
  },
  ...(
    [
      ['Directory', '/no/such', 'a directory'],
      ['Directory', '/etc/hostname', 'a directory'],
      ['DirectoryOrCreate', '/etc/hostname', 'a directory'],
      ['File', '/var/log', 'a file'],
      ['FileOrCreate', '/var/log', 'a file'],
      ['Socket', '/var/run/docker.sock', 'a socket file'],
      ['CharDevice', '/dev/sda', 'a character device'],
      ['BlockDevice', '/dev/null', 'a block device'],
    ] as const
  ).map(([type, path, text]) => ({
    name: `hostPath ${path} as ${type}`,
    volume: { hostPath: { path, type } },
    events: [`${SET_UP} "v" : hostPath type check failed: ${path} is not ${text}`, GAVE_UP('')],
  })),
  {
    name: 'several sources that are missing are all named',
    volume: { projected: { sources: [{ configMap: { name: 'a' } }, { secret: { name: 'b' } }, { configMap: { name: 'c', optional: true } }] } },
    events: [`${SET_UP} "v" : [configmap "a" not found, secret "b" not found]`, GAVE_UP('')],
  },
  {
    name: 'keys that are missing',
    before: [object('v1', 'ConfigMap', 'a', { data: { k: '1' } })],
    volume: { configMap: { name: 'a', items: [{ key: 'other', path: 'p' }] } },
    events: [`${SET_UP} "v" : configmap references non-existent config key: other`, GAVE_UP('')],
  },
];

describe('what cannot be mounted', () => {
  test.each(cases)('$name', ({ before = [], volume = {}, spec = {}, events }) => {
    const c = cluster({ nodes: 1 });
    for (const one of before) c.create(one);
    c.advance('1s');
    c.create(pod('p', volume, spec));
    c.advance('3m');
    expect(eventsOf(c, 'p').toSorted()).toEqual(events.toSorted());
    expect(c.get<Pod>('pods', 'p').status?.phase).toBe('Pending');
  });
});

test('what the node has can be mounted', () => {
  const c = cluster({ nodes: 1 });
  const paths = [
    ['Directory', '/var/log'],
    ['File', '/etc/os-release'],
    ['Socket', '/var/run/containerd/containerd.sock'],
    ['CharDevice', '/dev/null'],
    ['DirectoryOrCreate', '/srv/new'],
    ['FileOrCreate', '/srv/new/file'],
    ['', '/not/there/yet'],
  ];
  paths.forEach(([type, path], i) => void c.create(pod(`p${i}`, { hostPath: { path, type } })));
  c.advance('10s');
  expect(paths.map((_, i) => c.get<Pod>('pods', `p${i}`).status?.phase)).toEqual(paths.map(() => 'Running'));
  // What they have made is there now.
  c.create(pod('again', { hostPath: { path: '/srv/new/file', type: 'File' } }));
  c.create(pod('and-again', { hostPath: { path: '/not/there', type: 'Directory' } }));
  c.advance('10s');
  expect([eventsOf(c, 'again'), eventsOf(c, 'and-again')]).toEqual([[], []]);
});

test('a pod put beside the one that has a ReadWriteOncePod volume waits until that is gone', () => {
  const c = cluster({ nodes: 1 });
  c.create(pv({ hostPath: { path: '/tmp/x' }, accessModes: ['ReadWriteOncePod'] }));
  c.create(pvc({ accessModes: ['ReadWriteOncePod'] }));
  c.create(pod('first', claimed));
  c.advance('5s');
  c.create(pod('second', claimed, { nodeName: 'podsim-control-plane' }));
  c.advance('5s');
  expect(eventsOf(c, 'second')).toEqual([`${SET_UP} "pv" : volume uses the ReadWriteOncePod access mode and is already in use by another pod`]);
  c.delete('pods', 'first');
  c.advance('1m30s');
  expect(c.get<Pod>('pods', 'second').status?.phase).toBe('Running');
});

test('an attachment is asked for while pods need it', () => {
  const c = cluster({ nodes: 1 });
  c.create(pv({ csi: { driver: 'd.example', volumeHandle: 'h' } }));
  c.create(pvc());
  c.create(pod('p', claimed));
  c.advance('5s');
  const attachments = () => c.list<VolumeAttachment>('volumeattachments.storage.k8s.io');
  expect(attachments().map(({ metadata, spec, status }) => ({ name: metadata.name, ...spec, ...status }))).toEqual([
    {
      // sha256 of handle, driver and node
      name: 'csi-740613300e0275bdd0a1b36b5c13e9f53d1dc64955bb74d395d6f7197005081e',
      attacher: 'd.example',
      nodeName: 'podsim-control-plane',
      source: { persistentVolumeName: 'pv' },
      attached: false,
    },
  ]);
  c.delete('pods', 'p');
  c.advance('40s');
  expect(attachments()).toEqual([]);
});

test('a downward API file follows the pod’s labels; a subPath and a projected limit do not change', () => {
  const c = cluster({ nodes: 1, cpu: '4' });
  const show = 'while true; do cat /info/labels /info/cpu; echo; cat /label; echo; sleep 5; done';
  c.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { a: '1' } },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'busybox:1.36',
          command: ['sh', '-c', show],
          volumeMounts: [
            { name: 'v', mountPath: '/info' },
            { name: 'v', mountPath: '/label', subPath: 'labels' },
          ],
        },
      ],
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [
              {
                downwardAPI: {
                  items: [
                    { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
                    { path: 'cpu', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
                  ],
                },
              },
            ],
          },
        },
      ],
    },
  } as unknown as KubeObject);
  c.advance('7s');
  c.request('PATCH', '/api/v1/namespaces/default/pods/p', { metadata: { labels: { b: '2' } } }, { 'content-type': 'application/merge-patch+json' });
  c.advance('10s');
  const log = String(c.request('GET', '/api/v1/namespaces/default/pods/p/log').body);
  expect([...new Set(log.match(/a="1"\n?(b="2")?\n?4?\n/g))]).toEqual(['a="1"4\n', 'a="1"\n', 'a="1"\nb="2"4\n']);
});

test('an NFS server in the cluster: whoever mounts what it exports shares it, on every node', () => {
  const c = cluster({ nodes: 2 });
  const server = { name: 'c', image: 'registry.k8s.io/volume-nfs:0.8', ports: [{ containerPort: 2049 }] };
  c.create(object('v1', 'Service', 'nfs', { spec: { clusterIP: '10.96.7.7', ports: [{ port: 2049 }], selector: { role: 'nfs' } } }));
  c.create(pv({ nfs: { server: '10.96.7.7', path: '/' }, accessModes: ['ReadWriteMany'] }));
  c.create(pvc({ accessModes: ['ReadWriteMany'] }));
  const script = (name: string, text: string, nodeName: string): KubeObject =>
    pod(name, claimed, {
      nodeName,
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', text], volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    });
  c.create(script('writer', 'echo shared > /v/file', 'podsim-worker'));
  c.advance('5s');
  expect(c.get<Pod>('pods', 'writer').status?.phase).toBe('Pending');
  c.create({ ...object('v1', 'Pod', 'nfs', { spec: { containers: [server] } }), metadata: { name: 'nfs', labels: { role: 'nfs' } } });
  c.advance('40s');
  expect([c.get<Pod>('pods', 'writer').status?.phase, eventsOf(c, 'writer')]).toEqual(['Succeeded', []]);
  c.create(script('reader', 'cat /v/file', 'podsim-control-plane'));
  c.advance('10s');
  expect(c.request('GET', '/api/v1/namespaces/default/pods/reader/log').body).toBe('shared\n');
});
