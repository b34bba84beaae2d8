/** kubectl api-resources (pkg/cmd/apiresources/apiresources.go). */
import { groupResourceOf, groupVersionOf, type RestMapping } from '../../client/rest-mapper.js';
import { alignTabs, TABLE_TABS } from '../../text/tabwriter.js';
import { type Command, type FlagValues, UsageError } from '../command.js';
import { discovered } from '../undiscovered.js';

interface Options {
  readonly flags: FlagValues;
  readonly group: string | undefined;
  readonly output: string;
}

const command: Command<Options> = {
  use: 'api-resources [flags]',
  short: 'Print the API resources of the server',
  long: 'Print the API resources of the server.',
  examples: `# All of them
kubectl api-resources

# With their verbs
kubectl api-resources -o wide

# By name
kubectl api-resources --sort-by=name

# Those that live in namespaces
kubectl api-resources --namespaced=true

# Those of one group
kubectl api-resources --api-group=rbac.authorization.k8s.io`,
  flags: [
    { name: 'api-group', type: 'string', usage: 'Only resources of this group.' },
    { name: 'cached', type: 'bool', usage: 'Take the cached list if there is one.' },
    { name: 'categories', type: 'stringSlice', usage: 'Only resources of these categories.' },
    { name: 'namespaced', type: 'bool', default: 'true', usage: 'true: only those in namespaces; false: only the others. Without it: all.' },
    { name: 'no-headers', type: 'bool', usage: 'Leave the header out.' },
    { name: 'output', short: 'o', type: 'string', usage: 'Output format. One of: (wide, name).' },
    { name: 'sort-by', type: 'string', usage: "Sort by this field, 'name' or 'kind'." },
    { name: 'verbs', type: 'stringSlice', usage: 'Only resources that have these verbs.' },
  ],
  async complete(args, flags) {
    if (args.length !== 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, 'help');
    return { flags, group: flags.changed('api-group') ? flags.string('api-group') : undefined, output: flags.string('output') };
  },
  validate({ flags, output }) {
    if (!['', 'wide', 'name'].includes(output)) throw new UsageError(`--output ${output} is not available`);
    if (!['', 'name', 'kind'].includes(flags.string('sort-by'))) throw new UsageError('--sort-by accepts only name or kind');
  },
  async run({ flags, group, output }, factory) {
    const seen = new Set<string>();
    const has = (all: readonly string[], wanted: readonly string[]) => wanted.every((one) => all.includes(one));
    const wide = output === 'wide';
    const header = flags.bool('no-headers') || output === 'name' ? '' : `NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? '\tVERBS\tCATEGORIES' : ''}\n`;
    const mapper = await discovered(factory).catch((error: unknown) => {
      factory.streams.out(alignTabs(header, TABLE_TABS));
      throw error;
    });
    const found = mapper.mappings.filter((mapping) => {
      // Only the preferred version of each resource
      const id = groupResourceOf(mapping);
      if (seen.has(id) || mapping.verbs.length === 0) return false;
      seen.add(id);
      if (group !== undefined && mapping.group !== group) return false;
      if (flags.changed('namespaced') && mapping.namespaced !== flags.bool('namespaced')) return false;
      return has(mapping.verbs, flags.strings('verbs')) && has(mapping.categories, flags.strings('categories'));
    });
    const sorted = found.sort(orderBy(flags.string('sort-by')));
    if (output === 'name') {
      factory.streams.out(sorted.map((mapping) => `${groupResourceOf(mapping)}\n`).join(''));
      return;
    }
    const lines = sorted.map(
      (mapping) =>
        `${mapping.resource}\t${mapping.shortNames.join(',')}\t${groupVersionOf(mapping)}\t${mapping.namespaced}\t${mapping.kind}${wide ? `\t${mapping.verbs.join(',')}\t${mapping.categories.join(',')}` : ''}\n`,
    );
    factory.streams.out(alignTabs(header + lines.join(''), TABLE_TABS));
  },
};
export default command;

/** sortableResource.Less: by group, then name, unless told otherwise. */
function orderBy(field: string): (a: RestMapping, b: RestMapping) => number {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  if (field === 'name') return (a, b) => compare(a.resource, b.resource);
  if (field === 'kind') return (a, b) => compare(a.kind, b.kind);
  return (a, b) => compare(a.group, b.group) || compare(a.resource, b.resource);
}
