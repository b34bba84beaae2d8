/** kubectl expose (pkg/cmd/expose/expose.go). */
import type { Json, KubeObject } from '../../api/object.js';
import type { LabelSelector } from '../../api/selectors.js';
import { splitGroupVersion } from '../../client/rest-mapper.js';
import { hasFiles, NOTHING_NAMED, type Request, requestOf, visitAll } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { messageOf } from '../errors.js';
import { parseLabelList, withTypedConfig } from '../generator.js';
import { groupKind } from '../names.js';
import { applyOverrides, OVERRIDE_TYPE, OVERRIDES } from '../overrides.js';
import { at, podTemplatePath } from '../pod-specs.js';
import { objectPrinter } from '../printing.js';
import { RECORD, recorded } from '../record.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  short: 'Make a service for a replication controller, service, deployment or pod',
  long: `Make a service for the pods of an object.

The object is a deployment, service, replica set, replication controller or pod; its selector (of a pod: its labels) becomes the service's. A selector with expressions cannot be taken over. Without --port its ports are; without --labels its labels.

Objects: pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)`,
  examples: `# Port 80 of the service goes to port 8000 of nginx
kubectl expose rc nginx --port=80 --target-port=8000

# The same for what a file names
kubectl expose -f nginx-controller.yaml --port=80 --target-port=8000

# A pod, under the name frontend
kubectl expose pod valid-pod --port=444 --name=frontend

# Another service on port 443 for the same pods
kubectl expose service nginx --port=443 --target-port=8443 --name=nginx-https

# UDP
kubectl expose rc streamer --port=4100 --protocol=UDP --name=video-stream

# A deployment
kubectl expose deployment nginx --port=80 --target-port=8000`,
  flags: [
    ...shared.PRINT,
    { name: 'cluster-ip', type: 'string', usage: "The address of the service. None: one is chosen; 'None': a headless service." },
    shared.DRY_RUN,
    { name: 'external-ip', type: 'string', usage: 'Another address, not managed by Kubernetes; traffic to it at a node goes to the service too.' },
    shared.FIELD_MANAGER('kubectl-expose'),
    ...shared.FILES('Files, directories or URLs that name what to expose'),
    { name: 'labels', short: 'l', type: 'string', usage: 'Labels of the service.' },
    { name: 'load-balancer-ip', type: 'string', usage: 'The address of the load balancer. None: one is chosen (depends on the cloud).' },
    { name: 'name', type: 'string', usage: 'The name of the service.' },
    OVERRIDE_TYPE,
    OVERRIDES,
    { name: 'port', type: 'string', usage: "The port of the service. None: the object's" },
    { name: 'protocol', type: 'string', usage: "The protocol of the service. None: 'TCP'." },
    shared.SAVE_CONFIG,
    { name: 'selector', type: 'string', usage: "The selector of the service; only '=' is possible. None: the object's" },
    RECORD,
    { name: 'session-affinity', type: 'string', usage: "Whether a client goes on talking to one pod: 'None' or 'ClientIP'" },
    { name: 'target-port', type: 'string', usage: 'Name or number of the port of the containers.' },
    { name: 'type', type: 'string', usage: "ClusterIP, NodePort, LoadBalancer or ExternalName. None: 'ClusterIP'." },
  ],
  async complete(args, flags, factory) {
    const dryRun = shared.dryRunOf(flags, factory);
    return { request: requestOf({ ...flags, has: (name) => name !== 'selector' && flags.has(name) }, args), flags, dryRun };
  },
  validate({ request }) {
    if ((request.args?.length ?? 0) === 0 && !hasFiles(request)) {
      throw new UsageError(NOTHING_NAMED);
    }
  },
  async run({ request, flags, dryRun }, factory) {
    const print = await objectPrinter(factory, flags, 'exposed', dryRun, true);
    // What is worked out of the first object is taken as said for those that follow
    const said: Said = {};
    await visitAll(factory, { ...request, typed: true }, async (info) => {
      let service = serviceFor(info.object as KubeObject, flags, said);
      if (factory.namespaceGiven || info.namespace !== 'default') {
        const { name, ...rest } = service.metadata;
        service = { ...service, metadata: { ...(name === undefined ? {} : { name }), namespace: info.namespace, ...rest } };
      }
      service = recorded(factory, flags, await applyOverrides(service, flags, factory));
      if (dryRun !== 'client') service = await create(factory, service, info.namespace, flags, dryRun);
      print(service);
    });
  },
};
export default command;

async function create(factory: Factory, service: KubeObject, namespace: string, flags: FlagValues, dryRun: shared.DryRun): Promise<KubeObject> {
  const body = flags.bool('save-config') ? withTypedConfig(service) : service;
  return factory.client.create<KubeObject>({ resource: { group: '', version: 'v1', resource: 'services', namespaced: true }, namespace }, body, {
    fieldManager: flags.string('field-manager'),
    ...shared.dryRunQuery(dryRun),
  });
}

const EXPOSABLE = ['v1/Pod', 'v1/Service', 'v1/ReplicationController', 'apps/v1/Deployment', 'apps/v1/ReplicaSet'];

interface Said {
  selector?: Readonly<Record<string, string>>;
  ports?: readonly string[];
  labels?: Readonly<Record<string, string>>;
}

