/** kubectl set resources (pkg/cmd/set/set_resources.go). */
import type { Json, JsonObject } from '../../../api/object.js';
import { type Command, UsageError } from '../../command.js';
import { aggregate } from '../../errors.js';
import { isMap } from '../../manifests.js';
import { completeSet, patchEach, type SetOptions, updatePodSpec } from '../../pod-specs.js';
import { RECORD } from '../../record.js';
import * as shared from '../../shared-flags.js';
import { matchesPattern } from '../../wildcard.js';
import { quantities } from '../create/quota.js';

interface Options extends SetOptions {
  readonly limits: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
}

const command: Command<Options> = {
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  short: 'Change requests and limits of objects with pod templates',
  long: `Change how much CPU, memory and so on the containers of pod templates request and may use.

Where there are limits and no requests, the requests become the limits. A zero takes an entry away.

Objects: replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs), pod (po)`,
  examples: `# The nginx container of a deployment
kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi

# All its containers
kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi

# None any more
kubectl set resources deployment nginx --limits=cpu=0,memory=0 --requests=cpu=0,memory=0

# Of a file, without asking the server
kubectl set resources -f path/to/file.yaml --limits=cpu=200m,memory=512Mi --local -o yaml`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    { name: 'containers', short: 'c', type: 'string', default: '*', usage: 'The containers to change, as a pattern' },
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-set'),
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    { name: 'limits', type: 'string', usage: "How much the containers may use, such as 'cpu=100m,memory=256Mi'." },
    shared.LOCAL,
    RECORD,
    { name: 'requests', type: 'string', usage: "How much the containers request, such as 'cpu=100m,memory=256Mi'." },
    shared.SELECTOR,
  ],
  async complete(args, flags, factory) {
    if (flags.bool('local') && shared.dryRunOf(flags, factory) === 'server')
      throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
    const options = await completeSet(args, flags, factory);
    if (flags.bool('all') && flags.string('selector') !== '') throw new UsageError('cannot set --all and --selector at the same time');
    if (flags.string('limits') === '' && flags.string('requests') === '') {
      throw new UsageError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    }
    return { ...options, limits: quantities(flags.string('limits')), requests: quantities(flags.string('requests')) };
  },
  async run(options, factory) {
    const pattern = options.flags.string('containers');
    const missing: unknown[] = [];
    let failure: unknown;
    try {
      await patchEach(
        factory,
        options,
        { done: 'resource requirements updated', failed: (message) => `failed to patch resources update to pod template ${message}` },
        (object) =>
          updatePodSpec(object, (spec) => {
            const lists = ['initContainers', 'containers'].filter((list) => Array.isArray(spec[list]));
            const isMeant = (container: Json) => isMap(container) && matchesPattern(pattern, String(container['name']));
            if (!lists.some((list) => (spec[list] as readonly Json[]).some(isMeant))) {
              missing.push(new UsageError(`unable to find container named ${pattern}`));
              return spec;
            }
            const changed = lists.map((list) => [list, (spec[list] as readonly JsonObject[]).map((one) => (isMeant(one) ? withResources(one, options) : one))]);
            return { ...spec, ...Object.fromEntries(changed) };
          }),
      );
    } catch (error) {
      failure = error;
    }
    const error = aggregate([...missing, ...(failure === undefined ? [] : [failure])]);
    if (error !== undefined) throw error;
  },
};
export default command;

/** A zero stays as it is said, unlike what kubectl's help has it. */
function withResources(container: JsonObject, { limits, requests }: Options): JsonObject {
  const old = isMap(container['resources']) ? container['resources'] : {};
  const merged = (part: string, changes: Readonly<Record<string, string>>): JsonObject =>
    Object.keys(changes).length === 0 ? {} : { [part]: { ...(isMap(old[part]) ? (old[part] as JsonObject) : {}), ...changes } };
  return { ...container, resources: { ...old, ...merged('limits', limits), ...merged('requests', requests) } };
}
