/** kubectl autoscale (pkg/cmd/autoscale/autoscale.go). */
import { StatusError } from '../../api/errors.js';
import type { KubeObject } from '../../api/object.js';
import { groupVersionOf } from '../../client/rest-mapper.js';
import { type Info, type Request, requestOf, visitAll } from '../builder/index.js';
import { type Command, type Factory, type FlagValues, UsageError } from '../command.js';
import { withTypedConfig } from '../generator.js';
import { objectPrinter } from '../printing.js';
import { RECORD, recorded } from '../record.js';
import * as shared from '../shared-flags.js';

interface Options {
  readonly request: Request;
  readonly flags: FlagValues;
  readonly dryRun: shared.DryRun;
}

const command: Command<Options> = {
  use: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  short: 'Let the size of a workload follow its load',
  long: 'Make an autoscaler that chooses how many pods a deployment, replica set, stateful set or replication controller has, between two bounds.',
  examples: `# Between 2 and 10 pods
kubectl autoscale deployment foo --min=2 --max=10

# Up to 5 pods, at 80% of their CPU
kubectl autoscale rc foo --max=5 --cpu-percent=80`,
  flags: [
    ...shared.PRINT,
    { name: 'cpu-percent', type: 'int32', default: '-1', usage: 'The CPU use to aim at, in percent of what the pods request. Negative: as the server thinks.' },
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-autoscale'),
    ...shared.FILES('Files, directories or URLs that name what to scale.'),
    { name: 'max', type: 'int32', default: '-1', usage: 'The most pods there may be. Needed.', required: true },
    { name: 'min', type: 'int32', default: '-1', usage: 'The fewest pods there may be. Negative: as the server thinks.' },
    { name: 'name', type: 'string', usage: "The autoscaler's name. None: the name of what it scales." },
    RECORD,
    shared.SAVE_CONFIG,
  ],
  complete: async (args, flags, factory) => ({ request: requestOf(flags, args), flags, dryRun: shared.dryRunOf(flags, factory) }),
  validate({ flags }) {
    const [max, min] = [flags.int('max'), flags.int('min')];
    if (max < 1) throw new UsageError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min) throw new UsageError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  },
  async run({ request, flags, dryRun }, factory) {
    // The word depends on the kind of run (autoscale.go): dry runs say "created"
    const print = await objectPrinter(factory, flags, dryRun === 'client' ? 'created' : 'autoscaled', dryRun, true);
    const count = await visitAll(factory, request, async (info) => print(await autoscale(factory, info, flags, dryRun)));
    if (count === 0) throw new UsageError('no objects passed to autoscale');
  },
};
export default command;

async function autoscale(factory: Factory, info: Info, flags: FlagValues, dryRun: shared.DryRun): Promise<KubeObject> {
  const { mapping } = info;
  if (mapping.subresources['scale'] === undefined) {
    const gvr = mapping.group === '' ? `/${mapping.version}` : groupVersionOf(mapping);
    throw new UsageError(
      `cannot autoscale a ${mapping.kind}: could not find scale subresource for ${gvr}, Resource=${mapping.resource} in discovery information`,
    );
  }
  const make = (version: 'v1' | 'v2'): KubeObject => {
    const made = recorded(factory, flags, autoscalerOf(factory, info, flags, version));
    return flags.bool('save-config') && dryRun !== 'client' ? withTypedConfig(made) : made;
  };
  if (dryRun === 'client') return make('v2');
  const create = (version: 'v1' | 'v2'): Promise<KubeObject> => {
    const resource = { group: 'autoscaling', version, resource: 'horizontalpodautoscalers', namespaced: true };
    const query = { fieldManager: flags.string('field-manager'), ...shared.dryRunQuery(dryRun) };
    return factory.client.create<KubeObject>({ resource, namespace: info.namespace }, make(version), query);
  };
  try {
    return await create('v2');
  } catch (error) {
    // Whatever the reason, it is tried once more as v1, and that is what a failure is about.
    if (!(error instanceof StatusError)) throw error;
    return create('v1');
  }
}

function autoscalerOf(factory: Factory, { mapping, name, namespace }: Info, flags: FlagValues, version: 'v1' | 'v2'): KubeObject {
  const [min, max, cpu] = [flags.int('min'), flags.int('max'), flags.int('cpu-percent')];
  const target = { type: 'Utilization', averageUtilization: cpu };
  const cpuTarget = version === 'v1' ? { targetCPUUtilizationPercentage: cpu } : { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: `autoscaling/${version}`,
    metadata: { name: flags.string('name') || name, ...(factory.namespaceGiven ? { namespace } : {}), creationTimestamp: null },
    spec: {
      scaleTargetRef: { kind: mapping.kind, name, apiVersion: groupVersionOf(mapping) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(cpu >= 0 ? cpuTarget : {}),
    },
    status: version === 'v1' ? { currentReplicas: 0, desiredReplicas: 0 } : { desiredReplicas: 0, currentMetrics: null },
  } as KubeObject;
}