/** The service that exposes an object. Members in the order of Go's Service. */
function serviceFor(object: KubeObject, flags: FlagValues, said: Said): KubeObject {
  if (!EXPOSABLE.includes(`${object.apiVersion}/${object.kind}`)) {
    const { group } = splitGroupVersion(object.apiVersion);
    throw new UsageError(`cannot expose a ${groupKind({ group, kind: object.kind })}`);
  }
  const selector = said.selector ?? (flags.string('selector') === '' ? selectorOf(object) : parseLabelList(flags.string('selector')));
  said.selector = selector;
  const clusterIp = flags.string('cluster-ip');
  const found = portsOf(object);
  const wanted = said.ports ?? (flags.string('port') === '' ? found.map((port) => String(port.port)) : flags.string('port').split(','));
  if (wanted.length === 0 && clusterIp !== 'None') throw new UsageError("couldn't find port via --port flag or introspection");
  if (wanted.length > 0) said.ports = wanted;
  const labels = said.labels ?? (flags.string('labels') === '' ? object.metadata.labels : parseLabelList(flags.string('labels')));
  if (labels !== undefined && Object.keys(labels).length > 0) said.labels = labels;
  const affinity = flags.string('session-affinity');
  if (affinity !== '' && affinity !== 'None' && affinity !== 'ClientIP') throw new UsageError(`unknown session affinity: ${affinity}`);
  const type = flags.string('type');
  const ports = wanted.flatMap((text, i) => servicePorts(text, i, wanted.length, found, flags));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name: flags.string('name') || (object.metadata.name ?? '').slice(0, 63),
      creationTimestamp: null,
      ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels: sortedMap(labels) }),
    },
    spec: {
      ...(ports.length === 0 ? {} : { ports }),
      selector: sortedMap(selector),
      ...(clusterIp === '' ? {} : { clusterIP: clusterIp }),
      ...(type === '' ? {} : { type }),
      ...(flags.string('external-ip') === '' ? {} : { externalIPs: [flags.string('external-ip')] }),
      ...(affinity === '' ? {} : { sessionAffinity: affinity }),
      ...(type === 'LoadBalancer' && flags.string('load-balancer-ip') !== '' ? { loadBalancerIP: flags.string('load-balancer-ip') } : {}),
    },
    status: { loadBalancer: {} },
  } as KubeObject;
}

const sortedMap = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

interface FoundPort {
  readonly port: number;
  readonly protocol: string;
}

function servicePorts(text: string, index: number, count: number, found: readonly FoundPort[], flags: FlagValues): object[] {
  if (!/^[+-]?\d+$/.test(text)) throw new UsageError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const port = Number(text);
  const target = flags.string('target-port');
  const own = [...new Set(found.filter((one) => one.port === port).map((one) => one.protocol))];
  const protocols = flags.string('protocol') !== '' ? [flags.string('protocol')] : own.length > 0 ? own : ['TCP'];
  const name = count > 1 ? `port-${index + 1}` : '';
  return protocols.map((protocol) => {
    const full = protocols.length > 1 ? `${name || `port-${index + 1}`}-${protocol.toLowerCase()}` : name;
    return { ...(full === '' ? {} : { name: full }), protocol, port, targetPort: target === '' ? port : /^[-+]?\d+$/.test(target) ? Number(target) : target };
  });
}

/** MapBasedSelectorForObject. */
function selectorOf(object: KubeObject): Readonly<Record<string, string>> {
  try {
    const selector = at(object as unknown as Json, ['spec', 'selector']) as LabelSelector | Readonly<Record<string, string>> | undefined;
    switch (object.kind) {
      case 'Pod':
        if (Object.keys(object.metadata.labels ?? {}).length === 0) throw new UsageError('the pod has no labels and cannot be exposed');
        return object.metadata.labels ?? {};
      case 'Service':
        if (selector === undefined) throw new UsageError('the service has no pod selector set');
        return selector as Readonly<Record<string, string>>;
      case 'ReplicationController':
        return (selector ?? {}) as Readonly<Record<string, string>>;
      default: {
        const { matchLabels, matchExpressions = [] } = (selector ?? {}) as LabelSelector;
        if (matchExpressions.length > 0)
          throw new UsageError(`couldn't convert expressions - "${JSON.stringify(matchExpressions)}" to map-based selector format`);
        if (matchLabels === undefined || Object.keys(matchLabels).length === 0)
          throw new UsageError(`invalid ${object.kind.toLowerCase()}: no selectors, therefore cannot be exposed`);
        return matchLabels;
      }
    }
  } catch (error) {
    throw new UsageError(`couldn't retrieve selectors via --selector flag or introspection: ${messageOf(error)}`);
  }
}

/** PortsForObject, ProtocolsForObject: of all containers, or of the service. */
function portsOf(object: KubeObject): readonly FoundPort[] {
  if (object.kind === 'Service') {
    const ports = (at(object as unknown as Json, ['spec', 'ports']) ?? []) as unknown as readonly { port: number; protocol?: string }[];
    return ports.map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  }
  const path = podTemplatePath(object);
  const containers = (path === undefined ? [] : (at(object as unknown as Json, [...path, 'spec', 'containers']) ?? [])) as unknown as readonly {
    ports?: readonly { containerPort: number; protocol?: string }[];
  }[];
  return containers.flatMap((container) => (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })));
}
