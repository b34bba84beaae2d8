/** kubectl annotate (pkg/cmd/annotate/annotate.go). */
import { type Command, UsageError } from '../command.js';
import { changeMetadata, completeMetadata, type MetadataOptions, metadataFlags, validateMetadata } from '../metadata-changes.js';
import { objectPrinter } from '../printing.js';

const command: Command<MetadataOptions> = {
  use: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the annotations of a resource',
  long: `Set, change or remove annotations of objects.

An annotation is a key and any text; tools keep what they need to know there. KEY- removes one. An annotation that has a value is only changed with --overwrite.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `# Set an annotation of a pod
kubectl annotate pods foo description='my frontend'

# Of the object a file names
kubectl annotate -f pod.json description='my frontend'

# Change one that is there
kubectl annotate --overwrite pods foo description='my frontend running nginx'

# Of all pods of the namespace
kubectl annotate pods --all description='my frontend running nginx'

# Only if the object has not changed since version 1
kubectl annotate pods foo description='my frontend running nginx' --resource-version=1

# Remove an annotation
kubectl annotate pods foo description-`,
  flags: metadataFlags('annotations', 'kubectl-annotate'),
  complete: async (args, flags, factory) => completeMetadata('annotation', args, flags, factory, parseAnnotations),
  validate(options) {
    validateMetadata('annotation', options, 'rsrc');
    const both = options.remove.filter((key) => Object.hasOwn(options.set, key));
    if (both.length > 0) throw new UsageError(`can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`);
  },
  run: (options, factory) =>
    changeMetadata(options, factory, {
      field: 'annotations',
      clash(old, set) {
        const keys = Object.keys(set).filter((key) => old[key] !== undefined && old[key] !== set[key]);
        if (keys.length === 0) return [];
        const values = keys.map((key) => `'${key}' already has a value (${old[key]})`);
        return [`--overwrite is false but found the following declared annotation(s): ${values.join('; ')}`];
      },
      async printer(factory, flags, dryRun) {
        const print = await objectPrinter(factory, flags, 'annotated', dryRun);
        return ({ stored }) => print(stored);
      },
    }),
};
export default command;

/** cmdutil.ParsePairs. */
function parseAnnotations(pairs: readonly string[]): { set: Record<string, string>; remove: string[] } {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) set[pair.slice(0, equals)] = pair.slice(equals + 1);
    else remove.push(pair.slice(0, -1));
  }
  return { set, remove };
}
