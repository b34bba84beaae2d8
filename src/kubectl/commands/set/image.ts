/** kubectl set image (pkg/cmd/set/set_image.go). */
import type { Json, JsonObject } from '../../../api/object.js';
import { hasFiles } from '../../builder/index.js';
import { type Command, UsageError } from '../../command.js';
import { aggregate } from '../../errors.js';
import { quote } from '../../flags.js';
import { isMap } from '../../manifests.js';
import { resourcesAndPairs } from '../../metadata-changes.js';
import { completeSet, patchEach, type SetOptions, updatePodSpec, withAt } from '../../pod-specs.js';
import { RECORD } from '../../record.js';
import * as shared from '../../shared-flags.js';

interface Options extends SetOptions {
  readonly images: readonly (readonly [string, string])[];
}

const command: Command<Options> = {
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  short: 'Change the image of a pod template',
  long: `Change the images of containers.

Of pods (po), replication controllers (rc), deployments (deploy), daemon sets (ds), stateful sets (sts), cron jobs (cj) and replica sets (rs). The container name * stands for all containers.`,
  examples: `# Two containers of a deployment
kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1

# The nginx container of all deployments and replication controllers
kubectl set image deployments,rc nginx=nginx:1.9.1 --all

# All containers of a daemon set
kubectl set image daemonset abc *=nginx:1.9.1

# Of a file, without asking the server
kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml`,
  flags: [
    shared.ALL('Take all objects of the given types in the namespace'),
    ...shared.PRINT,
    shared.DRY_RUN,
    shared.FIELD_MANAGER('kubectl-set'),
    ...shared.FILES('Files, directories or URLs that name the objects.'),
    shared.LOCAL,
    RECORD,
    shared.SELECTOR,
  ],
  async complete(args, flags, factory) {
    const { resources, pairs } = resourcesAndPairs(args, 'image');
    const invalid = pairs.filter((pair) => !(pair.indexOf('=') > 0));
    if (invalid.length > 0) throw new UsageError(`invalid image format: ${invalid.join(', ')}`);
    const images = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const));
    return { ...(await completeSet(resources, flags, factory)), images: [...images] };
  },
  validate({ request, flags, dryRun, images }) {
    const errors: UsageError[] = [];
    if (request.all === true && request.selector !== '') errors.push(new UsageError('cannot set --all and --selector at the same time'));
    if ((request.args?.length ?? 0) < 1 && !hasFiles(request))
      errors.push(new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>'));
    if (images.length < 1) errors.push(new UsageError('at least one image update is required'));
    else if (images.length > 1 && images.some(([name]) => name === '*')) {
      errors.push(new UsageError('all containers are already specified by *, but saw more than one container_name=container_image pairs'));
    }
    if (flags.bool('local') && dryRun === 'server') errors.push(new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?'));
    const error = aggregate(errors);
    if (error !== undefined) throw error;
  },
  async run(options, factory) {
    const missing: UsageError[] = [];
    let failure: unknown;
    try {
      await patchEach(factory, options, { done: 'image updated', failed: 'failed to patch image update to pod template' }, (object) =>
        updatePodSpec(object, (spec) => {
          let changed = spec;
          for (const [name, image] of options.images) {
            const found = ['initContainers', 'containers'].some((list) => hasContainer(changed[list], name));
            for (const list of ['initContainers', 'containers'])
              if (changed[list] !== undefined) changed = { ...changed, [list]: withImage(changed[list], name, image) };
            if (!found) missing.push(new UsageError(`error: unable to find container named ${quote(name)}`));
          }
          return changed;
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

const named = (container: Json, name: string): container is JsonObject => isMap(container) && (name === '*' || container['name'] === name);
const hasContainer = (list: Json | undefined, name: string): boolean => Array.isArray(list) && list.some((container: Json) => named(container, name));
const withImage = (list: Json | undefined, name: string, image: string): Json =>
  (list as readonly Json[]).map((container) => (named(container, name) ? withAt(container, ['image'], image === '' ? undefined : image) : container));
