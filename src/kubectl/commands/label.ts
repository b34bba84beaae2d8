/** kubectl label (pkg/cmd/label/label.go). */
import { type Command, UsageError } from '../command.js';
import { quote } from '../flags.js';
import { changeMetadata, completeMetadata, type MetadataOptions, metadataFlags, validateMetadata } from '../metadata-changes.js';

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
      clash(old, set) {
        const key = Object.keys(set).find((one) => old[one] !== undefined && old[one] !== set[one]);
        return key === undefined ? undefined : `'${key}' already has a value (${old[key]}), and --overwrite is false`;
      },
      // A shorter object means that something went (updateDataChangeMsg)
      word: (before, after) => (before === after ? 'not labeled' : !options.flags.bool('overwrite') && after.length < before.length ? 'unlabeled' : 'labeled'),
      absent: (key) => `label ${quote(key)} not found.\n`,
    }),
};
export default command;

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const BAD_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

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
    const problems = [...(value.length > 63 ? ['must be no more than 63 characters'] : []), ...(LABEL_VALUE.test(value) ? [] : [BAD_VALUE])];
    if (problems.length > 0) throw new UsageError(`invalid label value: ${quote(pair)}: ${problems.join(';')}`);
    set[key] = value;
  }
  if (remove.some((key) => Object.hasOwn(set, key))) throw new UsageError('can not both modify and remove a label in the same command');
  return { set, remove };
}
