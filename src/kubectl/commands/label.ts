/** kubectl label (pkg/cmd/label/label.go). */
import { labelValueErrors } from '../../api/label-format.js';
import { goJson } from '../../text/go-json-writer.js';
import { type Command, UsageError } from '../command.js';
import { quote } from '../flags.js';
import { changeMetadata, completeMetadata, type MetadataOptions, metadataFlags, validateMetadata } from '../metadata-changes.js';
import { operationPrinter } from '../printing.js';

const command: Command<MetadataOptions> = {
  use: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the labels of a resource',
  long: `Set, change or remove labels of objects.

Keys and values begin with a letter or digit and may hold letters, digits, hyphens, dots and underscores, up to 63 characters; a key may begin with a DNS subdomain and a slash, as in example.com/my-app. KEY- removes a label. A label that has a value is only changed with --overwrite.`,
  examples: `# Set a label of a pod
kubectl label pods foo unhealthy=true

# Change one that is there
kubectl label --overwrite pods foo status=unhealthy

# Of all pods of the namespace
kubectl label pods --all status=unhealthy

# Of the object a file names
kubectl label -f pod.json status=unhealthy

# Only if the object has not changed since version 1
kubectl label pods foo status=unhealthy --resource-version=1

# Remove a label
kubectl label pods foo bar-`,
  flags: metadataFlags('labels', 'kubectl-label'),
  complete: async (args, flags, factory) => completeMetadata('label', args, flags, factory, parseLabels),
  validate: (options) => validateMetadata('label', options, 'pod'),
  run: (options, factory) =>
    changeMetadata(options, factory, {
      field: 'labels',
      clash: (old, set) =>
        Object.keys(set)
          .filter((key) => old[key] !== undefined && old[key] !== set[key])
          .map((key) => `'${key}' already has a value (${old[key]}), and --overwrite is false`),
      // Not as the server has it now, but as it was, with the change.
      async printer(factory, flags, dryRun) {
        const print = await operationPrinter(factory, flags, dryRun);
        return ({ before, changed }) => print(changed, wordOf(before, goJson(changed), flags.bool('overwrite')));
      },
      absent: (key) => `label ${quote(key)} not found.\n`,
    }),
};
export default command;

/** A shorter object means that something went (updateDataChangeMsg). */
const wordOf = (before: string, after: string, overwrite: boolean): string =>
  before === after ? 'not labeled' : !overwrite && after.length < before.length ? 'unlabeled' : 'labeled';

/** label.go: parseLabels. */
function parseLabels(pairs: readonly string[]): { set: Record<string, string>; remove: string[] } {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const pair of pairs) {
    if (!pair.includes('=')) {
      remove.push(pair.slice(0, -1));
      continue;
    }
    const [key = '', value = '', ...more] = pair.split('=');
    if (more.length > 0) throw new UsageError(`invalid label spec: ${pair}`);
    const problems = labelValueErrors(value);
    if (problems.length > 0) throw new UsageError(`invalid label value: ${quote(pair)}: ${problems.join(';')}`);
    set[key] = value;
  }
  if (remove.some((key) => Object.hasOwn(set, key))) throw new UsageError('can not both modify and remove a label in the same command');
  return { set, remove };
}
